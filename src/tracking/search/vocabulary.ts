import type { Field, Vocabulary } from './types';

const number = (key: string) => ({ key, kind: 'number' }) as const;
const text = (key: string) => ({ key, kind: 'text' }) as const;

/** MLflow's words for runs (mlflow/mlflow:mlflow/utils/search_utils.py), and ours beside them. */
export const RUN_WORDS: Vocabulary = {
  items: 'runs',
  entities: {
    metric: { entity: 'metric' },
    metrics: { entity: 'metric' },
    param: { entity: 'param' },
    params: { entity: 'param' },
    parameter: { entity: 'param' },
    parameters: { entity: 'param' },
    tag: { entity: 'tag' },
    tags: { entity: 'tag' },
    attribute: { entity: 'attribute' },
    attributes: { entity: 'attribute' },
    attr: { entity: 'attribute' },
    run: { entity: 'attribute' },
    dataset: { entity: 'dataset' },
    datasets: { entity: 'dataset' },
    // Ours: MLflow refuses these words, so no filter of its own changes its meaning.
    best: { entity: 'metric', aggregate: 'best' },
    min: { entity: 'metric', aggregate: 'min' },
    max: { entity: 'metric', aggregate: 'max' },
  },
  attributes: {
    run_id: text('run_id'),
    run_name: text('run_name'),
    'run name': text('run_name'),
    'Run name': text('run_name'),
    'Run Name': text('run_name'),
    user_id: text('user_id'),
    status: text('status'),
    artifact_uri: text('artifact_uri'),
    start_time: number('start_time'),
    created: number('start_time'),
    Created: number('start_time'),
    end_time: number('end_time'),
    // Ours.
    duration: number('duration'),
    seed: number('seed'),
    experiment_id: text('experiment_id'),
    config_digest: text('config_digest'),
  },
  datasets: ['name', 'digest', 'context'],
};

const REGISTRY_ENTITIES: Vocabulary['entities'] = {
  attribute: { entity: 'attribute' },
  attributes: { entity: 'attribute' },
  tag: { entity: 'tag' },
  tags: { entity: 'tag' },
};

const TIMES = {
  creation_timestamp: number('creation_timestamp'),
  last_updated_timestamp: number('last_updated_timestamp'),
};

/** Words for registered models. `timestamp` is MLflow's older word for when a model last changed. */
export const MODEL_WORDS: Vocabulary = {
  items: 'models',
  entities: REGISTRY_ENTITIES,
  attributes: { name: text('name'), ...TIMES, timestamp: number('last_updated_timestamp') },
  datasets: [],
};

/** Words for model versions. */
export const VERSION_WORDS: Vocabulary = {
  items: 'versions',
  entities: REGISTRY_ENTITIES,
  attributes: {
    name: text('name'),
    version_number: number('version_number'),
    run_id: text('run_id'),
    source_path: text('source_path'),
    ...TIMES,
  },
  datasets: [],
};

/** As a person writes it, quoted where needed: "best.`a b`". Parsing gives the field back. */
export function fieldText({ entity, key, aggregate }: Field): string {
  const word = entity === 'metric' ? (aggregate === 'last' ? 'metrics' : aggregate) : `${entity}s`;
  const name = /^[\p{L}_][\p{L}\p{M}\p{N}_/:.-]*$/u.test(key) ? key : `\`${key}\``;
  return entity === 'attribute' ? name : `${entity === 'dataset' ? 'dataset' : word}.${name}`;
}
