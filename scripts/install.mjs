import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs from the lockfile when node_modules is missing or older. Output goes to standard error. */
export function ensureInstalled() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error('Installing from package-lock.json …');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
}

/** Runs a command, its output on standard error; ends this process when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32', ...options });
  if (result.status !== 0) {
    console.error(`${command} ${args.join(' ')} failed.`);
    process.exit(result.status ?? 1);
  }
}

/** Runs a package's command from node_modules/.bin. */
export function runTool(name, args, options) {
  run(join(root, 'node_modules', '.bin', name), args, options);
}

/** Whether `output` is missing or older than anything it is made from. */
export function isStale(output, inputs) {
  if (!existsSync(join(root, output))) return true;
  const made = statSync(join(root, output)).mtimeMs;
  return inputs.some((input) => newest(join(root, input)) > made);
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** What the site and the command are built from. */
export const SOURCES = ['src', 'workers', 'static', 'config.yaml', 'index.html', 'vite.config.ts', 'vite.cli.config.ts', 'svelte.config.js', 'package-lock.json'];

export function buildSite() {
  if (isStale('dist/index.html', SOURCES)) runTool('vite', ['build', '--logLevel', 'warn']);
}

export function buildCommand() {
  if (isStale('.cache/cli/main.js', SOURCES)) runTool('vite', ['build', '-c', 'vite.cli.config.ts', '--logLevel', 'warn']);
}
