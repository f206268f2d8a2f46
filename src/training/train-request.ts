import { WorkbenchError } from '../utils/errors';
import type { Kernels } from '../kernels/types';
import { checkMatrix, type BinnedMatrix } from './bin-matrix';
import { checkContinuation } from './continuation';
import type { GrowthDevice } from './growth/device';
import type { ShardHost } from './shards/types';
import type { Booster, BoosterParams, TrainingMatrix } from './types';

/** What to train on and how. Give `matrix`, or `binned` with the rows to use. */
export interface TrainRequest {
  readonly matrix?: TrainingMatrix;
  /** Binned once by `binMatrix`; binned anew when its max_bin differs from the parameters'. */
  readonly binned?: BinnedMatrix;
  /** Rows trained on, ascending row numbers; all when absent. */
  readonly rows?: Int32Array;
  /** Watched, never learned from: matrices of their own with names, a matrix, or rows of the one trained on. */
  readonly evals?: readonly EvalSet[];
  readonly validation?: TrainingMatrix;
  readonly validationRows?: Int32Array;
  readonly params: BoosterParams;
  /** Most rounds, at least 1; those of a base model not counted. */
  readonly numBoostRound: number;
  /** XGBoost's names; the objective's own when absent. Early stopping follows the last one of the last set. */
  readonly evalMetrics?: readonly string[];
  /** Stop when this many rounds bring no better value. Off when absent. */
  readonly earlyStoppingRounds?: number;
  /** Weight of each row of the matrix, >= 0; 1 when absent. */
  readonly weights?: Float32Array;
  /** Training goes on from this model: its trees stay, new ones are added to them. */
  readonly baseBooster?: Booster;
  /** The twin that bins `matrix`; plain TypeScript when absent. A binned matrix brings its own. */
  readonly kernels?: Kernels;
  /** Other workers that share the rows; the model does not depend on them. */
  readonly shards?: ShardHost;
  /** Grows the trees of tables large enough for it, instead of other workers; the model does not depend on it. */
  readonly device?: GrowthDevice;
  /** After each round, with the metrics of that round. */
  readonly onRound?: (round: number, metrics: RoundMetrics) => void;
  /** After each round: whether it was the last one. */
  readonly stopAfter?: (metrics: RoundMetrics) => boolean;
}

/** Rows whose metrics are followed. */
export interface EvalSet {
  readonly name: string;
  readonly matrix: TrainingMatrix;
  readonly weights?: Float32Array;
}

/** The sets to follow that have a matrix of their own. */
export function evalSetsOf({ evals = [], validation }: TrainRequest): readonly EvalSet[] {
  return validation ? [...evals, { name: 'validation', matrix: validation }] : evals;
}

/** Labels in float32, as objectives read them. */
export function floatLabels({ labels }: TrainingMatrix): Float32Array {
  return labels instanceof Float32Array ? labels : Float32Array.from(labels);
}

/** Metrics of one round, by set and name. */
export type RoundMetrics = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Refuses a request that cannot be trained, with the reason. */
export function checkRequest(request: TrainRequest): void {
  const matrix = request.binned?.matrix ?? request.matrix;
  if (!matrix || (request.binned && request.matrix))
    refuse('Training needs either a matrix or a binned matrix, one of them.');
  if (request.matrix) checkMatrix(request.matrix);
  checkRounds(request);
  if (request.baseBooster) checkContinuation(request.baseBooster, matrix, request.params);
  checkValidation(request, matrix);
  const n = matrix.labels.length;
  if (request.rows) checkRows(request.rows, n, 'Training rows');
  const { weights } = request;
  if (!weights) return;
  if (weights.length !== n) refuse(`There are ${weights.length} weights for ${n} rows; expected one a row.`);
  const bad = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (bad >= 0) refuse(`The weight of row ${bad + 1} is ${weights[bad] ?? NaN}; expected a finite number at least 0.`);
  const weighed = request.rows ? request.rows.some((row) => weights[row] !== 0) : weights.some((weight) => weight > 0);
  if (!weighed)
    refuse(
      'The weights of all training rows are 0, so there is nothing to learn from; give some row a weight above 0.',
    );
}

function checkRounds(request: TrainRequest): void {
  const { numBoostRound, earlyStoppingRounds, validationRows } = request;
  if (!Number.isInteger(numBoostRound) || numBoostRound < 1) {
    refuse(`num_boost_round is ${numBoostRound}, expected a whole number at least 1.`);
  }
  if (earlyStoppingRounds === undefined) return;
  if (!Number.isInteger(earlyStoppingRounds) || earlyStoppingRounds < 1) {
    refuse(`early_stopping_rounds is ${earlyStoppingRounds}, expected a whole number at least 1.`);
  }
  if (evalSetsOf(request).length === 0 && !validationRows)
    refuse('early_stopping_rounds needs validation rows to watch. Give some, or leave it out.');
}

function checkValidation(request: TrainRequest, matrix: TrainingMatrix): void {
  const { validation, validationRows, rows } = request;
  if (validation && validationRows) refuse('Give a validation matrix or validation rows, not both.');
  if (matrix.queries && (rows || validationRows)) {
    refuse('Rows of a matrix with queries cannot be picked one by one; give matrices of whole queries.');
  }
  if (validationRows) checkRows(validationRows, matrix.labels.length, 'Validation rows');
  for (const { matrix: watched } of evalSetsOf(request)) checkSameFeatures(watched, matrix);
}

function checkSameFeatures(validation: TrainingMatrix, matrix: TrainingMatrix): void {
  checkMatrix(validation);
  if (validation.featureNames.join('\u0000') !== matrix.featureNames.join('\u0000')) {
    refuse('The validation matrix has other features than the training matrix; expected the same in the same order.');
  }
}

function checkRows(rows: Int32Array, n: number, what: string): void {
  if (rows.length === 0) refuse(`${what} are empty; expected at least one row.`);
  for (const row of rows) {
    if (row < 0 || row >= n) refuse(`${what} name row ${row}, but there are only ${n} rows (0 to ${n - 1}).`);
  }
}

/** The rows trained on. */
export function rowsOf(request: TrainRequest, { matrix }: BinnedMatrix): Int32Array {
  if (request.rows) return request.rows;
  const rows = new Int32Array(matrix.labels.length);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  return rows;
}

function refuse(text: string): never {
  throw new WorkbenchError('TRAINING_INVALID', text);
}
