import { describe, expect, it } from 'vitest';
import { AbortError, WorkbenchError } from '../utils/errors';
import { sampleSpace } from './space';
import { runStudy, type StudyRequest } from './study';
import type { SearchSpace, TrialParams } from './types';

const space: SearchSpace = {
  kind: { choice: ['a', 'b', true] },
  depth: { randint: [2, 5] },
  share: { uniform: [0.5, 1] },
  step: { quniform: [0, 1, 0.1] },
  eta: { loguniform: [-3, -1] },
  weight: { qloguniform: [0, 3, 2] },
};
const draws = Array.from({ length: 2000 }, (_, number) => sampleSpace(space, 5, number));
const column = (name: string) => draws.map((params) => params[name]);
const numbers = (name: string) => column(name).map(Number);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('sampleSpace', () => {
  it("draws from Hyperopt's distributions", () => {
    for (const option of ['a', 'b', true]) {
      expect(column('kind').filter((value) => value === option).length / 2000).toBeCloseTo(1 / 3, 1);
    }
    expect([...new Set(numbers('depth'))].sort()).toEqual([2, 3, 4]);
    expect(Math.min(...numbers('share'))).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...numbers('share'))).toBeLessThan(1);
    expect(mean(numbers('share'))).toBeCloseTo(0.75, 1);
    expect([...new Set(numbers('step'))].sort()).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(Math.min(...numbers('eta'))).toBeGreaterThan(Math.exp(-3) - 1e-9);
    expect(Math.max(...numbers('eta'))).toBeLessThan(Math.exp(-1));
    expect(mean(numbers('eta').map(Math.log))).toBeCloseTo(-2, 1);
    expect(numbers('weight').every((value) => value % 2 === 0 && value >= 0 && value <= 20)).toBe(true);
  });

  it('depends on seed and number only, parameter by parameter', () => {
    expect(sampleSpace(space, 5, 77)).toEqual(draws[77]);
    expect(sampleSpace(space, 6, 77)).not.toEqual(draws[77]);
    expect(sampleSpace({ eta: { loguniform: [-3, -1] } }, 5, 77)).toEqual({ eta: draws[77]?.['eta'] });
  });

  it.each<[SearchSpace, RegExp]>([
    [{ a: { uniform: [1, 0] } }, /a has the bounds 1, 0/],
    [{ a: { choice: [] } }, /a has no options/],
    [{ a: { quniform: [0, 1, 0] } }, /a has the step q 0/],
  ])('refuses %o', (bad, message) => expect(() => sampleSpace(bad, 1, 0)).toThrow(message));
});

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
    expect(await runStudy({ ...request, concurrency: 4 }, {})).toEqual(one);
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
    const onTrial = ({ number }: { number: number }) => seen.push(number);
    const study = await runStudy({ space, seed: 3, maxEvals: 3, evaluate, onTrial, now: () => (clock += 10) }, {});
    expect(seen).toEqual([0, 1, 2]);
    expect(study.trials.map(({ durationMs }) => durationMs)).toEqual([10, 10, 10]);
  });
});
