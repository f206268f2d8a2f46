import { requireRun } from '../../tracking/lifecycle';
import { metricHistory, readArtifact } from '../../tracking/runs';
import type { Run } from '../../tracking/types';
import { WorkbenchError } from '../../utils/errors';
import type { Records, RecordsTx } from '../../utils/records';
import type { TrainingRecord } from '../stages/plan';
import { headOf } from './search-runs';
import type { RunComparison, RunCurve } from './types';

const MOST = 20;

/** Runs side by side, with what the record of each says of its hold-out. */
export function compareRuns(records: Records, runIds: readonly string[]): Promise<RunComparison> {
  const ids = checked(runIds, 2);
  return records.read(['runs', 'artifacts'], async (tx) => {
    const runs: Run[] = [];
    const evaluations: RunComparison['evaluations'][number][] = [];
    for (const id of ids) {
      runs.push(await requireRun(tx, id));
      evaluations.push(await evaluationOf(tx, id));
    }
    return {
      runs: runs.map(headOf),
      params: sideBySide(runs.map((run) => run.params)),
      metrics: sideBySide(runs.map((run) => run.metrics)),
      curves: [...new Set(runs.flatMap((run) => Object.keys(run.metric_ranges)))].sort(),
      evaluations,
    };
  });
}

async function evaluationOf(tx: RecordsTx, runId: string): Promise<RunComparison['evaluations'][number]> {
  const artifact = await readArtifact(tx, runId, 'training.json');
  if (typeof artifact?.content !== 'string') return null;
  const { evaluation } = JSON.parse(artifact.content) as TrainingRecord;
  const { n, roc, pr, calibration, metrics } = evaluation;
  return { n, roc, pr, calibration, metrics };
}

function sideBySide<T>(sets: readonly Readonly<Record<string, T>>[]): { key: string; values: (T | null)[] }[] {
  const keys = [...new Set(sets.flatMap((set) => Object.keys(set)))].sort();
  return keys.map((key) => ({ key, values: sets.map((set) => (Object.hasOwn(set, key) ? (set[key] ?? null) : null)) }));
}

/** One metric's history in each run. */
export function runCurves(records: Records, runIds: readonly string[], metric: string): Promise<readonly RunCurve[]> {
  const ids = checked(runIds, 1);
  return records.read(['runs', 'metric_histories'], async (tx) => {
    const curves: RunCurve[] = [];
    for (const run_id of ids) {
      await requireRun(tx, run_id);
      const history = await metricHistory(tx, run_id, metric);
      curves.push({ run_id, points: history.map(({ step, value, timestamp }) => ({ step, value, timestamp })) });
    }
    return curves;
  });
}

function checked(runIds: readonly string[], least: number): readonly string[] {
  const ids = [...new Set(runIds)];
  if (ids.length >= least && ids.length <= MOST) return ids;
  throw new WorkbenchError(
    'USAGE',
    `${least} to ${MOST} runs can be looked at together, and ${ids.length} are chosen.`,
  );
}
