import { runKeys, searchRuns } from '../../../src/pipeline/runs/search-runs';
import { openIndexedDb } from '../../../src/platform/indexeddb/records';
import { noteChange, recordRun, trackingTables } from '../../../src/tracking/runs';
import type { Run, RunDraft } from '../../../src/tracking/types';
import { makeRandom } from '../../../src/utils/random';
import type { Records } from '../../../src/utils/records';
import questions from '../questions.json';

export type Request =
  | { readonly kind: 'fill'; readonly runs: number }
  | { readonly kind: 'search' | 'all' | 'open' | 'log'; readonly times: number };

export interface Answer {
  /** Milliseconds of each time. */
  readonly took: readonly number[];
  /** Runs found or written. */
  readonly count: number;
}

const TABLES = Object.keys(trackingTables);
const COLUMNS = [
  ...Array.from({ length: questions.metrics }, (_, at) => `metrics.m${at}`),
  ...Array.from({ length: questions.params }, (_, at) => `params.p${at}`),
];
const MODELS = ['bench'];

let opened: Promise<Records> | null = null;

self.onmessage = ({ data }: MessageEvent<Request>) => {
  answer(data).then(
    (message) => self.postMessage(message),
    (error: unknown) => self.postMessage({ fault: String(error) }),
  );
};

async function answer(request: Request): Promise<Answer> {
  const records = await (opened ??= openIndexedDb('bench-tracking', trackingTables));
  if (request.kind === 'fill') return fill(records, request.runs);
  return timed(request.times, WORK[request.kind](records));
}

const WORK: Readonly<Record<'search' | 'all' | 'open' | 'log', (records: Records) => (at: number) => Promise<number>>> =
  {
    search: (records) => async (at) => {
      const { filter, order } = question(at);
      const page = { models: MODELS, filter, orderBy: [order], columns: COLUMNS, limit: 100 };
      return (await searchRuns(records, page)).matched;
    },
    all: (records) => async (at) => {
      const { filter, order } = question(at);
      const page = { models: MODELS, filter, orderBy: [order], columns: COLUMNS, limit: 50_000 };
      return (await searchRuns(records, page)).rows.length;
    },
    open: (records) => async () => {
      const keys = await runKeys(records, 'bench');
      await searchRuns(records, { models: MODELS, columns: COLUMNS.slice(0, 5), limit: 200 });
      return keys.active;
    },
    log: (records) => async (at) => {
      await records.write(TABLES, (tx) =>
        recordRun(tx, draft(at), `f${(Date.now() * 1000 + at).toString(16).padStart(31, '0')}`),
      );
      return 1;
    },
  };

function question(at: number) {
  const { filters, orders } = questions;
  return { filter: filters[at % filters.length] ?? '', order: orders[at % orders.length] ?? '' };
}

async function timed(times: number, work: (at: number) => Promise<number>): Promise<Answer> {
  const took: number[] = [];
  let count = 0;
  for (let at = 0; at < times; at++) {
    const started = performance.now();
    count += await work(at);
    took.push(performance.now() - started);
  }
  return { took, count };
}

function draft(seed: number): RunDraft {
  const random = makeRandom(seed, 'log');
  const metrics = Array.from({ length: 1000 }, (_, step) => ({
    ...{ key: `m${step % 10}`, value: random.uniform(), timestamp: 1000 + step, step: Math.floor(step / 10) },
  }));
  return {
    ...{ experiment: 'logged', run_name: 'logged', status: 'FINISHED', start_time: 1000, end_time: 2000 },
    params: { p0: 'a' },
    tags: {},
    metrics,
    artifacts: [],
    dataset: { name: '', digest: '', rows: 0 },
    config_digest: '',
    seed,
  };
}

async function fill(records: Records, count: number): Promise<Answer> {
  const random = makeRandom(1, 'runs');
  const runs = Array.from({ length: count }, (_, at): Run => ({
    run_id: at.toString(16).padStart(32, '0'),
    ...{ experiment_id: 'bench', run_name: `run-${at % 100}`, status: 'FINISHED', lifecycle_stage: 'active' },
    ...{ deleted_time: null, start_time: 1_772_000_000_000 + at, end_time: 1_772_000_001_000 + at },
    params: Object.fromEntries(
      Array.from({ length: questions.params }, (_one, one) => [`p${one}`, questions.values[random.int(4)] ?? 'a']),
    ),
    tags: { 'glasshouse.kind': 'xgboost' },
    metrics: Object.fromEntries(
      Array.from({ length: questions.metrics }, (_one, one) => [`m${one}`, random.uniform()]),
    ),
    metric_ranges: {},
    dataset: { name: 'd', digest: 'x', rows: 10 },
    ...{ config_digest: '', seed: at },
  }));
  const started = performance.now();
  await records.write(TABLES, async (tx) => {
    await tx.putAll('runs', runs);
    await noteChange(tx, 'bench', 1);
  });
  return { took: [performance.now() - started], count };
}
