import { nearest } from '../../config/suggest';
import { WorkbenchError } from '../../utils/errors';
import { rocAuc } from '../metrics/ranking';
import type { EvalMetric, LabelledRows, ObjectiveParams } from '../objectives/types';
import { ELEMENTWISE, errorAt, merror, mlogloss, quantileLoss } from './elementwise';
import { precisionRecallArea } from './pr-area';
import { meanAveragePrecision, ndcg, precisionAt } from './ranking';

const NAMES = [
  ...Object.keys(ELEMENTWISE),
  'error',
  'auc',
  'aucpr',
  'mlogloss',
  'merror',
  'quantile',
  'ndcg',
  'map',
  'pre',
];

/** A metric by XGBoost's name: "rmse", "error@0.7", "ndcg@5-". Unknown names are refused with the nearest known one. */
export function makeEvalMetric(name: string, params: ObjectiveParams): EvalMetric {
  const match = /^([a-z-]+?)(?:@([\d.]+))?(-?)$/.exec(name);
  const [, base = '', at, minus] = match ?? [];
  const top = at === undefined ? Infinity : Number(at);
  const plain = ELEMENTWISE[base];
  if (plain && at === undefined) return plain;
  switch (base) {
    case 'error':
      return errorAt(at === undefined ? 0.5 : Number(at), name);
    case 'auc':
      return ofScores('auc', rocAuc);
    case 'aucpr':
      return ofScores('aucpr', precisionRecallArea);
    case 'mlogloss':
      return mlogloss;
    case 'merror':
      return merror(params.num_class);
    case 'quantile':
      return quantileLoss(params.quantile_alpha);
    case 'ndcg':
      return ndcg(name, top, minus === '-', params.ndcg_exp_gain);
    case 'map':
      return meanAveragePrecision(name, top, minus === '-');
    case 'pre':
      return precisionAt(name, top);
    default:
      throw unknownMetric(name);
  }
}

function unknownMetric(name: string): WorkbenchError {
  const suggestion = nearest(name, NAMES);
  const advice = suggestion ? `Did you mean ${suggestion}?` : `Known are ${NAMES.join(', ')}.`;
  return new WorkbenchError('TRAINING_INVALID', `There is no eval_metric "${name.slice(0, 60)}". ${advice}`);
}

/** Metrics of the order of rows; weights as the rows have them. */
function ofScores(
  name: string,
  measure: (labels: Float32Array, scores: Float32Array, weights?: Float32Array) => number,
): EvalMetric {
  return {
    name,
    direction: 'maximize',
    evaluate: ({ labels, weights }: LabelledRows, predictions, rows) =>
      measure(pick(labels, rows), predictions, weights && pick(weights, rows)),
  };
}

function pick(values: Float32Array, rows: Int32Array): Float32Array {
  return Float32Array.from(rows, (row) => values[row] as number);
}
