import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptGet } from './browser.mjs';
import { root } from './install.mjs';
import { watched } from './tally.mjs';

const WINDOWS = process.platform === 'win32';

/**
 * The Python of a virtual environment with exactly the packages pinned in a file, kept between runs; null when it cannot
 * be made.
 * @param {string} home beginning of the environment's folder; a hash of the pins follows
 * @param {string} requirements
 * @param {readonly string[]} [flags] more flags for pip
 * @returns {Promise<string | null>}
 */
export async function pythonEnvironment(home, requirements, flags = []) {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = `${home}-${hash}`;
  const python = WINDOWS ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const ready = join(folder, 'ready');
  if (existsSync(ready)) return python;
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
  if (!makeEnvironment(folder)) return null;
  const { status, output } = await watched(python, [...install, ...flags, '-r', requirements], { quiet: true });
  if (output !== '') console.error(output.trimEnd());
  if (status !== 0) return null;
  writeFileSync(ready, '');
  return python;
}

/**
 * Makes an empty virtual environment; on Debian that may need a package first.
 * @param {string} folder
 */
function makeEnvironment(folder) {
  const attempt = () => {
    rmSync(folder, { recursive: true, force: true });
    return succeeds(WINDOWS ? 'python' : 'python3', ['-m', 'venv', folder]);
  };
  if (attempt()) return true;
  if (process.platform !== 'linux') return false;
  aptGet('update');
  aptGet('install', '-y', '--no-install-recommends', 'python3', 'python3-venv');
  return attempt();
}

/**
 * @param {string} command
 * @param {readonly string[]} line
 */
function succeeds(command, line) {
  return spawnSync(command, line, { cwd: root, stdio: ['ignore', 2, 2] }).status === 0;
}
