import { newestFirst, runReader } from '../../tracking/run-fields';
import { parseColumn } from '../../tracking/search/order';
import { search } from '../../tracking/search/search';
import { RUN_WORDS } from '../../tracking/search/vocabulary';
import type { FieldValue } from '../../tracking/search/types';
import type { Run } from '../../tracking/types';
import { WorkbenchError } from '../../utils/errors';
import type { Records } from '../../utils/records';
import { indexedRuns } from './run-index';
import type { RunHead, RunKey, RunKeys, RunSearch, RunsPage } from './types';

const MOST = 50_000;
const SEARCHED = { words: RUN_WORDS, read: runReader, natural: newestFirst };

/** The newest answer of each list of runs, so that paging through it neither filters nor orders again. */
const answers = new WeakMap<
  readonly Run[],
  { readonly query: string; readonly found: readonly Run[]; readonly total: number }
>();

/** A page of the runs that a search finds. */
export async function searchRuns(records: Records, call: RunSearch): Promise<RunsPage> {
  const offset = wholeNumber('offset', call.offset ?? 0, 0, Number.MAX_SAFE_INTEGER);
  const limit = wholeNumber('limit', call.limit ?? 1000, 1, MOST);
  const columns = (call.columns ?? []).map((text) => runReader(parseColumn(text, RUN_WORDS)));
  const { found, total } = answered(await indexedRuns(records, call.models), call);
  return {
    total,
    matched: found.length,
    rows: found
      .slice(offset, offset + limit)
      .map((run) => ({ ...headOf(run), cells: columns.map((read) => cellOf(read(run))) })),
  };
}

function answered(runs: readonly Run[], { stages = 'active', filter, orderBy }: RunSearch) {
  const query = JSON.stringify([stages, filter, orderBy]);
  const known = answers.get(runs);
  if (known?.query === query) return known;
  const looked = stages === 'all' ? runs : runs.filter((run) => run.lifecycle_stage === stages);
  const answer = { query, total: looked.length, found: search(looked, SEARCHED, { filter, orderBy }) };
  answers.set(runs, answer);
  return answer;
}

function cellOf(value: FieldValue): string | number | null {
  if (value === undefined) return null;
  return typeof value === 'object' ? value.join(', ') : value;
}

export function headOf(run: Run): RunHead {
  const { run_id, experiment_id, run_name, status, lifecycle_stage, start_time, end_time, seed, dataset, tags } = run;
  return {
    ...{ run_id, experiment_id, run_name, status, lifecycle_stage, start_time, end_time, seed, dataset },
    kind: tags['glasshouse.kind'] ?? '',
    parent: tags['mlflow.parentRunId'] ?? '',
    note: tags['mlflow.note.content'] ?? '',
  };
}

/** Keys of a model's runs, those in the trash left aside. */
export async function runKeys(records: Records, model: string): Promise<RunKeys> {
  const runs = await indexedRuns(records, [model]);
  const keys = knownKeys.get(runs) ?? keysOfRuns(runs);
  knownKeys.set(runs, keys);
  return keys;
}

const knownKeys = new WeakMap<readonly Run[], RunKeys>();

function keysOfRuns(runs: readonly Run[]): RunKeys {
  const active = runs.filter((run) => run.lifecycle_stage === 'active');
  return {
    active: active.length,
    trashed: runs.length - active.length,
    params: keysOf(active, (run) => run.params),
    tags: keysOf(active, (run) => run.tags),
    metrics: keysOf(
      active,
      (run) => run.metrics,
      (run, key) => Object.hasOwn(run.metric_ranges, key),
    ),
  };
}

function keysOf(
  runs: readonly Run[],
  valuesOf: (run: Run) => Readonly<Record<string, string | number>>,
  variesIn: (run: Run, key: string) => boolean = () => false,
): readonly RunKey[] {
  const found = new Map<string, { first: string | number; runs: number; varies: boolean }>();
  for (const run of runs) {
    for (const [key, value] of Object.entries(valuesOf(run))) {
      const known = found.get(key);
      if (!known) found.set(key, { first: value, runs: 1, varies: variesIn(run, key) });
      else {
        known.runs++;
        known.varies ||= typeof value === 'string' ? value !== known.first : variesIn(run, key);
      }
    }
  }
  return [...found]
    .map(([key, { runs: count, varies }]) => ({ key, runs: count, varies }))
    .sort((a, b) => b.runs - a.runs || (a.key < b.key ? -1 : 1));
}

function wholeNumber(name: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new WorkbenchError('USAGE', `${name} is ${value}; it must be a whole number from ${low} to ${high}.`);
}
