import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/load';
import { modelDefinitions } from '../../models/catalog';
import { nodePlatform } from '../../cli/node-platform';
import { findSpec } from '../specs';

describe('the SQL engine', () => {
  it('serves one data set at a time: a picture of old tables asked for meanwhile changes nothing', async () => {
    const loaded = loadConfig(readFileSync('config.yaml', 'utf8'));
    if (!('config' in loaded)) throw new Error('config.yaml has faults');
    const platform = nodePlatform();
    const { data } = platform.services;
    const spec = await findSpec(platform, loaded.config, 'heart_disease');
    const definition = modelDefinitions().get('heart_disease');
    const clock = definition?.clock ?? 0;
    const from = clock - 1;
    const old = await data.generate({ model: 'heart_disease', seed: 3, rows: 1500 });
    const fresh = await data.generateWindow({
      model: 'heart_disease',
      seed: 4,
      rows: 300,
      from,
      to: from + 90 * 86_400_000_000,
      scenario: 'older_patients',
      before: old.partitions,
      history: { seed: 3, rows: 1500 },
    });
    const call = {
      spec,
      partitions: [...old.partitions, ...fresh.partitions],
      clock: from + 200 * 86_400_000_000,
      materializeFrom: 0,
    };
    const alone = await data.buildDataset(call);
    expect(alone.rows).toBeGreaterThan(1500);
    const key = alone.sampleKeys[0] ?? '';
    const meanwhile: Promise<unknown>[] = [];
    const crowded = await data.buildDataset(call, () => {
      meanwhile.push(data.timeline({ ...call, partitions: old.partitions }, key, clock));
    });
    await Promise.all(meanwhile);
    expect(meanwhile.length).toBeGreaterThan(2);
    expect(crowded.digest).toBe(alone.digest);
  });
});
