import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/install.mjs';
import { pythonEnvironment } from '../../scripts/python.mjs';
import { describeMachine } from '../training/machine.mjs';
import { report } from './report.mjs';

const HERE = import.meta.dirname;
const USAGE = `npm run bench -- tuning [--rows 10000] [--trials 50] [--runs 10] [--seeds 100] [--write]

Searches of trees' parameters by TPE beside Hyperopt with XGBoost, a seed a run; and Hyperopt's pass marks over seeds.`;
const LIMIT_SECONDS = 7200;

/**
 * @typedef {{ readonly seconds: number, readonly loss: number }} Search
 * @typedef {{ readonly domain: string, readonly mark: number, readonly ours: number, readonly random: number,
 *   readonly theirs: number | null, readonly seeds: number }} Mark
 */

/**
 * @param {readonly string[]} args
 */
export async function main(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string' },
      trials: { type: 'string' },
      runs: { type: 'string' },
      seeds: { type: 'string' },
      write: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const number = (/** @type {string | undefined} */ text, /** @type {number} */ or) => Number(text ?? or);
  const [rows, trials] = [number(values.rows, 10_000), number(values.trials, 50)];
  const [runs, seeds] = [number(values.runs, 10), number(values.seeds, 100)];
  if (values.help || ![rows, trials, runs, seeds].every((value) => Number.isInteger(value) && value > 0)) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const run = { runs, started: new Date(), loadBefore: loadavg()[0] ?? 0 };
  const cache = join(root, '.cache', 'bench-tuning');
  const { buildForNode } = await import('../build.mjs');
  const script = await buildForNode(HERE, cache);
  const data = await writeData(script, join(cache, `data-${rows}`), rows);
  const python = await pythonEnvironment(join(cache, 'python'), join(HERE, 'requirements.txt'), ['--no-deps']);
  if (python === null) console.error('Hyperopt is left out: its pinned packages could not be installed.');
  const threads = availableParallelism();
  /** @type {Search[]} */
  const ours = [];
  /** @type {(Search & { readonly version: string })[]} */
  const theirs = [];
  for (let seed = 1; seed <= runs; seed++) {
    const table = [data.table, data.fold, String(seed), String(trials)];
    ours.push(answer([process.execPath, join(HERE, 'run.mjs'), script, 'search', ...table]));
    if (python) theirs.push(answer([python, join(HERE, 'hyperopt_trials.py'), ...table, String(threads)]));
    console.error(`seed ${seed}: ${ours.at(-1)?.seconds.toFixed(2)} s against ${theirs.at(-1)?.seconds.toFixed(2)} s`);
  }
  const marks = marksOf(script, python, seeds);
  /** @type {Map<string, string>} */
  const versions = new Map();
  for (const one of theirs[0]?.version.split(', ') ?? []) {
    const [name = '', text = ''] = one.split(' ');
    versions.set(name, text);
  }
  const text = report({ rows, trials, threads, ours, theirs, marks, machine: describeMachine(versions, run) });
  if (values.write) writeFileSync(join(root, 'bench', 'tuning.md'), text);
  console.log(text);
  return 0;
}

/**
 * @param {string} script
 * @param {string} folder
 * @param {number} rows
 */
async function writeData(script, folder, rows) {
  const [table, fold] = [join(folder, 'table.csv'), join(folder, 'fold.json')];
  if (!existsSync(fold)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    /** @type {typeof import('./node-entry.ts')} */
    const { makeCsv, makeFold, readCsv } = await import(pathToFileURL(script).href);
    writeFileSync(table, makeCsv(rows));
    writeFileSync(fold, JSON.stringify(makeFold(readCsv(table).labels)));
  }
  return { table, fold };
}

/**
 * @param {string} script
 * @param {string | null} python
 * @param {number} seeds
 * @returns {readonly Mark[]}
 */
function marksOf(script, python, seeds) {
  console.error(`pass marks over ${seeds} seeds`);
  const { least, marks } = answer([process.execPath, join(HERE, 'run.mjs'), script, 'marks', String(seeds)]);
  const theirs = python ? answer([python, join(HERE, 'hyperopt_marks.py'), String(seeds)]).least : {};
  const passed = (/** @type {number[] | undefined} */ all, /** @type {number} */ mark) =>
    all ? all.filter((loss) => loss < mark).length : null;
  return Object.entries(marks).map(([domain, mark]) => ({
    domain,
    mark,
    ours: passed(least.tpe[domain], mark) ?? 0,
    random: passed(least.random[domain], mark) ?? 0,
    theirs: passed(theirs[domain], mark),
    seeds,
  }));
}

/**
 * The object that a fresh process prints.
 * @param {readonly string[]} line
 */
function answer([command = '', ...args]) {
  const options = { cwd: root, encoding: /** @type {const} */ ('utf8'), timeout: LIMIT_SECONDS * 1000, maxBuffer: 1e8 };
  const { status, stdout, stderr } = spawnSync(command, args, options);
  if (status !== 0)
    throw new Error(`${command} ${args[0] ?? ''} ended with ${status}: ${stderr.trim().split('\n').at(-1)}`);
  return JSON.parse(stdout);
}
