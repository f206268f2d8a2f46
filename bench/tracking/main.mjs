import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findOrInstallBrowser } from '../../scripts/browser.mjs';
import { root } from '../../scripts/install.mjs';
import { pythonEnvironment } from '../../scripts/python.mjs';
import { describeMachine } from '../training/machine.mjs';
import { report } from './report.mjs';

const HERE = import.meta.dirname;
const USAGE = `npm run bench -- tracking [--runs 10000] [--open 12000] [--write]

Search, logging and the runs page's data over so many runs in Chromium, beside MLflow with its SQLite store.`;
const LIMIT_SECONDS = 3600;

/**
 * @typedef {{ readonly what: string, readonly took: readonly number[], readonly count: number, readonly version?: string }} Answer
 * @typedef {{ readonly title: string, readonly lines: readonly (readonly string[])[], readonly answers: Map<string, Answer>,
 *   fault: string | null }} Peer
 */

/**
 * Asks both the same questions and prints a table; answers with the exit code.
 * @param {readonly string[]} args
 */
export async function main(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string' },
      open: { type: 'string' },
      write: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const [runs, open] = [Number(values.runs ?? 10_000), Number(values.open ?? 12_000)];
  if (values.help || ![runs, open].every((one) => Number.isInteger(one) && one > 0)) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const run = { runs: 1, started: new Date(), loadBefore: loadavg()[0] ?? 0 };
  const peers = await prepare(join(root, '.cache', 'bench-tracking'), String(runs), String(open));
  for (const peer of peers) measure(peer);
  /** @type {Map<string, string>} */
  const versions = new Map();
  for (const { answers } of peers) {
    for (const { version = '' } of answers.values()) {
      const [name = '', number = ''] = version.split(' ');
      if (name !== '') versions.set(name, number);
    }
  }
  const text = report({ runs, open, machine: describeMachine(versions, run), peers });
  if (values.write) writeFileSync(join(root, 'bench', 'tracking.md'), text);
  console.log(text);
  return peers.some(({ fault }) => fault !== null) ? 1 : 0;
}

/**
 * @param {string} cache
 * @param {string} runs
 * @param {string} open
 * @returns {Promise<Peer[]>}
 */
async function prepare(cache, runs, open) {
  const { buildPage } = await import('../build.mjs');
  const site = await buildPage(HERE, cache);
  const script = join(HERE, 'chromium.mjs');
  const chromium = [process.execPath, script, site, findOrInstallBrowser(), join(cache, 'profile')];
  const lines = [
    [...chromium, 'search', runs],
    [...chromium, 'open', open],
  ];
  /** @type {Peer[]} */
  const peers = [{ title: 'Glasshouse in Chromium', lines, answers: new Map(), fault: null }];
  const python = await pythonEnvironment(join(cache, 'python'), join(HERE, 'requirements.txt'));
  if (python === null) {
    console.error('MLflow is left out: its pinned packages could not be installed.');
    return peers;
  }
  const store = [python, join(HERE, 'mlflow_store.py'), join(cache, 'mlflow'), join(HERE, 'questions.json')];
  const theirs = [
    [...store, 'search', runs],
    [...store, 'open', open],
  ];
  return [...peers, { title: 'MLflow with SQLite', lines: theirs, answers: new Map(), fault: null }];
}

/**
 * Runs a peer's commands in turn and keeps what they say.
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
    for (const text of stdout.split('\n').filter((one) => one.startsWith('{'))) {
      /** @type {Answer} */
      const answer = JSON.parse(text);
      peer.answers.set(answer.what, answer);
      console.error(
        `${peer.title}: ${answer.what}, ${answer.took.length} of about ${(answer.took.at(-1) ?? 0).toFixed(2)} ms`,
      );
    }
  }
}
