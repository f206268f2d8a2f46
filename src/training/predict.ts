import { referencePredictor, type Forest } from '../kernels/forest/reference';
import type { Kernels } from '../kernels/types';
import { checkpoint, type Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { makeObjective } from './objectives';
import type { Booster } from './types';

/** Rows between two chances to pause. */
const CHUNK = 65536;

/**
 * Margins of each row (log-odds for logistic objectives): base margin plus leaf values, summed in float64 and rounded
 * once to float32. Feature values are float32, as the conditions are; NaN takes each node's default side.
 *
 * @param columns [n_features] arrays of [n_rows], in the order of `booster.featureNames`.
 * @returns [n_rows * outputs], outputs (classes) of a row side by side.
 */
export function predictMargin(booster: Booster, columns: readonly Float32Array[]): Float32Array {
  const n = checkColumns(booster, columns);
  const forest = forestOf(booster);
  const margins = new Float32Array(n * forest.outputs);
  referencePredictor(forest).margins(columns, 0, n, margins);
  return margins;
}

/** The same numbers by `kernels`, with progress and cancelling by rows. */
export async function predictMargins(
  booster: Booster,
  columns: readonly Float32Array[],
  kernels: Kernels,
  control: Control,
): Promise<Float32Array> {
  const n = checkColumns(booster, columns);
  const forest = forestOf(booster);
  const margins = new Float32Array(n * forest.outputs);
  const predictor = kernels.makePredictor(forest, columns.length);
  try {
    for (let from = 0; from < n; from += CHUNK) {
      const to = Math.min(from + CHUNK, n);
      await checkpoint(control, { label: `predicting row ${from + 1} of ${n}`, done: from, total: n });
      predictor.margins(columns, from, to, margins.subarray(from * forest.outputs, to * forest.outputs));
    }
  } finally {
    predictor.close();
  }
  return margins;
}

function forestOf({ params, baseScore, trees, treeOutputs, treeWeights }: Booster): Forest {
  const objective = makeObjective(params.objective, params);
  return { trees, treeOutputs, treeWeights, outputs: objective.outputs, base: objective.baseMargin(baseScore) };
}

/**
 * Predictions, float32: probabilities of the positive class, or of each class [n_rows * num_class]; counts, values or
 * scores, as the objective says. multi:softmax gives class numbers [n_rows].
 */
export function predict(booster: Booster, columns: readonly Float32Array[]): Float32Array {
  return predictionsFrom(booster, predictMargin(booster, columns));
}

/** The predictions that margins stand for; margins are overwritten. */
export function predictionsFrom({ params }: Booster, margins: Float32Array): Float32Array {
  const objective = makeObjective(params.objective, params);
  objective.toPredictions(margins);
  return params.objective === 'multi:softmax' ? likeliest(margins, objective.outputs) : margins;
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
