import { gainOf } from '../../kernels/split/reference';
import type { PairSum, SplitLimits } from '../../kernels/types';
import type { Candidates, NarrowingLimits } from './device';
import type { ChosenSplit, PairUnits } from './growing-tree';

/** Sums of a tree's whole numbers stay within this (`quantisationFor`). */
const LARGEST_SUM = 1073741824;
/** Penalties, relative to the sum of hessians, under which float32 gains neither overflow nor vanish. */
const MOST_PENALTY = 1048576;
const LEAST_PENALTY = 1 / 1152921504606846976;
/** Float32 search cannot tell larger thresholds from "never". */
const NEVER = 2147483647;
/** More than float32 rounds. */
const ROUNDED_DOWN = 1 - 1 / 1048576;
const LARGEST_FLOAT = 3e38;

/** What a device needs to propose splits; null when penalties are beyond what its float32 gains can rank. */
export function narrowingLimits(limits: SplitLimits, { gradientUnit, hessianUnit }: PairUnits): NarrowingLimits | null {
  const lambda = limits.lambda / (hessianUnit * LARGEST_SUM);
  const alpha = limits.alpha / (gradientUnit * LARGEST_SUM);
  if (!isRankable(lambda) || !isRankable(alpha)) return null;
  return { leastHessian: Math.min(Math.ceil(limits.minChildWeight / hessianUnit), NEVER), lambda, alpha };
}

/** A gain in the device's units (sums scaled to at most 1), rounded down. */
export function deviceGain(gain: number, { gradientUnit, hessianUnit }: PairUnits): number {
  const scaled = (((gain / gradientUnit) * hessianUnit) / gradientUnit / LARGEST_SUM) * ROUNDED_DOWN;
  return Math.max(0, Math.min(scaled, LARGEST_FLOAT));
}

function isRankable(penalty: number): boolean {
  return penalty === 0 || (penalty >= LEAST_PENALTY && penalty <= MOST_PENALTY);
}

/** A node's whole-number sums and, unsplit, its float32 gain. */
export interface WeighedNode {
  readonly sum: PairSum;
  readonly gain: number;
}

/**
 * The split that `findBestSplit` would choose, of candidates among which it is: gains in float64 from whole-number sums,
 * cast to float32, in that search's order, so that ties fall alike.
 */
export function chooseSplit(
  candidates: Candidates,
  { sum: node, gain: nodeGain }: WeighedNode,
  limits: SplitLimits,
  { gradientUnit, hessianUnit }: PairUnits,
): ChosenSplit | null {
  let best: ChosenSplit | null = null;
  for (const at of inSearchOrder(candidates)) {
    const leftGradient = candidates[at + 2] as number;
    const leftHessian = candidates[at + 3] as number;
    const left = gainOf(leftGradient * gradientUnit, leftHessian * hessianUnit, limits);
    const right = gainOf(
      (node.gradient - leftGradient) * gradientUnit,
      (node.hessian - leftHessian) * hessianUnit,
      limits,
    );
    const code = candidates[at + 1] as number;
    const defaultLeft = (code & 1) === 1;
    const lossChange = Math.fround(left + right - nodeGain);
    if (!(lossChange > (best?.lossChange ?? 0)) || lossChange === Infinity) continue;
    const feature = candidates[at] as number;
    best = { lossChange, feature, bin: code >> 1, defaultLeft, leftGradient, leftHessian, categories: null };
  }
  return best;
}

/** Places of candidates: by column, missing right before left, bins up and then down. */
function inSearchOrder(candidates: Candidates): readonly number[] {
  const key = (at: number) => {
    const code = candidates[at + 1] as number;
    const bin = code >> 1;
    return (candidates[at] as number) * 512 + ((code & 1) === 0 ? bin : 511 - bin);
  };
  return Array.from({ length: candidates.length / 4 }, (_, i) => 4 * i).sort((a, b) => key(a) - key(b));
}
