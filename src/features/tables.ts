import type { TableSchema } from '../utils/records';

/** What the feature store keeps in records, beside the online store. */
export const featureTables: Readonly<Record<string, TableSchema>> = {
  /** Definitions applied, a version each; the newest holds. */
  feature_definitions: { key: ['model', 'version'], indexes: { model: 'model' } },
  quality_checks: { key: ['model', 'check_id'], indexes: { model: 'model', model_checked: ['model', 'checked'] } },
  saved_datasets: { key: ['model', 'name'], indexes: { model: 'model' } },
  /** A lesson's switch, one a model. */
  serving_faults: { key: 'model', indexes: { model: 'model' } },
};
