import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { findOrInstallBrowser } from '../../scripts/browser.mjs';
import { pythonEnvironment } from '../../scripts/python.mjs';
import { buildPage } from '../build.mjs';
import { buildForNode } from './build.mjs';

const HERE = import.meta.dirname;
const NPM_MOST_ROWS = 100_000;
const PAGE_MOST_ROWS = 4_000_000;
const OTHERS_LIMIT_SECONDS = 1800;

/**
 * One cell of the tables.
 * @typedef {{ readonly rows: number, readonly depth: number, readonly threads: number }} Cell
 */

/**
 * A peer that can be run: its command line, to which the order is added.
 * @typedef {{ readonly name: import('./options.mjs').PeerName, readonly title: string, readonly line: readonly string[],
 *   readonly limit: number, readonly memory: boolean, readonly ours: boolean,
 *   readonly whyNot: (cell: Cell) => string | null }} Peer
 */

/**
 * Makes ready what was asked for; peers that cannot be had are said in sentences.
 * @param {import('./options.mjs').Options} options
 * @param {string} cache
 * @returns {Promise<{ readonly peers: readonly Peer[], readonly leftOut: readonly string[] }>}
 */
export async function preparePeers(options, cache) {
  const asked = (/** @type {readonly string[]} */ ...names) => options.peers.filter((name) => names.includes(name));
  /** @type {Peer[]} */
  const peers = [];
  const leftOut = [];
  for (const name of asked('node', 'chromium')) {
    const peer = await ours(name, cache);
    if (typeof peer === 'string') leftOut.push(peer);
    else peers.push(peer);
  }
  const native = asked('xgboost', 'lightgbm', 'sklearn');
  const python = native.length > 0 ? await pythonOf(cache) : null;
  if (python !== null) peers.push(...native.map((name) => nativePeer(name, python)));
  else if (native.length > 0) {
    leftOut.push(`Without a Python that installs bench/training/requirements.txt ${native.join(', ')} are left out.`);
  }
  const npm = asked('ydf', 'ml-xgboost');
  const folder = npm.length > 0 ? npmFolder(cache) : null;
  if (folder !== null) peers.push(...npm.map((name) => npmPeer(name, folder, options.limit)));
  else if (npm.length > 0) leftOut.push(`${npm.join(', ')} could not be installed and are left out.`);
  return { peers, leftOut };
}

/**
 * @param {import('./options.mjs').PeerName} name
 * @param {string} cache
 * @returns {Promise<Peer | string>} a sentence when there is no browser
 */
async function ours(name, cache) {
  const common = { name, limit: OTHERS_LIMIT_SECONDS, memory: true, ours: true, whyNot: () => null };
  if (name === 'node') {
    const line = [process.execPath, join(HERE, 'node.mjs'), await buildForNode(cache)];
    return { ...common, title: 'Glasshouse in Node', line };
  }
  const browser = browserOrReason();
  if (browser instanceof Error) return `${browser.message} Glasshouse in Chromium is left out.`;
  const line = [process.execPath, join(HERE, 'chromium.mjs'), await buildPage(HERE, cache), browser];
  const whyNot = (/** @type {Cell} */ { rows }) => (rows > PAGE_MOST_ROWS ? 'not run above 4M rows' : null);
  return { ...common, title: 'Glasshouse in Chromium', line, whyNot };
}

function browserOrReason() {
  try {
    return findOrInstallBrowser();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * The pins name every package, so that nothing for graphics cards comes with XGBoost.
 * @param {string} cache
 */
function pythonOf(cache) {
  return pythonEnvironment(join(cache, 'python'), join(HERE, 'requirements.txt'), ['--no-deps']);
}

/**
 * @param {import('./options.mjs').PeerName} name
 * @param {string} python
 * @returns {Peer}
 */
function nativePeer(name, python) {
  const titles = { xgboost: 'XGBoost hist', lightgbm: 'LightGBM', sklearn: 'scikit-learn HistGradientBoosting' };
  return {
    name,
    title: Object.entries(titles).find(([key]) => key === name)?.[1] ?? name,
    line: [python, join(HERE, 'native.py'), name],
    limit: OTHERS_LIMIT_SECONDS,
    memory: name === 'xgboost',
    ours: false,
    whyNot: () => null,
  };
}

/**
 * The packages in a folder of their own, from their lockfile and without install scripts; null when that fails.
 * @param {string} cache
 * @returns {string | null}
 */
function npmFolder(cache) {
  const files = ['package.json', 'package-lock.json'];
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(HERE, 'npm-peers', file)));
  const folder = join(cache, `npm-${hash.digest('hex').slice(0, 12)}`);
  const ready = join(folder, 'ready');
  if (existsSync(ready)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of files) copyFileSync(join(HERE, 'npm-peers', file), join(folder, file));
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) return null;
  writeFileSync(ready, '');
  return folder;
}

/**
 * @param {import('./options.mjs').PeerName} name
 * @param {string} folder
 * @param {number} limit
 * @returns {Peer}
 */
function npmPeer(name, folder, limit) {
  const packageName = name === 'ydf' ? 'ydf-training' : name;
  return {
    name,
    title: `${packageName} (npm)`,
    line: [process.execPath, join(HERE, 'npm-peer.mjs'), folder, packageName],
    limit,
    memory: false,
    ours: false,
    whyNot: ({ rows, depth, threads }) => {
      if (rows > NPM_MOST_ROWS) return 'not run above 100k rows';
      if (threads > 1) return 'has one thread only';
      return name === 'ydf' && depth !== 6 ? 'its depth is 6 and cannot be chosen' : null;
    },
  };
}
