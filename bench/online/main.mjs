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
const USAGE = `npm run bench -- online [--rows 1000000] [--write]

Reads of 1 and of 100 keys from an online store of so many entities, cold and warm, beside Feast with SQLite.`;
const LIMIT_SECONDS = 3600;
const FEAST_STARTS = 5;

/**
 * @typedef {{ readonly what: string, readonly keys: number, readonly took: readonly number[], readonly present: number,
 *   readonly version?: string }} Answer
 * @typedef {{ readonly title: string, readonly lines: readonly (readonly string[])[], readonly answers: Map<string, Answer>,
 *   fault: string | null }} Peer
 */

/**
 * Fills and reads with both and prints a table; answers with the exit code.
 * @param {readonly string[]} args
 */
export async function main(args) {
  const { values } = parseArgs({
    args: [...args],
    options: { rows: { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  const rows = Number(values.rows ?? 1_000_000);
  if (values.help || !(Number.isInteger(rows) && rows > 0)) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const run = { runs: 1, started: new Date(), loadBefore: loadavg()[0] ?? 0 };
  const peers = await prepare(join(root, '.cache', 'bench-online'), rows);
  for (const peer of peers) measure(peer);
  /** @type {Map<string, string>} */
  const versions = new Map();
  for (const { answers } of peers) {
    for (const { version = '' } of answers.values()) {
      const [name = '', number = ''] = version.split(' ');
      if (name !== '') versions.set(name, number);
    }
  }
  const text = report({ rows, machine: describeMachine(versions, run), peers });
  if (values.write) writeFileSync(join(root, 'bench', 'online.md'), text);
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
  const site = await buildPage(HERE, cache);
  const data = join(cache, `data-${rows}`);
  await writeTable(await buildForNode(HERE, cache), data, rows);
  const chromium = [process.execPath, join(HERE, 'chromium.mjs'), site, findOrInstallBrowser(), data];
  const ours = [...chromium, join(cache, 'profile'), String(rows)];
  /** @type {Peer[]} */
  const peers = [{ title: 'Glasshouse in Chromium', lines: [ours], answers: new Map(), fault: null }];
  const python = await pythonEnvironment(join(cache, 'python'), join(HERE, 'requirements.txt'));
  if (python === null) {
    console.error('Feast is left out: its pinned packages could not be installed.');
    return peers;
  }
  const feast = (/** @type {string} */ what, seed = 101) => [
    python,
    join(HERE, 'feast_online.py'),
    what,
    data,
    join(cache, 'feast'),
    String(rows),
    String(seed),
  ];
  const cold = Array.from({ length: FEAST_STARTS }, (_, seed) => feast('cold', seed));
  const lines = [feast('fill'), ...cold, feast('warm')];
  return [...peers, { title: 'Feast with SQLite', lines, answers: new Map(), fault: null }];
}

/**
 * @param {string} script
 * @param {string} data
 * @param {number} rows
 */
async function writeTable(script, data, rows) {
  if (existsSync(join(data, 'ready'))) return;
  mkdirSync(data, { recursive: true });
  /** @type {typeof import('./node-entry.ts')} */
  const { encodeArrow, makeRows } = await import(pathToFileURL(script).href);
  writeFileSync(join(data, 'rows.arrow'), encodeArrow(makeRows(rows)));
  writeFileSync(join(data, 'ready'), '');
}

/**
 * Runs a peer's commands in turn; what they say of the same reads is put together.
 * @param {Peer} peer
 */
function measure(peer) {
  const options = { cwd: root, encoding: /** @type {const} */ ('utf8'), timeout: LIMIT_SECONDS * 1000, maxBuffer: 1e8 };
  for (const [command = '', ...line] of peer.lines) {
    const { status, stdout, stderr } = spawnSync(command, line, options);
    if (status !== 0) {
      peer.fault = stderr.trim().split('\n').at(-1) ?? `it ended with ${status}`;
      console.error(`${peer.title}: ${stderr.trim().slice(-1500)}`);
      return;
    }
    const said = stdout.split('\n').filter((one) => one.startsWith('{'));
    for (const text of said) {
      /** @type {Answer} */
      const answer = JSON.parse(text);
      const name = `${answer.what} ${answer.keys}`;
      const before = peer.answers.get(name);
      const took = [...(before?.took ?? []), ...answer.took];
      peer.answers.set(name, { ...answer, took, present: (before?.present ?? 0) + answer.present });
      console.error(`${peer.title}: ${name}, ${took.length} of about ${(took.at(-1) ?? 0).toFixed(2)} ms`);
    }
  }
}
