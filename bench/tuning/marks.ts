import { runStudy, type StudyRequest } from '../../src/tuning/study';
import { TPE_DEFAULTS, type SearchSpace, type TpeSettings, type TrialParams } from '../../src/tuning/types';
import { makeRandom, type Random } from '../../src/utils/random';

/** One of Hyperopt's own test domains (hyperopt 0.3.0, tests/unit/test_domains.py) with its pass mark (test_tpe.py). */
interface Domain {
  readonly space: SearchSpace;
  readonly loss: (params: Readonly<Record<string, number>>, noise: Random) => number;
  readonly trials: number;
  /** Passed when the least loss is below it. */
  readonly mark: number;
  readonly settings?: Partial<TpeSettings>;
}

const DOMAINS: Readonly<Record<string, Domain>> = {
  quadratic1: {
    space: { x: { uniform: [-5, 5] } },
    loss: ({ x = NaN }) => (x - 3) ** 2,
    trials: 1000,
    mark: 1e-5,
    settings: { n_EI_candidates: 5 },
  },
  q1_lognormal: {
    space: { x: { lognormal: [0, 2] } },
    loss: ({ x = NaN }) => Math.min(0.1 * (x - 10) ** 2, 10),
    trials: 250,
    mark: 0.01,
  },
  distractor: {
    space: { x: { uniform: [-15, 15] } },
    loss: ({ x = NaN }) => -1 / (1 + Math.exp(-x)) - 2 * Math.exp(-((x + 10) ** 2)),
    trials: 100,
    mark: -1.96,
    settings: { gamma: 0.05, prior_weight: 0.01, n_EI_candidates: 15 },
  },
  gauss_wave: {
    space: { x: { uniform: [-20, 20] }, curve: { choice: [0, 1] } },
    loss: ({ x = NaN, curve = NaN }) => {
      const t = x + curve * Math.PI;
      return -(Math.sin(t) + 2 * Math.exp(-((t / 5) ** 2)));
    },
    trials: 50,
    mark: -2,
  },
  gauss_wave2: {
    space: { x: { uniform: [-20, 20] }, hf: { choice: [0, { hf: 1, amp: { uniform: [0, 1] } }] } },
    loss: ({ x = NaN, hf = NaN, amp = 0 }, noise) =>
      -(0.1 * noise.normal() + 2 * Math.exp(-((x / 5) ** 2)) + (hf === 1 ? Math.sin(x) * amp : 0)),
    trials: 75,
    mark: -2,
  },
  n_arms: {
    space: { x: { choice: [0, 1] } },
    loss: ({ x = NaN }, noise) => (x === 0 ? -1 : 0) + noise.normal(),
    trials: 50,
    mark: -2.5,
  },
  many_dists: {
    space: {
      a: { choice: [0, 1, 2] },
      b: { randint: [10] },
      bb: { randint: [12, 25] },
      c: { uniform: [4, 7] },
      d: { loguniform: [-2, 0] },
      e: { quniform: [0, 10, 3] },
      f: { qloguniform: [0, 3, 2] },
      g: { normal: [4, 7] },
      h: { lognormal: [-2, 2] },
      i: { qnormal: [0, 10, 2] },
      j: { qlognormal: [0, 2, 1] },
      k: {
        pchoice: [
          [0.1, 0],
          [0.9, 1],
        ],
      },
    },
    loss: (params) => Math.log(1e-12 + Object.values(params).reduce((sum, value) => sum + value, 0) ** 2),
    trials: 200,
    mark: 0.0005,
  },
  branin: {
    space: { x: { uniform: [-5, 10] }, y: { uniform: [0, 15] } },
    loss: ({ x = NaN, y = NaN }) =>
      (y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 * x) / Math.PI - 6) ** 2 +
      10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
      10,
    trials: 200,
    mark: 0.7,
  },
};

export const DOMAIN_NAMES = Object.keys(DOMAINS);
export const MARKS = Object.fromEntries(Object.entries(DOMAINS).map(([name, { mark }]) => [name, mark]));

/** Least loss of one study of a domain, and whether it passes. */
export async function judge(
  name: string,
  algorithm: 'tpe' | 'random',
  seed: number,
): Promise<{ readonly least: number; readonly passed: boolean }> {
  const domain = DOMAINS[name];
  if (!domain) throw new Error(`There is no domain ${name}; there are ${DOMAIN_NAMES.join(', ')}.`);
  const { space, loss, trials, mark, settings } = domain;
  const numbers = (params: TrialParams) =>
    Object.fromEntries(Object.entries(params).map(([key, value]) => [key, Number(value)]));
  const evaluate: StudyRequest['evaluate'] = (params, number) =>
    Promise.resolve({
      loss: loss(numbers(params), makeRandom(seed, `noise/${number}`)),
      bestRounds: 1,
      curve: [],
    });
  const search = { algorithm, tpe: { ...TPE_DEFAULTS, ...settings }, gridPoints: 5 };
  const study = await runStudy({ space, seed, maxEvals: trials, search, evaluate }, {});
  const least = study.trials[study.bestTrial ?? -1]?.loss ?? Infinity;
  return { least, passed: least < mark };
}
