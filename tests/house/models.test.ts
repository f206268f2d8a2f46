import { readdirSync, existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load';
import { checkConfigModels, modelDefinitions } from '../../src/models/catalog';

const folders = readdirSync('src/models', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const loaded = loadConfig(readFileSync('config.yaml', 'utf8'));

test('config.yaml has no faults and names what the model folders hold', () => {
  if (!('config' in loaded)) throw new Error(loaded.faults.map((fault) => fault.message).join('\n'));
  expect(() => checkConfigModels(loaded.config)).not.toThrow();
});

describe.each(folders)('src/models/%s', (folder) => {
  test('obeys the contract of src/models/types.ts', () => {
    expect(existsSync(`src/models/${folder}/index.ts`)).toBe(true);
    const definition = modelDefinitions().get(folder);
    expect(definition?.name).toBe(folder);
    expect(folder).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
    expect(typeof definition?.generate).toBe('function');
    expect(typeof definition?.generateWindow).toBe('function');
    expect(definition?.definitions.views.length).toBeGreaterThan(0);
    expect(definition?.scenarios.length).toBeGreaterThan(0);
    const views = definition?.definitions.views.map((view) => view.name) ?? [];
    expect(new Set(views).size).toBe(views.length);
    for (const { feature } of Object.values(definition?.sensitive ?? {}))
      expect(views).toContain(feature.split(':')[0]);
  });

  test('has an entry in config.yaml', () => {
    expect('config' in loaded && loaded.config.models.map((model) => model.name)).toContain(folder);
  });
});
