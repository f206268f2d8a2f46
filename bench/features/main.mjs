import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { findOrInstallBrowser } from '../../scripts/browser.mjs';
import { root } from '../../scripts/install.mjs';
import { pythonEnvironment } from '../../scripts/python.mjs';
import { describeMachine } from '../training/machine.mjs';
import { report } from './report.mjs';

const HERE = import.meta.dirname;
const USAGE = `npm run bench -- features [--rows 1000000] [--runs 3] [--write]

Point-in-time joins of entity rows with three views of as many rows, beside Feast's two local engines.`;
const LIMIT_SECONDS = 900;

/**
 * @typedef {{ readonly mode: string, readonly seconds: number, readonly version: string, readonly rows?: number,
 *   readonly answers: Readonly<Record<string, readonly [number, number]>> }} Joined
 * @typedef {{ readonly title: string, readonly line: readonly string[], readonly joined: Map<string, Joined[]>,
 *   fault: string | null }} Peer
 */

/**
 * Joins with every peer in turn and prints a table; answers with the exit code.
 * @param {readonly string[]} args
 */
export async function main(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string' },
      runs: { type: 'string' },
      write: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const rows = Number(values.rows ?? 1_000_000);
  const runs = Number(values.runs ?? 3);
  if (values.help || !(Number.isInteger(rows) && rows > 0 && Number.isInteger(runs) && runs > 0)) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const run = { runs, started: new Date(), loadBefore: loadavg()[0] ?? 0 };
  const cache = join(root, '.cache', 'bench-features');
  const peers = await prepare(cache, rows);
  for (let i = 1; i <= runs; i++) for (const peer of peers) once(peer, `run ${i} of ${runs}`);
  /** @type {Map<string, string>} */
  const versions = new Map();
  for (const { joined } of peers) {
    for (const { version } of [...joined.values()].flat()) {
      const [name = '', number = ''] = version.split(' ');
      if (name !== 'Node') versions.set(name, number);
    }
  }
  const text = report({ rows, machine: describeMachine(versions, run), peers });
  if (values.write) writeFileSync(join(root, 'bench', 'features.md'), text);
  console.log(text);
  return peers.some(({ fault }) => fault !== null) ? 1 : 0;
}

/**
 * @param {string} cache
 * @param {number} rows
 * @returns {Promise<Peer[]>}
 */
async function prepare(cache, rows) {
  const { buildForNode, buildPage } = await import('../build.mjs');
  const script = await buildForNode(HERE, cache);
  const site = await buildPage(HERE, cache);
  const data = join(cache, `data-${rows}`);
  await writeTables(script, data, rows);
  const browser = findOrInstallBrowser();
  const peer = (/** @type {string} */ title, /** @type {readonly string[]} */ line) => ({
    title,
    line,
    joined: new Map(),
    fault: null,
  });
  const peers = [
    peer('Glasshouse in Chromium', [process.execPath, join(HERE, 'chromium.mjs'), site, browser, data]),
    peer('Glasshouse in Node', [process.execPath, join(HERE, 'node.mjs'), script, data]),
  ];
  const python = await pythonEnvironment(join(cache, 'python'), join(HERE, 'requirements.txt'));
  if (python === null) {
    console.error('Feast is left out: its pinned packages could not be installed.');
    return peers;
  }
  const feast = (/** @type {string} */ engine) => [
    python,
    join(HERE, 'feast_join.py'),
    engine,
    data,
    join(cache, engine),
  ];
  return [...peers, peer('Feast, DuckDB engine', feast('duckdb')), peer('Feast, default engine (dask)', feast('dask'))];
}

/**
 * @param {string} script
 * @param {string} data
 * @param {number} rows
 */
async function writeTables(script, data, rows) {
  if (existsSync(join(data, 'ready'))) return;
  mkdirSync(data, { recursive: true });
  /** @type {typeof import('./node-entry.ts')} */
  const { encodeArrow, makeTables } = await import(pathToFileURL(script).href);
  for (const [name, table] of makeTables(rows)) writeFileSync(join(data, `${name}.arrow`), encodeArrow(table));
  writeFileSync(join(data, 'ready'), '');
}

/**
 * One fresh process, which joins in both modes.
 * @param {Peer} peer
 * @param {string} what
 */
function once(peer, what) {
  const [command = '', ...line] = peer.line;
  const options = { cwd: root, encoding: /** @type {const} */ ('utf8'), timeout: LIMIT_SECONDS * 1000, maxBuffer: 1e8 };
  const { status, stdout, stderr } = spawnSync(command, line, options);
  if (status !== 0) {
    peer.fault = stderr.trim().split('\n').at(-1) ?? `it ended with ${status}`;
    console.error(`${what}: ${peer.title} ${peer.fault}`);
    return;
  }
  for (const text of stdout
    .trim()
    .split('\n')
    .filter((one) => one.startsWith('{'))) {
    /** @type {Joined} */
    const joined = JSON.parse(text);
    const before = peer.joined.get(joined.mode) ?? [];
    peer.joined.set(joined.mode, [...before, joined]);
    console.error(`${what}: ${peer.title}, ${joined.mode} ${joined.seconds.toFixed(2)} s`);
  }
}
