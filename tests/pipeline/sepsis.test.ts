import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodePlatform } from '../../src/cli/node-platform';
import { loadConfig } from '../../src/config/load';
import { Workspace } from '../../src/pipeline/workspace';

test('the second built-in model goes through the whole lifecycle and back', { timeout: 120_000 }, async () => {
  const loaded = loadConfig(readFileSync('config.yaml', 'utf8'));
  if (!('config' in loaded)) throw new Error('config.yaml has faults');
  const workspace = new Workspace(nodePlatform(), loaded.config);
  const model = 'sepsis_prediction';
  await workspace.run(model, { rows: 3000, maxEvals: 4, seed: 7 });
  const training = await workspace.trainingView(model);
  expect(training?.evaluation.metrics.roc_auc.value).toBeGreaterThan(0.75);
  expect(training?.evaluation.metrics.roc_auc.value).toBeLessThan(0.97);
  await workspace.simulate(model, 'influenza_season');
  const monitoring = await workspace.monitoringView(model);
  expect(monitoring?.reports.length).toBeGreaterThan(0);
});
