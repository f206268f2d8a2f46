import { log } from '../../utils/math';
import { fromHighest } from '../objectives/queries';

/** Scores with labels (0..1) and weights by position; one weight for all when a number. */
export interface Scored {
  readonly labels: Float32Array;
  readonly scores: Float32Array;
  readonly weights: Float32Array | number;
}

/** An area with the false and true positives it spans. */
export interface Area {
  readonly area: number;
  readonly fp: number;
  readonly tp: number;
}

/** Area added between two points of (fp, tp). */
type Step = (fpBefore: number, fp: number, tpBefore: number, tp: number) => number;

function weightAt(weights: Float32Array | number, position: number): number {
  return typeof weights === 'number' ? weights : (weights[position] as number);
}

/** The area under steps at each distinct score, from the highest down; all 0 when a class is absent. */
function areaUnder({ labels, scores, weights }: Scored, step: Step): Area {
  const order = fromHighest(scores);
  let [fp, tp, fpBefore, tpBefore, area] = [0, 0, 0, 0, 0];
  for (let i = 0; i < order.length; i++) {
    const at = order[i] as number;
    if (i > 0 && scores[at] !== scores[order[i - 1] as number]) {
      area += step(fpBefore, fp, tpBefore, tp);
      fpBefore = fp;
      tpBefore = tp;
    }
    const label = labels[at] as number;
    const weight = weightAt(weights, at);
    fp += Math.fround(Math.fround(1 - label) * weight);
    tp += Math.fround(label * weight);
  }
  area += step(fpBefore, fp, tpBefore, tp);
  return fp > 0 && tp > 0 ? { area, fp, tp } : { area: 0, fp: 0, tp: 0 };
}

/** Area under the ROC curve, not divided by fp * tp (dmlc/xgboost:src/metric/auc.cc, BinaryROCAUC). */
export function rocArea(scored: Scored): Area {
  return areaUnder(scored, (fpBefore, fp, tpBefore, tp) => (fp - fpBefore) * (tpBefore + tp) * 0.5);
}

/**
 * Area under the precision-recall curve with Keilwagen's interpolation (doi 10.1371/journal.pone.0092209;
 * dmlc/xgboost:src/metric/auc.h), NaN when a class is absent. fp and tp are 1: the area is a share already.
 */
export function precisionRecallArea(scored: Scored): Area {
  let positives = 0;
  let negatives = 0;
  scored.labels.forEach((label, i) => {
    const weight = weightAt(scored.weights, i);
    positives += Math.fround(weight * label);
    negatives += Math.fround(weight * Math.fround(1 - label));
  });
  if (!(positives > 0 && negatives > 0)) return { area: NaN, fp: 1, tp: 1 };
  const { area } = areaUnder(scored, (fpBefore, fp, tpBefore, tp) =>
    interpolated({ fpBefore, fp, tpBefore, tp }, positives),
  );
  return { area, fp: 1, tp: 1 };
}

function interpolated(
  { fpBefore, fp, tpBefore, tp }: Readonly<Record<'fpBefore' | 'fp' | 'tpBefore' | 'tp', number>>,
  positives: number,
): number {
  const before = tpBefore / positives;
  const now = tp / positives;
  if (tp === tpBefore) return now - before;
  const slope = (fp - fpBefore) / (tp - tpBefore);
  const a = slope + 1;
  const b = (fpBefore - slope * tpBefore) / positives;
  if (b === 0) return (now - before) / a;
  return (now - before - (b / a) * (log(a * now + b) - log(a * before + b))) / a;
}
