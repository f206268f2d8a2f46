import { describe, expect, it } from 'vitest';
import { AbortError, WorkbenchError } from '../utils/errors';
import { isPruned, pruneRule, type PrunerSettings } from './pruners';
import { NEVER, whyStop } from './stops';
import { runStudy, type StudyRequest } from './study';
import { TPE_DEFAULTS, type SearchSpace, type Trial, type TrialParams } from './types';

const space: SearchSpace = {
  kind: { choice: ['a', 'b', true] },
  depth: { randint: [2, 5] },
  share: { uniform: [0.5, 1] },
  eta: { loguniform: [-3, -1] },
};

const lossOf = (params: TrialParams) => (Number(params['share']) - 0.7) ** 2;
const evaluate: StudyRequest['evaluate'] = async (params, number) => {
  for (let i = 0; i < (number * 7) % 5; i++) await Promise.resolve();
  return { loss: lossOf(params), bestRounds: number, curve: [1, 0.5] };
};

describe('runStudy', () => {
  it('is the same for any number of trials at a time, and best is the smallest loss', async () => {
    const request = { space, seed: 3, maxEvals: 25, evaluate, objective: 'squares' };
    const one = await runStudy(request, {});
    expect(one.trials.map(({ number }) => number)).toEqual([...Array(25).keys()]);
    expect(await runStudy({ ...request, concurrency: 4 }, {})).toEqual({ ...one, parallelism: 4 });
    const least = Math.min(...one.trials.map(({ loss }) => loss ?? Infinity));
    expect(one.trials[one.bestTrial ?? -1]?.loss).toBe(least);
    expect(one).toMatchObject({ algorithm: 'random', seed: 3, maxEvals: 25, objective: 'squares', stopped: false });
  });

  it('keeps what is done when stopped, trials under way included', async () => {
    const stop = { aborted: false };
    const onTrial = ({ number }: { number: number }) => void (stop.aborted ||= number === 6);
    const study = await runStudy({ space, seed: 3, maxEvals: 25, evaluate, concurrency: 3, stop, onTrial }, {});
    expect(study.stopped).toBe(true);
    expect(study.trials.length).toBeGreaterThanOrEqual(7);
    expect(study.trials.length).toBeLessThan(12);
    expect(study.trials.map(({ number }) => number)).toEqual([...study.trials.keys()]);
    expect(study.bestTrial).not.toBeNull();
  });

  it('throws when cancelled, after the trials under way have ended', async () => {
    const signal = { aborted: false };
    let running = 0;
    const slow: StudyRequest['evaluate'] = async (params, number, control) => {
      running++;
      if (number === 4) signal.aborted = true;
      const outcome = await evaluate(params, number, control);
      running--;
      return outcome;
    };
    await expect(
      runStudy({ space, seed: 3, maxEvals: 25, evaluate: slow, concurrency: 3 }, { signal }),
    ).rejects.toBeInstanceOf(AbortError);
    expect(running).toBe(0);
  });

  it('records a configuration that cannot be trained, and throws when none can or on any other error', async () => {
    const refusing: StudyRequest['evaluate'] = async (params, number, control) => {
      if (number % 2 === 0) throw new WorkbenchError('TRAINING_INVALID', `no ${number}`);
      return number === 1 ? { loss: NaN, bestRounds: 1, curve: [] } : evaluate(params, number, control);
    };
    const { trials, bestTrial } = await runStudy({ space, seed: 3, maxEvals: 4, evaluate: refusing }, {});
    expect(trials.map(({ state }) => state)).toEqual(['fail', 'fail', 'fail', 'ok']);
    expect(trials[0]).toMatchObject({ loss: null, bestRounds: null, reason: 'no 0' });
    expect(bestTrial).toBe(3);
    await expect(runStudy({ space, seed: 3, maxEvals: 2, evaluate: refusing, concurrency: 2 }, {})).rejects.toThrow(
      'no 0',
    );
    const lost = () => Promise.reject(new WorkbenchError('WORKER_LOST', 'gone'));
    await expect(runStudy({ space, seed: 3, maxEvals: 4, evaluate: lost }, {})).rejects.toThrow('gone');
    await expect(runStudy({ space, seed: 3, maxEvals: 0, evaluate }, {})).rejects.toThrow(/max_evals is 0/);
  });

  it('tells of each finished trial and how long it took', async () => {
    let clock = 0;
    const seen: number[] = [];
    const onTrial = ({ number }: { number: number }) => void seen.push(number);
    const study = await runStudy({ space, seed: 3, maxEvals: 3, evaluate, onTrial, now: () => (clock += 10) }, {});
    expect(seen).toEqual([0, 1, 2]);
    expect(study.trials.map(({ durationMs }) => durationMs)).toEqual([10, 10, 10]);
  });
});

/** Waits a number of turns that has nothing to do with the parameters. */
const turns = (count: number): StudyRequest['evaluate'] =>
  async function wait(params, number) {
    for (let i = 0; i < (number * count) % 11; i++) await Promise.resolve();
    return { loss: lossOf(params) + Number(params['eta']), bestRounds: 1, curve: [1, lossOf(params)] };
  };
const tpe = (multivariate: boolean) =>
  ({ algorithm: 'tpe', tpe: { ...TPE_DEFAULTS, n_startup_jobs: 8, multivariate }, gridPoints: 5 }) as const;
const bare = ({ trials }: { readonly trials: readonly Trial[] }) =>
  trials.map(({ durationMs: _durationMs, ...trial }) => trial);

describe.each([false, true])('TPE, parameters together: %s', (multivariate) => {
  const request = { space, seed: 3, maxEvals: 40, search: tpe(multivariate) };

  it.each([1, 3])('gives the same trials with %i at a time, whichever ends first', async (concurrency) => {
    const one = await runStudy({ ...request, concurrency, evaluate: turns(7) }, {});
    const other = await runStudy({ ...request, concurrency, evaluate: turns(5) }, {});
    expect(other).toEqual(one);
    expect(one).toMatchObject({ algorithm: 'tpe', parallelism: concurrency });
  });

  it('goes on where it stood, from any trial, holes included', async () => {
    const whole = await runStudy({ ...request, concurrency: 3, evaluate: turns(7) }, {});
    for (const ended of [1, 9, 23, 39]) {
      const tried: number[] = [];
      const evaluate: StudyRequest['evaluate'] = (params, number, run) => {
        tried.push(number);
        return turns(5)(params, number, run);
      };
      const known = whole.trials.filter(({ number }) => number < ended || number === ended + 1);
      const resumed = await runStudy({ ...request, concurrency: 3, evaluate, known }, {});
      expect(bare(resumed)).toEqual(bare(whole));
      expect(resumed.bestTrial).toBe(whole.bestTrial);
      expect(tried).toEqual([...Array(40).keys()].filter((number) => !known.some((trial) => trial.number === number)));
    }
  });

  it('finds better than random search does, as the median of ten seeds', async () => {
    const best = async (search: StudyRequest['search'], seed: number) => {
      const { trials, bestTrial } = await runStudy({ ...request, seed, search, evaluate: turns(1) }, {});
      return trials[bestTrial ?? 0]?.loss ?? Infinity;
    };
    const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[5] ?? NaN;
    const seeds = [...Array(10).keys()];
    const ours = median(await Promise.all(seeds.map((seed) => best(tpe(multivariate), seed))));
    expect(ours).toBeLessThan(median(await Promise.all(seeds.map((seed) => best(undefined, seed)))));
  });
});

describe('a study ends early', () => {
  const request = { space, seed: 3, maxEvals: 40, evaluate: turns(1) };

  it('after trials without progress, as no_progress_loss counts them', async () => {
    const stops = { ...NEVER, noProgress: { trials: 6, percent: 0 } };
    const study = await runStudy({ ...request, stops }, {});
    expect(study).toMatchObject({ stopped: true, stopReason: 'no_progress' });
    expect(study.trials.length).toBe((study.bestTrial ?? 0) + 7);
    expect(await runStudy({ ...request, stops, known: study.trials.slice(0, 5) }, {})).toEqual(study);
  });

  it('once a loss is low enough, and in time', async () => {
    const whole = await runStudy(request, {});
    const first = whole.trials.find(({ loss }) => (loss ?? 1) < 0.2);
    const low = await runStudy({ ...request, stops: { ...NEVER, lossThreshold: 0.2 } }, {});
    expect(low).toMatchObject({ stopReason: 'loss_threshold' });
    expect(low.trials).toHaveLength((first?.number ?? NaN) + 1);
    let clock = 0;
    const timed = await runStudy({ ...request, now: () => (clock += 400), stops: { ...NEVER, timeout: 10 } }, {});
    expect(timed).toMatchObject({ stopReason: 'timeout' });
    expect(timed.trials.length).toBeGreaterThan(2);
    expect(timed.trials.length).toBeLessThan(20);
  });

  it('when a grid has no point left', async () => {
    const search = { algorithm: 'grid', tpe: TPE_DEFAULTS, gridPoints: 2 } as const;
    const study = await runStudy({ ...request, search }, {});
    expect(study.trials).toHaveLength(3 * 3 * 2 * 2);
    expect(study).toMatchObject({ stopReason: 'space_exhausted', stopped: true });
  });

  it('counts a percentage of the best as no progress', () => {
    const trials = [1, 0.95, 0.5].map((loss, number) => ({ number, state: 'ok', loss }) as Trial);
    expect(whyStop(trials.slice(0, 2), { ...NEVER, noProgress: { trials: 1, percent: 10 } })).toBe('no_progress');
    expect(whyStop(trials.slice(0, 2), { ...NEVER, noProgress: { trials: 1, percent: 4 } })).toBeNull();
    expect(whyStop(trials, { ...NEVER, noProgress: { trials: 2, percent: 10 } })).toBeNull();
  });
});

describe('pruners', () => {
  const ended = (curves: readonly (readonly number[])[], states: readonly Trial['state'][] = []) =>
    curves.map((curve, number) => ({ number, curve, state: states[number] ?? 'ok' }) as Trial);
  const median = (changes: object = {}): PrunerSettings => ({
    kind: 'median',
    n_startup_trials: 3,
    n_warmup_steps: 1,
    interval_steps: 2,
    ...changes,
  });

  it('median: the best so far against the median of finished trials at the round', () => {
    const trials = ended(
      [
        [5, 4, 3, 2],
        [6, 5, 4, 3],
        [7, 6, 9],
        [0, 0, 0, 0],
      ],
      ['ok', 'ok', 'ok', 'pruned'],
    );
    expect(pruneRule(median({ n_startup_trials: 4 }), trials, 4)).toBeNull();
    const rule = pruneRule(median(), trials, 4);
    if (!rule) throw new Error('no rule');
    expect(rule.limits).toEqual([NaN, 5, NaN, 2.5]);
    expect(isPruned(rule, [9])).toBe(false);
    expect(isPruned(rule, [9, 5])).toBe(false);
    expect(isPruned(rule, [9, 5.1])).toBe(true);
    expect(isPruned(rule, [5, 9])).toBe(false);
    expect(isPruned(rule, [NaN, NaN])).toBe(true);
    expect(isPruned(rule, [5, 5, 5, 2.6])).toBe(true);
  });

  it('asha: among the best 1 in 4 of each rung, its own loss counted', () => {
    const settings = { kind: 'asha', reduction_factor: 4, min_resource: 1, min_early_stopping_rate: 0 } as const;
    const trials = ended([[1], [2], [3], [4, 4, 4, 4], [5], [6], [7]]);
    const rule = pruneRule(settings, trials, 20);
    if (!rule) throw new Error('no rule');
    // Eight with itself: the best two go on; of two at the second rung, the better; nobody was at the third.
    expect([rule.limits[0], rule.limits[3], rule.limits[15]]).toEqual([2, 4, Infinity]);
    expect(rule.limits.filter((limit) => !Number.isNaN(limit))).toHaveLength(3);
    expect(isPruned(rule, [2])).toBe(false);
    expect(isPruned(rule, [2.5])).toBe(true);
    expect(isPruned(rule, [NaN])).toBe(true);
    expect(pruneRule({ ...settings, min_resource: 'auto' }, [], 20)).toBeNull();
    const long = ended([Array.from({ length: 300 }, () => 1)]);
    expect(pruneRule({ ...settings, min_resource: 'auto' }, long, 300)?.limits[2]).toBe(1);
  });

  it('end a trial after the round that is judged, and say why; it is never the best', async () => {
    const evaluate: StudyRequest['evaluate'] = (params, number, { prune }) => {
      const curve: number[] = [];
      for (let round = 0; round < 6; round++) {
        curve.push(lossOf(params) + (6 - round));
        if (prune && isPruned(prune, curve)) break;
      }
      return Promise.resolve({ loss: curve.at(-1) ?? NaN, bestRounds: number, curve });
    };
    const request = {
      space,
      seed: 3,
      maxEvals: 30,
      search: tpe(false),
      pruner: { settings: median(), rounds: 6 },
      evaluate,
      concurrency: 2,
    };
    const study = await runStudy(request, {});
    const pruned = study.trials.filter(({ state }) => state === 'pruned');
    expect(pruned.length).toBeGreaterThan(5);
    expect(pruned.length).toBeLessThan(30);
    expect(pruned[0]?.reason).toMatch(/Pruned after round \d: its best loss so far is above the median/);
    expect(study.trials[study.bestTrial ?? -1]?.state).toBe('ok');
    expect(await runStudy({ ...request, known: study.trials.slice(0, 13) }, {})).toEqual(study);
  });
});
