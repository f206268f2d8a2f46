import { describe, expect, test } from 'vitest';
import type { OnStageProgress } from '../../src/pipeline/views';
import type { Workspace } from '../../src/pipeline/workspace';
import type { Signal } from '../../src/utils/control';
import { countedWorkspace } from './platform';

const MODEL = 'heart_disease';
const MOMENTS = 14;

type Step = (workspace: Workspace, onProgress: OnStageProgress, signal?: Signal) => Promise<void>;

const STEPS: readonly (readonly [string, readonly ('data' | 'features' | 'all')[], Step])[] = [
  ['data', [], (w, p, s) => w.run(MODEL, { seed: 5, rows: 1200, stages: ['data'] }, p, s)],
  [
    'data again with another seed',
    ['data'],
    (w, p, s) => w.run(MODEL, { seed: 6, rows: 1200, stages: ['data'] }, p, s),
  ],
  ['features', ['data'], (w, p, s) => w.run(MODEL, { seed: 5, stages: ['features'] }, p, s)],
  ['a simulated window', ['all'], (w, p, s) => w.simulate(MODEL, 'older_patients', p, s)],
  ['retraining', ['all'], (w, p, s) => w.retrain(MODEL, { seed: 5, maxEvals: 2 }, p, s)],
];

async function prepared(before: readonly string[]): Promise<Workspace> {
  const { workspace } = countedWorkspace();
  const options = { seed: 5, rows: 1200, maxEvals: 2 };
  if (before.includes('all')) {
    await workspace.run(MODEL, options);
    await workspace.simulate(MODEL, 'prevalence_up');
  } else if (before.includes('data')) await workspace.run(MODEL, { ...options, stages: ['data'] });
  return workspace;
}

describe('cancelled at any moment', () => {
  test.each(STEPS)(
    '%s leaves records and files as they were',
    async (_, before, step) => {
      const counted = await prepared(before);
      let moments = 0;
      // A finished training stays when the comparison after it is cancelled: it is a stage of its own.
      await step(counted, ({ stage }) => (moments += stage === 'registry' ? 0 : 1));
      expect(moments).toBeGreaterThan(3);

      const workspace = await prepared(before);
      const digest = await workspace.digest();
      const stride = Math.max(1, Math.floor(moments / MOMENTS));
      let cancelled = 0;
      for (let moment = 1; moment <= moments; moment += stride) {
        const controller = new AbortController();
        let seen = 0;
        const onProgress: OnStageProgress = ({ stage }) => {
          if (stage === 'registry') return;
          seen += 1;
          if (seen === moment) controller.abort();
        };
        const outcome = await step(workspace, onProgress, controller.signal).then(
          () => 'finished',
          () => 'cancelled',
        );
        if (outcome === 'finished') break;
        cancelled += 1;
        expect(await workspace.digest(), `after moment ${moment} of ${moments}`).toBe(digest);
      }
      expect(cancelled).toBeGreaterThan(2);
    },
    120_000,
  );
});
