import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/install.mjs';
import { areaUnderRoc } from './auc.mjs';
import { dataFolder } from './data.mjs';
import { describeMachine } from './machine.mjs';
import { canMeasure } from './memory.mjs';
import { readOptions, rowsText, USAGE } from './options.mjs';

const TREES = 100;

/**
 * Trains with every peer side by side and prints the tables; answers with the exit code.
 * @param {readonly string[]} args
 */
export async function main(args) {
  if (args.includes('--help')) return tell(USAGE);
  const options = readOptions(args);
  if (typeof options === 'string') {
    console.error(`${options}\n\n${USAGE}`);
    return 2;
  }
  // What these import is installed by now, and they are not needed to refuse an option.
  const { preparePeers } = await import('./peers.mjs');
  const { report } = await import('./report.mjs');
  const cache = join(root, '.cache', 'bench');
  mkdirSync(cache, { recursive: true });
  const run = { runs: options.runs, started: new Date(), loadBefore: loadavg()[0] ?? 0 };
  const { peers, leftOut } = await preparePeers(options, cache);
  for (const sentence of leftOut) console.error(sentence);
  const bench = new Bench(cache, peers);
  await bench.timeAll(options);
  await bench.measureMemory(options);
  const machine = describeMachine(bench.versions, run);
  const text = report({ options, machine, entries: bench.entries, memory: bench.memory, leftOut });
  if (options.write) writeFileSync(join(root, 'bench', 'results.md'), text);
  tell(text);
  return bench.failed ? 1 : 0;
}

/** @param {string} text */
function tell(text) {
  console.log(text);
  return 0;
}

/** Runs the peers and keeps what they came to. */
class Bench {
  /** @type {import('./report.mjs').Entry[]} */
  entries = [];
  /** @type {import('./report.mjs').MemoryEntry[]} */
  memory = [];
  /** @type {Map<string, string>} */
  versions = new Map();
  /** Whether one of ours or a native peer fell through; those on npm may. */
  failed = false;
  /** @type {string} */
  #cache;
  /** @type {readonly import('./peers.mjs').Peer[]} */
  #peers;

  /**
   * @param {string} cache
   * @param {readonly import('./peers.mjs').Peer[]} peers
   */
  constructor(cache, peers) {
    this.#cache = cache;
    this.#peers = peers;
  }

  /** @param {import('./options.mjs').Options} options */
  async timeAll({ rows, depth, threads, runs }) {
    for (const cell of cellsOf(rows, depth, threads)) this.entries.push(...(await this.#timeCell(cell, runs)));
  }

  /**
   * Every peer once, then every peer again: what else the machine does meets all of them.
   * @param {import('./peers.mjs').Cell} cell
   * @param {number} runs
   */
  async #timeCell(cell, runs) {
    const entries = this.#peers.map((peer) => ({
      cell,
      peer,
      seconds: /** @type {number[]} */ ([]),
      auc: /** @type {number[]} */ ([]),
      trees: TREES,
      threads: cell.threads,
      fault: peer.whyNot(cell),
    }));
    const labels = readFileSync(join(dataFolder(this.#cache, cell.rows), 'test.labels'));
    for (let run = 1; run <= runs; run++) {
      for (const entry of entries) {
        if (entry.fault !== null) continue;
        const outcome = await this.#once(entry.peer, cell, `run ${run} of ${runs}`);
        if (typeof outcome === 'string') {
          entry.fault = outcome;
          continue;
        }
        entry.seconds.push(outcome.seconds);
        entry.auc.push(areaUnderRoc(labels, this.#predictions(labels.length)));
        entry.trees = outcome.trees;
        entry.threads = outcome.threads;
      }
    }
    return entries;
  }

  /**
   * At the largest size and the smallest depth.
   * @param {import('./options.mjs').Options} options
   */
  async measureMemory({ rows, depth, threads }) {
    if (!canMeasure) return;
    for (const cell of cellsOf(rows.slice(-1), depth.slice(0, 1), threads)) {
      for (const peer of this.#peers.filter(({ memory }) => memory)) {
        const outcome = await this.#once(peer, cell, 'memory', true);
        this.memory.push({ cell, peer, memory: typeof outcome === 'string' ? outcome : (outcome.memory ?? 'unknown') });
      }
    }
  }

  /**
   * @param {import('./peers.mjs').Peer} peer
   * @param {import('./peers.mjs').Cell} cell
   * @param {string} what
   * @param {boolean} [memory]
   */
  async #once(peer, { rows, depth, threads }, what, memory = false) {
    const { runOnce } = await import('./process.mjs');
    const order = {
      data: dataFolder(this.#cache, rows),
      predictions: join(this.#cache, 'predictions.f32'),
      threads,
      depth,
      trees: TREES,
    };
    const outcome = await runOnce(peer, order, { memory });
    const came = typeof outcome === 'string' ? outcome : `${outcome.seconds.toFixed(3)} s`;
    console.error(`${rowsText(rows)} rows, depth ${depth}, threads ${threads}, ${what}: ${peer.title} ${came}`);
    if (typeof outcome !== 'string') {
      for (const [name, version] of Object.entries(outcome.versions)) this.versions.set(name, version);
    } else if (peer.ours || peer.line.some((word) => word.endsWith('native.py'))) this.failed = true;
    return outcome;
  }

  /** @param {number} rows */
  #predictions(rows) {
    const bytes = readFileSync(join(this.#cache, 'predictions.f32'));
    if (bytes.byteLength !== 4 * rows) throw new Error(`${bytes.byteLength} bytes of predictions for ${rows} rows`);
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }
}

/**
 * @param {readonly number[]} rows
 * @param {readonly number[]} depths
 * @param {readonly number[]} threads
 */
function cellsOf(rows, depths, threads) {
  return rows.flatMap((r) => depths.flatMap((depth) => threads.map((t) => ({ rows: r, depth, threads: t }))));
}
