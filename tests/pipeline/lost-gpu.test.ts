import { expect, test } from 'vitest';
import { kernelsOf } from '../../src/cli/node-platform';
import type { Platform } from '../../src/pipeline/platform';
import { TrainingService } from '../../src/pipeline/services/training-service';
import { deviceLost } from '../../src/platform/webgpu/gpu';
import { countedWorkspace } from './platform';

const ASKED = { seed: 5, rows: 3000, maxEvals: 2, stages: ['data', 'features', 'training'] } as const;

/** Trees go to a GPU that is lost whenever it is asked. */
function withLostGpu(platform: Platform): Platform {
  const { training } = platform.services;
  const device = { name: 'webgpu', leastCells: 0, open: () => Promise.reject(deviceLost('it fell asleep')) } as const;
  const noNetworks = () => Promise.reject(new Error('not part of this test'));
  const service = new TrainingService(platform.pause, noNetworks, kernelsOf('wasm') ?? undefined, { device });
  const onGpu = {
    load: async (...args: Parameters<typeof service.load>) => {
      await training.load(...args);
      await service.load(...args);
    },
    trial: (...args: Parameters<typeof service.trial>) => service.trial(...args),
    fit: (...args: Parameters<typeof service.fit>) => service.fit(...args),
  };
  return { ...platform, services: { ...platform.services, training: { ...training, ...onGpu } } };
}

test('a GPU that is lost changes no model, and the Training stage says so', async () => {
  const [lost, plain] = [countedWorkspace(withLostGpu).workspace, countedWorkspace().workspace];
  await lost.run('heart_disease', ASKED);
  await plain.run('heart_disease', ASKED);
  const [model] = (await lost.overview()).models;
  expect(model?.stages.training.sentence).toContain(
    'The GPU stopped answering (it fell asleep). The trees were finished in WebAssembly; the model is the same.',
  );
  const [ours, theirs] = [await lost.trainingView('heart_disease'), await plain.trainingView('heart_disease')];
  expect(ours?.run.tags['glasshouse.model_sha256']).toBe(theirs?.run.tags['glasshouse.model_sha256']);
  expect(ours?.run.tags['glasshouse.backend']).toBe('wasm');
  expect((await plain.overview()).models[0]?.stages.training.sentence).not.toContain('GPU');
});
