import { spawn } from 'node:child_process';
import { root } from './install.mjs';

/**
 * What one part of a run came to.
 * @typedef {{ readonly status: number, readonly passed: number, readonly failed: number }} Part
 */

/**
 * Runs a Node script or another command in the checkout; shows its output unless told to be quiet, and keeps it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly quiet?: boolean, readonly env?: Readonly<Record<string, string>> }} [options]
 * @returns {Promise<{ readonly status: number, readonly output: string }>}
 */
export function watched(command, args, { quiet = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {Buffer[]} */
    const kept = [];
    const finish = (/** @type {number} */ status) => resolve({ status, output: Buffer.concat(kept).toString('utf8') });
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
      kept.push(chunk);
      if (!quiet) process.stdout.write(chunk);
    });
    child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
      kept.push(chunk);
      if (!quiet) process.stderr.write(chunk);
    });
    child.on('error', (error) => {
      kept.push(Buffer.from(`${command}: ${error.message}\n`));
      finish(1);
    });
    child.on('close', (status) => finish(status ?? 1));
  });
}

/**
 * The sum of every part: a part that failed without naming a failed test counts as one.
 * @param {readonly Part[]} parts
 */
export function sum(parts) {
  const passed = parts.reduce((total, part) => total + part.passed, 0);
  const failed = parts.reduce((total, part) => total + (part.status !== 0 ? Math.max(1, part.failed) : part.failed), 0);
  return { passed, failed };
}

/**
 * Prints the plain closing line and sets the exit code; nothing passed is a failure too.
 * @param {readonly Part[]} parts
 */
export function close(parts) {
  const { passed, failed } = sum(parts);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
