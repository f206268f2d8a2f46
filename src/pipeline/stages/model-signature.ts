import type { InputExample, Signature, SignatureColumn } from '../../registry/types';
import type { FeatureDefinitions } from '../../features/types';
import { shortName, type ModelSpec } from '../model-spec';
import type { Dataset } from '../services/dataset';

const EXAMPLE_ROWS = 5;

/**
 * What a model takes and gives, in the order it was trained on. Every input is a double that may be missing: what the
 * model is given is 32-bit floats, and a nullable whole number is no "long" in MLflow.
 */
export function signatureOf(spec: Pick<ModelSpec, 'definitions'>, features: readonly string[]): Signature {
  return {
    inputs: features.map((reference): SignatureColumn => {
      const dtype = dtypeOf(spec.definitions, reference);
      const name = shortName(reference);
      return { name, type: 'double', required: false, feature: reference, ...(dtype ? { dtype } : {}) };
    }),
    outputs: [{ name: 'probability', type: 'double', required: true }],
  };
}

function dtypeOf({ views, onDemandViews = [] }: FeatureDefinitions, reference: string): string | undefined {
  const colon = reference.indexOf(':');
  const [view, feature] = [reference.slice(0, colon), reference.slice(colon + 1)];
  const fields = [...views, ...onDemandViews].find(({ name }) => name === view)?.schema ?? [];
  return fields.find(({ name }) => name === feature)?.dtype;
}

/** The first of the rows judged on, as the model is given them. */
export function exampleOf(dataset: Dataset, rows: Int32Array): InputExample | null {
  if (rows.length === 0) return null;
  const data = Array.from(rows.slice(0, EXAMPLE_ROWS), (row) =>
    dataset.features.map((column) => {
      const value = column[row] ?? NaN;
      return Number.isNaN(value) ? null : value;
    }),
  );
  return { columns: dataset.featureNames, data };
}
