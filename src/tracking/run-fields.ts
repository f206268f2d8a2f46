import { byCodePoints } from '../utils/code-points';
import type { Field, FieldReader } from './search/types';
import type { Run } from './types';

/** Every data set of ours was trained on; MLflow calls that its context. */
const CONTEXT = 'training';

/** How a search reads the fields of a run. */
export const runReader: FieldReader<Run> = (field) => {
  const { entity, key } = field;
  if (entity === 'metric') return metricReader(field);
  if (entity === 'param') return (run) => own(run.params, key);
  if (entity === 'tag') return (run) => own(run.tags, key) ?? (key === 'mlflow.runName' ? run.run_name : undefined);
  if (entity === 'dataset')
    return (run) => [{ ...run.dataset, context: CONTEXT }[key as 'name' | 'digest' | 'context']];
  return ATTRIBUTES[key as keyof typeof ATTRIBUTES];
};

const ATTRIBUTES = {
  run_id: (run: Run) => run.run_id,
  run_name: (run: Run) => run.run_name,
  user_id: (run: Run) => own(run.tags, 'mlflow.user'),
  status: (run: Run) => run.status,
  artifact_uri: (run: Run) => `runs:/${run.run_id}`,
  start_time: (run: Run) => run.start_time,
  end_time: (run: Run) => run.end_time,
  duration: (run: Run) => run.end_time - run.start_time,
  seed: (run: Run) => run.seed,
  experiment_id: (run: Run) => run.experiment_id,
  config_digest: (run: Run) => run.config_digest,
} as const;

function metricReader({ key, aggregate }: Field): (run: Run) => number | undefined {
  if (aggregate === 'last') return (run) => own(run.metrics, key);
  const side = aggregate === 'min' ? 0 : 1;
  return (run) => own(run.metric_ranges, key)?.[side] ?? own(run.metrics, key);
}

function own<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** MLflow's order of runs where nothing else is asked: newest start first, then by id. */
export function newestFirst(a: Run, b: Run): number {
  return b.start_time - a.start_time || byCodePoints(a.run_id, b.run_id);
}
