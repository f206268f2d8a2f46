import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodePlatform } from '../../src/cli/node-platform';
import { loadConfig } from '../../src/config/load';
import type { Config } from '../../src/config/schema';
import type { Platform } from '../../src/pipeline/platform';
import { Workspace } from '../../src/pipeline/workspace';
import type { StageProgress } from '../../src/pipeline/views';

const OPTIONS = { rows: 1500, maxEvals: 12, seed: 5 };

function configWith(tuning: string): Config {
  const text = readFileSync('config.yaml', 'utf8').replace('algorithm: tpe', `algorithm: tpe\n      ${tuning}`);
  const loaded = loadConfig(text);
  if (!('config' in loaded)) throw new Error(loaded.faults.map(({ message }) => message).join('\n'));
  const models = loaded.config.models.map((model) => ({ ...model, training: { ...model.training, challengers: [] } }));
  return { ...loaded.config, models };
}

const config = configWith('tpe: { n_startup_jobs: 5 }');
const prepared = async (platform: Platform) => {
  const workspace = new Workspace(platform, config);
  await workspace.run('heart_disease', { ...OPTIONS, stages: ['data', 'features'] });
  return workspace;
};
const train = (workspace: Workspace, onProgress?: (progress: StageProgress) => void, signal?: { aborted: boolean }) =>
  workspace.run('heart_disease', { ...OPTIONS, stages: ['training'] }, onProgress, signal);
const studyOf = async (workspace: Workspace) => (await workspace.trainingView('heart_disease'))?.study;

/** A platform whose trainer is lost after so many trials, as when a tab is closed. */
function losing(platform: Platform, after: number): Platform {
  let trials = 0;
  const { training } = platform.services;
  const trial: typeof training.trial = (...call) => {
    trials += 1;
    return trials > after ? Promise.reject(new Error('the tab is gone')) : training.trial(...call);
  };
  return { ...platform, services: { ...platform.services, training: { ...training, concurrency: 1, trial } } };
}

describe('a search', { timeout: 120_000 }, () => {
  it('that was cut off goes on where it stood and ends as one that was not', async () => {
    const whole = await prepared(nodePlatform());
    await train(whole);
    const platform = nodePlatform();
    const workspace = await prepared(platform);
    await expect(train(new Workspace(losing(platform, 7), config))).rejects.toThrow('the tab is gone');
    const waiting = await workspace.searchUnderWay('heart_disease');
    expect(waiting?.maxEvals).toBe(12);
    expect(waiting?.ended).toBeGreaterThan(3);
    const seen: number[] = [];
    await train(workspace, ({ detail }) => {
      const { trial } = (detail ?? {}) as { readonly trial?: number };
      if (trial !== undefined) seen.push(trial);
    });
    expect(seen).toHaveLength(12 - (waiting?.ended ?? 0));
    const [ours, theirs] = [await studyOf(workspace), await studyOf(whole)];
    const bare = (study: typeof ours) =>
      study?.trials.map(({ number, params, loss, state }) => [number, params, loss, state]);
    expect(bare(ours)).toEqual(bare(theirs));
    expect(ours?.bestTrial).toBe(theirs?.bestTrial);
    expect(await workspace.searchUnderWay('heart_disease')).toBeNull();
  });

  it('starts anew where its inputs changed, and is forgotten when it is cancelled', async () => {
    const platform = nodePlatform();
    const workspace = await prepared(platform);
    const before = await workspace.digest();
    await expect(train(new Workspace(losing(platform, 7), config))).rejects.toThrow('the tab is gone');
    const other = new Workspace(platform, configWith('tpe: { n_startup_jobs: 6 }'));
    const signal = { aborted: false };
    const seen: number[] = [];
    await expect(
      train(
        other,
        ({ detail }) => {
          const { trial } = (detail ?? {}) as { readonly trial?: number };
          if (trial !== undefined) seen.push(trial);
          if (seen.length === 2) signal.aborted = true;
        },
        signal,
      ),
    ).rejects.toThrow(/Cancelled/);
    expect(Math.min(...seen)).toBe(0);
    expect(await workspace.digest()).toBe(before);
  });

  it('is finished with the best so far when that is enough', async () => {
    const workspace = await prepared(nodePlatform());
    let seen = 0;
    await train(workspace, ({ detail }) => {
      const { trial } = (detail ?? {}) as { readonly trial?: number };
      if (trial !== undefined && ++seen === 3) void workspace.finishSearch();
    });
    const study = await studyOf(workspace);
    expect(study).toMatchObject({ stopped: true, stopReason: 'person', algorithm: 'tpe' });
    expect(study?.trials.length).toBeGreaterThanOrEqual(3);
    expect(study?.trials.length).toBeLessThan(12);
  });

  it('prunes with config.yaml saying so, and tells what was searched', async () => {
    const platform = nodePlatform();
    const pruning = configWith('pruner: { type: median, n_startup_trials: 3, n_warmup_steps: 2 }');
    const workspace = new Workspace(platform, pruning);
    await workspace.run('heart_disease', { ...OPTIONS, maxEvals: 20, stages: ['data', 'features', 'training'] });
    const view = await workspace.trainingView('heart_disease');
    const pruned = view?.study.trials.filter(({ state }) => state === 'pruned') ?? [];
    expect(pruned.length).toBeGreaterThan(0);
    expect(pruned.every(({ curve, reason }) => curve.length < 200 && reason?.includes('median'))).toBe(true);
    expect(view?.search.axes).toContainEqual({ parameter: 'eta', log: true, options: null });
  });
});
