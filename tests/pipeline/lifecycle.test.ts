import { beforeAll, describe, expect, test } from 'vitest';
import { STAGES } from '../../src/pipeline/views';
import type { Workspace } from '../../src/pipeline/workspace';
import { countedWorkspace, withTrainers } from './platform';

const SMALL = { seed: 5, rows: 3000, maxEvals: 4 } as const;

describe('the lifecycle of the built-in model', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = countedWorkspace().workspace;
    await workspace.run('heart_disease', SMALL);
  }, 120_000);

  test('every stage has a result and a sentence', async () => {
    const { models } = await workspace.overview();
    const heart = models.find((model) => model.name === 'heart_disease');
    for (const stage of STAGES) {
      expect(heart?.stages[stage].status, stage).not.toBe('empty');
      expect(heart?.stages[stage].sentence, stage).toMatch(/\w.*[.?]$/s);
    }
  });

  test('no patient is on both sides of the split', async () => {
    const view = await workspace.trainingView('heart_disease');
    const features = await workspace.featuresView('heart_disease');
    expect(view && view.split.trainEntities + view.split.holdoutEntities).toBeLessThanOrEqual(
      features?.dataset.entities ?? 0,
    );
    expect(view?.split.holdoutRows).toBe(view?.evaluation.n);
  });

  test('the first version is champion, and a prediction adds up', async () => {
    const registry = await workspace.registryView('heart_disease');
    expect(registry?.aliases).toEqual({ champion: 1 });
    const key = (await workspace.findKeys('heart_disease', ''))[0] ?? '';
    const prediction = await workspace.predict('heart_disease', key);
    const sum = prediction.factors.reduce((total, factor) => total + factor.shap, prediction.base);
    expect(Math.abs(sum - prediction.margin)).toBeLessThan(1e-5);
    expect((await workspace.inferenceView('heart_disease'))?.recent[0]).toEqual(prediction);
  });

  test('the time line of an entity takes at most one value a feature', async () => {
    const key = (await workspace.findKeys('heart_disease', ''))[0] ?? '';
    const { points } = await workspace.entityTimeline('heart_disease', key);
    const taken = points.filter((point) => point.verdict === 'taken').map((point) => point.feature);
    expect(taken.length).toBeGreaterThan(0);
    expect(new Set(taken).size).toBe(taken.length);
  });

  test('running the registry again registers nothing twice', async () => {
    await workspace.run('heart_disease', { ...SMALL, stages: ['registry'] });
    expect((await workspace.registryView('heart_disease'))?.versions).toHaveLength(1);
  });

  test('the same seed again is archived: it improves nothing', async () => {
    await workspace.run('heart_disease', { ...SMALL, stages: ['training', 'registry'] });
    const registry = await workspace.registryView('heart_disease');
    const second = registry?.versions.find((version) => version.version === 2);
    expect(second?.decision?.verdict).toBe('archived');
    expect(second?.decision?.improvement).toBe(0);
    expect(registry?.aliases['champion']).toBe(1);
  });

  test('another split seed leaves too few unseen rows or compares on fewer of them', async () => {
    await workspace.run('heart_disease', { ...SMALL, seed: 6, stages: ['training', 'registry'] });
    const third = (await workspace.registryView('heart_disease'))?.versions.find((version) => version.version === 3);
    const holdout = (await workspace.trainingView('heart_disease'))?.evaluation.n ?? 0;
    expect(third?.decision?.n).toBeLessThan(holdout);
  });
});

test('one trainer or three give the same workspace, byte for byte', async () => {
  const digests: string[] = [];
  for (const concurrency of [1, 3]) {
    const { workspace } = countedWorkspace(withTrainers(concurrency));
    await workspace.run('heart_disease', { ...SMALL, rows: 2000, maxEvals: 6 });
    digests.push((await workspace.modelFile('heart_disease')).content);
  }
  expect(digests[1]).toBe(digests[0]);
}, 120_000);

describe('cancelling', () => {
  test('a whole run keeps the stages that had finished, and says so', async () => {
    const { workspace } = countedWorkspace();
    const controller = new AbortController();
    const run = workspace.run(
      'heart_disease',
      { ...SMALL, rows: 1500 },
      ({ stage }) => {
        if (stage === 'training') controller.abort();
      },
      controller.signal,
    );
    await expect(run).rejects.toThrow(
      'Cancelled in training: data, features had finished and are kept, the rest is as it was.',
    );
    expect(await workspace.featuresView('heart_disease')).not.toBeNull();
    expect(await workspace.trainingView('heart_disease')).toBeNull();
  });

  test.each(STAGES)(
    '%s leaves the stores as they were',
    async (stage) => {
      const { workspace } = countedWorkspace();
      const before = STAGES.slice(0, STAGES.indexOf(stage));
      if (before.length > 0)
        await workspace.run('heart_disease', { ...SMALL, rows: 1500, maxEvals: 2, stages: before });
      const digest = await workspace.digest();
      const controller = new AbortController();
      const run = workspace.run(
        'heart_disease',
        { ...SMALL, rows: 1500, stages: [stage] },
        () => controller.abort(),
        controller.signal,
      );
      await expect(run).rejects.toThrow(`Cancelled in ${stage}: nothing was changed.`);
      expect(await workspace.digest()).toBe(digest);
      await workspace.run('heart_disease', { ...SMALL, rows: 1500, maxEvals: 2, stages: [stage] });
      expect(await workspace.digest()).not.toBe(digest);
    },
    60_000,
  );
});

test('deleting a model and a reset leave nothing behind', async () => {
  const { workspace, platform } = countedWorkspace();
  const empty = await workspace.digest();
  await workspace.run('heart_disease', { ...SMALL, rows: 1500, maxEvals: 2 });
  await workspace.reset();
  expect(await workspace.digest()).toBe(empty);
  expect(await platform.files.list()).toEqual([]);
}, 60_000);
