import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
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
const FORMATS = /** @type {const} */ (['csv', 'parquet']);
const USAGE = `npm run bench -- ingest [--rows 1000000] [--runs 3] [--write]

A CSV and a Parquet file of ten columns into the offline store in Chromium, beside DuckDB and pandas.`;
const LIMIT_SECONDS = 600;

/**
 * @typedef {{ readonly seconds: number, readonly read?: number, readonly memory: number | null, readonly rows: number,
 *   readonly sum: number, readonly version: string }} Read
 * @typedef {{ readonly title: string, readonly format: string, readonly line: readonly string[], readonly reads: Read[],
 *   fault: string | null }} Peer
 */

/**
 * Reads with every peer in turn and prints a table; answers with the exit code.
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
  const peers = await prepare(join(root, '.cache', 'bench-ingest'), rows);
  for (let i = 1; i <= runs; i++) for (const peer of peers) once(peer, `run ${i} of ${runs}`);
  /** @type {Map<string, string>} */
  const versions = new Map();
  for (const { version } of peers.flatMap(({ reads }) => reads)) {
    const [name = '', number = ''] = version.split(' ');
    versions.set(name, number);
  }
  const text = report({ rows, machine: describeMachine(versions, run), peers });
  if (values.write) writeFileSync(join(root, 'bench', 'ingest.md'), text);
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
  await writeFiles(script, data, rows);
  const browser = findOrInstallBrowser();
  const python = await pythonEnvironment(join(cache, 'python'), join(HERE, 'requirements.txt'));
  if (python === null) console.error('DuckDB and pandas are left out: their pinned packages could not be installed.');
  /** @type {Peer[]} */
  const peers = [];
  for (const format of FORMATS) {
    const add = (/** @type {string} */ title, /** @type {readonly string[]} */ line) =>
      peers.push({ title, format, line, reads: [], fault: null });
    add('Glasshouse in Chromium', [process.execPath, join(HERE, 'chromium.mjs'), site, browser, data, format]);
    if (python === null) continue;
    for (const engine of ['duckdb', 'pandas']) {
      const file = join(data, `rows.${format}`);
      const title = engine === 'duckdb' ? 'DuckDB, native' : 'pandas';
      add(title, [python, join(HERE, 'peer.py'), engine, format, file, join(cache, engine)]);
    }
  }
  return peers;
}

/**
 * @param {string} script
 * @param {string} data
 * @param {number} rows
 */
async function writeFiles(script, data, rows) {
  if (existsSync(join(data, 'ready'))) return;
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  /** @type {typeof import('./node-entry.ts')} */
  const { csvPieces, makeRows, writeParquet } = await import(pathToFileURL(script).href);
  const table = makeRows(rows);
  for (const piece of csvPieces(table)) appendFileSync(join(data, 'rows.csv'), piece);
  writeFileSync(join(data, 'rows.parquet'), writeParquet(table));
  writeFileSync(join(data, 'ready'), '');
}

/**
 * One fresh process.
 * @param {Peer} peer
 * @param {string} what
 */
function once(peer, what) {
  const [command = '', ...line] = peer.line;
  const options = { cwd: root, encoding: /** @type {const} */ ('utf8'), timeout: LIMIT_SECONDS * 1000, maxBuffer: 1e8 };
  const { status, stdout, stderr } = spawnSync(command, line, options);
  const said = stdout
    .trim()
    .split('\n')
    .find((one) => one.startsWith('{'));
  if (status !== 0 || said === undefined) {
    peer.fault = stderr.trim().split('\n').at(-1) ?? `it ended with ${status}`;
    console.error(`${what}: ${peer.title}, ${peer.format} ${peer.fault}`);
    return;
  }
  /** @type {Read} */
  const read = JSON.parse(said);
  peer.reads.push(read);
  console.error(`${what}: ${peer.title}, ${peer.format} ${read.seconds.toFixed(2)} s`);
}
