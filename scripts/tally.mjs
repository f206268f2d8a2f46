import { spawn } from 'node:child_process';
import { root } from './install.mjs';

/** Runs a command, shows its output and keeps it. */
export function watched(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (stream) => (chunk) => {
      output += chunk;
      stream.write(chunk);
    };
    child.stdout.on('data', keep(process.stdout));
    child.stderr.on('data', keep(process.stderr));
    child.on('close', (status) => resolve({ status: status ?? 1, output }));
  });
}

/** The sum of every part: a part that failed without naming a failed test counts as one. */
export function sum(parts) {
  const passed = parts.reduce((total, part) => total + part.passed, 0);
  const failed = parts.reduce((total, part) => total + (part.status !== 0 && part.failed === 0 ? 1 : part.failed), 0);
  return { passed, failed };
}

/** Prints the plain closing line and sets the exit code. */
export function close(parts) {
  const { passed, failed } = sum(parts);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
