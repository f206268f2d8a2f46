import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { root, toolPath } from './install.mjs';

/** Flags for a Chromium under test: no sandbox as root, no network of its own, WebGPU on the software adapter. */
export const browserArguments = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

const SYSTEM_NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser'];
const SYSTEM_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const DOWNLOAD_TIMEOUT_MS = 300_000;

/** The places a browser is looked for in; each answers with a path or undefined. */
const places = {
  own: playwrightBrowser,
  system: systemBrowser,
  download: installWithPlaywright,
  packages: installWithApt,
};

/** The browser that is there: GLASSHOUSE_BROWSER, Playwright's own, or a system one; undefined when there is none. */
export function installedBrowser() {
  return process.env.GLASSHOUSE_BROWSER || (places.own() ?? places.system());
}

/**
 * As installedBrowser, but installs one when there is none: by Playwright, then by the system's package manager.
 * @param {Readonly<Record<'own' | 'system' | 'download' | 'packages', () => string | undefined>>} from
 * @returns {string}
 */
export function findOrInstallBrowser(from = places) {
  const named = process.env.GLASSHOUSE_BROWSER;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`GLASSHOUSE_BROWSER names ${named}, which does not exist.`);
  }
  const found = from.own() ?? from.system() ?? from.download() ?? from.packages();
  if (found) return found;
  throw new Error('No browser could be installed. Install Chrome or Chromium, or set GLASSHOUSE_BROWSER to its path.');
}

/** @returns {string | undefined} */
function playwrightBrowser() {
  try {
    const { chromium } = createRequire(import.meta.url)('playwright');
    const path = chromium.executablePath();
    return path && starts(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a browser is there and its libraries are too.
 * @param {string} path
 */
function starts(path) {
  return existsSync(path) && spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

/** @returns {string | undefined} */
function systemBrowser() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...SYSTEM_PATHS].find((path) => existsSync(path));
}

/** @returns {string | undefined} */
function installWithPlaywright() {
  console.error('No browser found; trying playwright install chromium …');
  spawnSync(process.execPath, [toolPath('playwright'), 'install', 'chromium'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    timeout: DOWNLOAD_TIMEOUT_MS,
  });
  return playwrightBrowser();
}

/** @returns {string | undefined} */
function installWithApt() {
  if (process.platform !== 'linux') return undefined;
  console.error('Trying apt-get install chromium …');
  aptGet('update');
  aptGet('install', '-y', '--no-install-recommends', 'chromium');
  return systemBrowser();
}

/**
 * Runs apt-get as root, or with sudo where that asks for no password.
 * @param {readonly string[]} args
 */
export function aptGet(...args) {
  const command = process.getuid?.() === 0 ? ['apt-get', ...args] : ['sudo', '-n', 'apt-get', ...args];
  spawnSync(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
