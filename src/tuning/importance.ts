import { exp } from '../utils/math';
import { compileSpace } from './compile-space';
import { gridValues } from './grid';
import { densityOf } from './tpe';
import type { Distribution } from './space-types';
import type { Study, Trial } from './types';

/** Trials from which on importance is told. */
const LEAST_TRIALS = 10;
/** The best so many in 100 are held against all. */
const TOP_SHARE = 0.1;
const POINTS = 100;

export interface ParameterImportance {
  /** Label of the space. */
  readonly parameter: string;
  /** Share of 1. */
  readonly importance: number;
}

/**
 * How much each parameter decides whether a trial is among the best tenth (PED-ANOVA, Watanabe et al. 2023, as in
 * Optuna): the variance of the ratio between the density of its values in the best trials and in all, by the Parzen
 * estimators of TPE, as shares of the sum. Empty below ten finished trials, and for studies that did not keep their
 * space.
 */
export function parameterImportance({ space, trials }: Study): readonly ParameterImportance[] {
  const done = trials.filter(({ state, values }) => state === 'ok' && values !== undefined);
  if (!space || done.length < LEAST_TRIALS) return [];
  const ranked = done.toSorted((a, b) => (a.loss ?? Infinity) - (b.loss ?? Infinity) || a.number - b.number);
  const best = new Set(ranked.slice(0, Math.max(2, Math.ceil(TOP_SHARE * done.length))));
  const found = compileSpace(space).dimensions.map(({ label, distribution }) => {
    const of = (some: readonly Trial[]) =>
      some.flatMap(({ values = {} }) => (Object.hasOwn(values, label) ? [values[label] as number] : []));
    return {
      parameter: label,
      importance: divergence(distribution, of(done.filter((trial) => best.has(trial))), of(done)),
    };
  });
  const total = found.reduce((sum, { importance }) => sum + importance, 0);
  if (!(total > 0)) return [];
  return found
    .map(({ parameter, importance }) => ({ parameter, importance: importance / total }))
    .sort((a, b) => b.importance - a.importance);
}

/** Variance of the ratio of two densities under the second. */
function divergence(distribution: Distribution, best: readonly number[], all: readonly number[]): number {
  if (all.length < 2 || best.length === 0) return 0;
  const values = gridValues(distribution, POINTS);
  const top = densityOf(distribution, best, 1);
  const every = densityOf(distribution, all, 1);
  const stretched = 'log' in distribution && distribution.log && distribution.q === undefined;
  let weight = 0;
  let sum = 0;
  for (const value of values) {
    const density = exp(every.logAt(value)) * (stretched ? value : 1);
    const ratio = exp(top.logAt(value) - every.logAt(value));
    if (!(density > 0) || !Number.isFinite(ratio)) continue;
    weight += density;
    sum += density * (ratio - 1) * (ratio - 1);
  }
  return weight > 0 ? sum / weight : 0;
}
