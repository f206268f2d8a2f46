import { expect, it } from 'vitest';
import { binMatrix } from '../bin-matrix';
import { testMatrix } from '../made-up-table';
import { makeObjective } from '../objectives';
import { Pacer } from '../pacer';
import { parseBoosterParams } from '../params';
import { floatLabels } from '../train-request';
import { TrainingRows } from '../training-rows';
import { TreeBuilder } from './tree-builder';
import { splitRules } from './tree-rules';
import type { RegTree } from '../types';

async function grow(given: Readonly<Record<string, unknown>>, mostWaiting?: number): Promise<RegTree> {
  const params = parseBoosterParams({ min_child_weight: 0, ...given });
  const binned = await binMatrix(testMatrix(3000), 256, {});
  const objective = makeObjective(params.objective, params);
  const data = { labels: floatLabels(binned.matrix) };
  const trainRows = Int32Array.from(data.labels.keys());
  const { layout } = binned.bins;
  const rules = splitRules(params, binned.categorical, layout.featureCount);
  const base = Float32Array.of(0);
  const local = binned.bins.startBoosting({ ...data, positiveWeight: 1, outputs: 1, base, trainRows, limits: rules });
  const source = { local, team: null, objective, data, trainRows, localTrain: 3000, localValidation: 0 };
  const rows = new TrainingRows(source, new Pacer({}));
  const builder = new TreeBuilder({ rows, layout, cuts: binned.cuts, rules, params, eta: 0.3, mostWaiting });
  const features = Int32Array.of(0, 1, 2, 3, 4);
  await rows.gradients(0);
  const start = await rows.startTree(0, { drawn: trainRows, leftOut: new Int32Array() }, features);
  await builder.grow(0, features, start);
  return builder.nodes.toTree(1, true);
}

it.each([
  { grow_policy: 'lossguide', max_leaves: 300, max_depth: 0 },
  { grow_policy: 'depthwise', max_leaves: 100, max_depth: 12 },
])('grows the same tree however few histograms are kept: %o', async (given) => {
  const kept = await grow(given);
  expect(kept.leftChildren.length).toBeGreaterThan(150);
  for (const most of [0, 1, 7]) expect(await grow(given, most)).toEqual(kept);
});
