import { addTreeToBlock } from '../kernels/predict/reference';
import { WorkbenchError } from '../utils/errors';
import { makeObjective } from './objectives';
import type { Booster } from './types';

const BLOCK = 2048;

/**
 * Margins of each row (log-odds for logistic objectives): base margin plus leaf values, summed in float64 and rounded
 * once to float32. Feature values are float32, as the conditions are; NaN takes each node's default side.
 *
 * @param columns [n_features] arrays of [n_rows], in the order of `booster.featureNames`.
 * @returns [n_rows * outputs], outputs (classes) of a row side by side.
 */
export function predictMargin(booster: Booster, columns: readonly Float32Array[]): Float32Array {
  const n = checkColumns(booster, columns);
  const objective = makeObjective(booster.params.objective, booster.params);
  const { outputs } = objective;
  const margins = new Float32Array(n * outputs);
  const base = objective.baseMargin(booster.baseScore);
  const sums = Array.from({ length: outputs }, () => new Float64Array(Math.min(BLOCK, n)));
  for (let from = 0; from < n; from += BLOCK) {
    const blocks = sums.map((sum) => sum.subarray(0, Math.min(BLOCK, n - from)));
    for (const block of blocks) block.fill(base);
    for (const [index, tree] of booster.trees.entries()) {
      const block = blocks[booster.treeOutputs?.[index] ?? 0] as Float64Array;
      addTreeToBlock(tree, columns, { from, weight: booster.treeWeights?.[index] ?? 1 }, block);
    }
    blocks.forEach((block, output) => block.forEach((sum, i) => (margins[(from + i) * outputs + output] = sum)));
  }
  return margins;
}

/**
 * Predictions, float32: probabilities of the positive class, or of each class [n_rows * num_class]; counts, values or
 * scores, as the objective says. multi:softmax gives class numbers [n_rows].
 */
export function predict(booster: Booster, columns: readonly Float32Array[]): Float32Array {
  const objective = makeObjective(booster.params.objective, booster.params);
  const predictions = predictMargin(booster, columns);
  objective.toPredictions(predictions);
  return booster.params.objective === 'multi:softmax' ? likeliest(predictions, objective.outputs) : predictions;
}

/** Number of the greatest of each `classes` values; the first of equals. */
function likeliest(values: Float32Array, classes: number): Float32Array {
  return Float32Array.from({ length: values.length / classes }, (_, row) => {
    const own = values.subarray(row * classes, (row + 1) * classes);
    return own.reduce((best, value, k) => (value > (own[best] as number) ? k : best), 0);
  });
}

/** Number of rows; throws when columns are missing, too many or of unequal length. */
export function checkColumns(booster: Pick<Booster, 'featureNames'>, columns: readonly Float32Array[]): number {
  const wanted = booster.featureNames.length;
  if (columns.length !== wanted) {
    throw new WorkbenchError(
      'TRAINING_INVALID',
      `The model was trained on ${wanted} features and got ${columns.length} columns. Give one column for each of ${booster.featureNames.slice(0, 20).join(', ')}, in this order.`,
    );
  }
  const n = columns[0]?.length ?? 0;
  const odd = columns.findIndex((column) => column.length !== n);
  if (odd >= 0) {
    throw new WorkbenchError(
      'TRAINING_INVALID',
      `Feature ${booster.featureNames[odd] ?? odd} has ${columns[odd]?.length ?? 0} rows, the first one ${n}; expected columns of one length.`,
    );
  }
  return n;
}
