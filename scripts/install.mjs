import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the site and the command are built from. */
const SOURCES = [
  'src',
  'workers',
  'static',
  'config.yaml',
  'index.html',
  'vite.config.ts',
  'vite.cli.config.ts',
  'svelte.config.js',
  'package-lock.json',
];

/** Installs from the lockfile when node_modules is missing or older. Output goes to standard error. */
export function ensureInstalled() {
  if (!isStale('node_modules/.package-lock.json', ['package-lock.json'])) return;
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error(
      'node_modules is a link to another folder, which installing would empty. Remove the link and try again.',
    );
    process.exit(2);
  }
  console.error('Installing from package-lock.json …');
  // No dependency has an install script that is needed; without them nothing is fetched but packages.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
}

/**
 * Runs a command in the checkout, its output on standard error; ends this process when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 */
function run(command, args) {
  const shell = process.platform === 'win32' && command === 'npm';
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')} failed.`);
  process.exit(status ?? 1);
}

/** Packages whose command has another name. */
const PACKAGE_OF = new Map([
  ['tsc', 'typescript'],
  ['depcruise', 'dependency-cruiser'],
  ['playwright', '@playwright/test'],
]);

/**
 * The script behind a package's command, to be run with Node: the same on every system.
 * @param {string} name
 * @param {string} folder where node_modules lies
 * @returns {string}
 */
export function toolPath(name, folder = root) {
  const home = join(folder, 'node_modules', PACKAGE_OF.get(name) ?? name);
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return join(home, typeof bin === 'string' ? bin : bin[name]);
}

/** Builds the site into dist/ when it is missing or older than its sources. */
export function buildSite() {
  if (isStale('dist/index.html', SOURCES)) run(process.execPath, [toolPath('vite'), 'build', '--logLevel', 'warn']);
}

/** Builds the command into .cache/cli/ when it is missing or older than its sources, in one step for other processes. */
export function buildCommand() {
  if (!isStale('.cache/cli/main.js', SOURCES)) return;
  const making = join('.cache', `cli-${process.pid}`);
  run(process.execPath, [
    toolPath('vite'),
    'build',
    '-c',
    'vite.cli.config.ts',
    '--outDir',
    making,
    '--logLevel',
    'warn',
  ]);
  mkdirSync(join(root, '.cache', 'cli'), { recursive: true });
  renameSync(join(root, making, 'main.js'), join(root, '.cache', 'cli', 'main.js'));
  rmSync(join(root, making), { recursive: true });
}

/**
 * Whether `output` is missing or older than anything it is made from; paths are relative to the checkout.
 * @param {string} output
 * @param {readonly string[]} inputs
 */
function isStale(output, inputs) {
  if (!existsSync(join(root, output))) return true;
  const made = statSync(join(root, output)).mtimeMs;
  return inputs.some((input) => newest(join(root, input)) > made);
}

/**
 * Newest change under a path, milliseconds. Folders count as well, so that a deleted file is a change; tests do not.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  if (!existsSync(path) || path.endsWith('.test.ts')) return 0;
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(facts.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
