import { describe, expect, it } from 'vitest';
import { Job } from './job.svelte';

function running(): Job {
  return new Job('m', 'Run', ['data', 'training'], 0);
}

describe('work that is watched', () => {
  it('knows its stage before the first report', () => expect(running().stage).toBe('data'));

  it('judges the time left by the piece at hand, not by what came before', () => {
    const job = running();
    job.report({ stage: 'data', label: 'a', done: 0, total: 10 }, 0);
    job.report({ stage: 'data', label: 'a', done: 5, total: 10 }, 10_000);
    expect(job.timeLeft).toBe(10_000);
    job.report({ stage: 'training', label: 'b', done: 0, total: 50 }, 20_000);
    expect(job.timeLeft).toBeNull();
    job.report({ stage: 'training', label: 'b', done: 10, total: 50 }, 22_000);
    expect(job.timeLeft).toBe(8_000);
  });

  it('says no time where the total is unknown', () => {
    const job = running();
    job.report({ stage: 'data', label: 'a', done: 3, total: 0 }, 5_000);
    expect([job.share, job.timeLeft]).toEqual([null, null]);
  });

  it('keeps every configuration once, and takes no detail on trust', () => {
    const job = running();
    const report = (detail: unknown) => job.report({ stage: 'training', label: 'b', done: 1, total: 5, detail }, 1);
    report({ trial: 0, loss: 0.5, best: 0.5, curve: [0.6, 'x', 0.5] });
    report({ trial: 0, loss: 0.5, best: 0.5 });
    for (const odd of [null, 'text', { trial: '1' }, []]) report(odd);
    report({ trial: 1, loss: 0.4, best: 0.4 });
    expect(job.trials).toEqual([
      { trial: 0, loss: 0.5, best: 0.5, curve: [0.6, 0.5] },
      { trial: 1, loss: 0.4, best: 0.4, curve: [] },
    ]);
  });

  it('keeps the curves of the fit under way, and forgets them when training starts again', () => {
    const job = running();
    const report = (stage: 'data' | 'training', detail: unknown) =>
      job.report({ stage, label: 'tree 2 of 5', done: 1, total: 5, detail }, 1);
    report('training', { metric: 'logloss', curves: { train: [0.6, 0.5], validation: [] } });
    expect(job.fit).toEqual({ label: 'tree 2 of 5', total: 5, curves: [{ name: 'train', values: [0.6, 0.5] }] });
    for (const odd of [null, { curves: null }, { curves: 'x' }, undefined]) report('training', odd);
    expect(job.fit?.curves).toHaveLength(1);
    report('data', undefined);
    report('training', undefined);
    expect(job.fit).toBeNull();
  });

  it('can be stopped', () => {
    const job = running();
    job.stop();
    expect([job.stopping, job.signal.aborted]).toEqual([true, true]);
  });
});
