import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

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

/** The browser that is there: GLASSHOUSE_BROWSER, Playwright's own, or a system one; undefined when there is none. */
export function installedBrowser() {
  const named = process.env.GLASSHOUSE_BROWSER;
  if (named) return named;
  return playwrightBrowser() ?? systemBrowser();
}

/** As installedBrowser, but installs one when there is none: by Playwright, then by the system's package manager. */
export function findOrInstallBrowser() {
  const found = installedBrowser();
  if (found) return found;
  console.error('No browser found; installing one.');
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit', shell: process.platform === 'win32' });
  const own = playwrightBrowser();
  if (own) return own;
  if (process.platform === 'linux') installWithApt();
  const installed = systemBrowser();
  if (!installed) throw new Error('No browser could be installed. Install Chrome or Chromium, or set GLASSHOUSE_BROWSER to its path.');
  return installed;
}

function playwrightBrowser() {
  try {
    const { chromium } = createRequire(import.meta.url)('playwright');
    const path = chromium.executablePath();
    return path && existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function systemBrowser() {
  for (const name of SYSTEM_NAMES) {
    try {
      const path = execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
      if (path) return path;
    } catch {
      // Not this one.
    }
  }
  return SYSTEM_PATHS.find((path) => existsSync(path));
}

function installWithApt() {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  for (const args of [['apt-get', 'update'], ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium']]) {
    const [command, ...rest] = [...sudo, ...args];
    spawnSync(command, rest, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  }
}
