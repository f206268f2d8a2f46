import type { RecordsTx, TableSchema } from '../utils/records';
import { checkArtifactPath, checkKey, checkLength, LIMITS, refuse } from './keys';
import type { Artifact, Experiment, MetricHistory, MetricPoint, Run, RunDraft } from './types';

/** Tables of this room, for the database that holds them. An experiment's id is its name: one a model. */
export const trackingTables = {
  experiments: { key: 'experiment_id' },
  runs: {
    key: 'run_id',
    indexes: { experiment_id: 'experiment_id', experiment_start: ['experiment_id', 'start_time'] },
  },
  metric_histories: { key: ['run_id', 'key'], indexes: { run_id: 'run_id' } },
  artifacts: { key: ['run_id', 'path'], indexes: { run_id: 'run_id' } },
} as const satisfies Readonly<Record<string, TableSchema>>;

/**
 * Records a finished run with its metric history and artifacts, and its experiment on first use. Keys and lengths are
 * checked by MLflow's rules; a fault throws TRACKING_INVALID and nothing of the run is kept.
 *
 * @param runId 32 hex digits, never used before (Platform.newId makes them)
 */
export async function recordRun(tx: RecordsTx, draft: RunDraft, runId: string): Promise<Run> {
  checkDraft(draft, runId);
  if (await tx.get<Run>('runs', runId))
    refuse(`run ${runId} is recorded already; a run is never overwritten, so use a new id`);
  const experimentId = draft.experiment;
  await noteChange(tx, experimentId, draft.start_time);
  const run: Run = {
    run_id: runId,
    experiment_id: experimentId,
    run_name: draft.run_name,
    status: draft.status,
    lifecycle_stage: 'active',
    deleted_time: null,
    start_time: draft.start_time,
    end_time: draft.end_time,
    params: draft.params,
    tags: draft.tags,
    metrics: latestMetrics(draft.metrics),
    metric_ranges: metricRanges(draft.metrics),
    dataset: draft.dataset,
    config_digest: draft.config_digest,
    seed: draft.seed,
  };
  await tx.put('runs', run);
  await tx.putAll('metric_histories', historiesOf(runId, draft.metrics));
  await tx.putAll(
    'artifacts',
    draft.artifacts.map((artifact): Artifact => ({ ...artifact, run_id: runId })),
  );
  return run;
}

/** Counts a change to a run of an experiment, and makes the experiment on its first one. */
export async function noteChange(tx: RecordsTx, experiment: string, now: number): Promise<void> {
  const known = await tx.get<Experiment>('experiments', experiment);
  const record = known ?? { experiment_id: experiment, name: experiment, creation_time: now, revision: 0 };
  await tx.put('experiments', { ...record, revision: record.revision + 1 });
}

export async function getRun(tx: RecordsTx, runId: string): Promise<Run | undefined> {
  return tx.get<Run>('runs', runId);
}

/** Runs of an experiment, newest start first. */
export async function listRuns(tx: RecordsTx, experiment: string): Promise<Run[]> {
  return tx.query<Run>('runs', {
    index: 'experiment_start',
    from: [experiment, -Number.MAX_VALUE],
    to: [experiment, Number.MAX_VALUE],
    reverse: true,
  });
}

/** All points of one metric by (step, timestamp), equal ones in the order recorded. */
export async function metricHistory(tx: RecordsTx, runId: string, key: string): Promise<MetricPoint[]> {
  const history = await tx.get<MetricHistory>('metric_histories', [runId, key]);
  return history ? pointsOf(history).sort((a, b) => a.step - b.step || a.timestamp - b.timestamp) : [];
}

/** Points of one metric in the order recorded. */
export function pointsOf({ run_id, key, values, steps, timestamps }: MetricHistory): MetricPoint[] {
  return Array.from(values, (value, at) => ({
    ...{ run_id, key, value },
    timestamp: timestamps[at] ?? 0,
    step: steps[at] ?? 0,
  }));
}

/** Points by key, in the order given. */
export function historiesOf(runId: string, points: readonly Point[]): readonly MetricHistory[] {
  const byKey = new Map<string, Point[]>();
  for (const point of points) {
    const known = byKey.get(point.key);
    if (known) known.push(point);
    else byKey.set(point.key, [point]);
  }
  return [...byKey].map(([key, of]) => ({
    run_id: runId,
    key,
    values: Float64Array.from(of, ({ value }) => value),
    steps: Float64Array.from(of, ({ step }) => step),
    timestamps: Float64Array.from(of, ({ timestamp }) => timestamp),
  }));
}

export async function readArtifact(tx: RecordsTx, runId: string, path: string): Promise<Artifact | undefined> {
  return tx.get<Artifact>('artifacts', [runId, path]);
}

/** Deletes an experiment with its runs, their metrics and artifacts. */
export async function deleteExperiment(tx: RecordsTx, experiment: string): Promise<void> {
  for (const run of await listRuns(tx, experiment)) {
    await tx.clear('metric_histories', { index: 'run_id', equals: run.run_id });
    await tx.clear('artifacts', { index: 'run_id', equals: run.run_id });
  }
  await tx.clear('runs', { index: 'experiment_id', equals: experiment });
  await tx.delete('experiments', experiment);
}

type Point = RunDraft['metrics'][number];

/**
 * Value of each key's latest point: the greatest (step, timestamp, value), not the last written. NaN ranks as 0, as in
 * MLflow's SQL store.
 */
export function latestMetrics(points: readonly Point[]): Readonly<Record<string, number>> {
  const latest = new Map<string, Point>();
  for (const point of points) {
    const known = latest.get(point.key);
    if (!known || isLater(point, known)) latest.set(point.key, point);
  }
  return Object.fromEntries([...latest].map(([key, point]) => [key, point.value]));
}

/** Least and greatest value of each key whose points differ; NaN counts for neither. */
export function metricRanges(points: readonly Point[]): Run['metric_ranges'] {
  const ranges = new Map<string, [number, number]>();
  for (const { key, value } of points) {
    if (Number.isNaN(value)) continue;
    const known = ranges.get(key);
    if (!known) ranges.set(key, [value, value]);
    else if (value < known[0]) known[0] = value;
    else if (value > known[1]) known[1] = value;
  }
  const latest = latestMetrics(points);
  const isOne = (key: string, [least, greatest]: [number, number]) => least === greatest && latest[key] === least;
  return Object.fromEntries([...ranges].filter(([key, range]) => !isOne(key, range)));
}

function isLater(a: Point, b: Point): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  return rankOf(a.value) > rankOf(b.value);
}

function rankOf(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

function checkDraft(draft: RunDraft, runId: string): void {
  if (!/^[0-9a-f]{32}$/.test(runId)) refuse(`run id "${runId}" is not 32 lower-case hex digits`);
  if (draft.experiment === '') refuse('the experiment of a run has no name; give it one');
  checkLength('the experiment name', draft.experiment, LIMITS.experiment);
  checkLength('the run name', draft.run_name, LIMITS.tag);
  if (!(draft.end_time >= draft.start_time))
    refuse(`run ${runId} ends (${draft.end_time}) before it starts (${draft.start_time})`);
  for (const [key, value] of Object.entries(draft.params)) {
    checkKey('param', key);
    checkLength(`param ${key}`, value, LIMITS.param);
  }
  for (const [key, value] of Object.entries(draft.tags)) {
    checkKey('tag', key);
    checkLength(`tag ${key}`, value, LIMITS.tag);
  }
  draft.metrics.forEach(checkPoint);
  checkArtifacts(draft.artifacts);
}

function checkPoint(point: Point): void {
  checkKey('metric', point.key);
  if (typeof point.value !== 'number')
    refuse(`metric ${point.key} has the value ${String(point.value)}, expected a number`);
  if (!(point.timestamp >= 0))
    refuse(`metric ${point.key} has the timestamp ${point.timestamp}, expected milliseconds since 1970`);
  if (!Number.isFinite(point.step)) refuse(`metric ${point.key} has the step ${point.step}, expected a number`);
}

function checkArtifacts(artifacts: RunDraft['artifacts']): void {
  const seen = new Set<string>();
  for (const { path } of artifacts) {
    checkArtifactPath(path);
    if (seen.has(path)) refuse(`artifact path "${path}" is given twice; each file needs its own`);
    seen.add(path);
  }
}
