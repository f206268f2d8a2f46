import { expect, test } from 'vitest';
import configText from '../../config.yaml?raw';
import { loadConfig } from '../config/load';
import type { Config } from '../config/schema';
import { catalogOf, checkConfigModels, modelDefinitions } from './catalog';

function shipped(): Config {
  const loaded = loadConfig(configText);
  if ('faults' in loaded) throw new Error(loaded.faults.map((fault) => fault.message).join('\n'));
  return loaded.config;
}

test('every folder is found under its own name', () => {
  expect([...modelDefinitions().keys()]).toContain('heart_disease');
  for (const [name, definition] of modelDefinitions()) expect(definition.name).toBe(name);
});

test('config.yaml is sound and fits the folders', () => {
  expect(() => checkConfigModels(shipped())).not.toThrow();
});

test('the service of a folder names features of its views', () => {
  for (const { definitions } of modelDefinitions().values()) {
    const known = definitions.views.flatMap((view) => view.schema.map((field) => `${view.name}:${field.name}`));
    expect(
      definitions.service.features.filter((feature) => typeof feature !== 'string' || !known.includes(feature)),
    ).toEqual([]);
  }
});

test('a folder with another name inside, or without a definition, is refused', () => {
  const [definition] = modelDefinitions().values();
  expect(() => catalogOf({ './copy_of_heart/index.ts': { definition } })).toThrow(
    'src/models/copy_of_heart holds a model called "heart_disease"',
  );
  expect(() => catalogOf({ './empty/index.ts': {} })).toThrow('src/models/empty/index.ts exports no "definition"');
});

test('a config entry without folder, and names its folder does not know, are refused together', () => {
  const config = shipped();
  const [model] = config.models;
  if (!model) throw new Error('no model');
  const broken = {
    ...model,
    features: [...model.features, 'vitals:mood'],
    sensitive: ['shoe_size'],
    entity: 'visit_id',
  };
  const check = () => checkConfigModels({ ...config, models: [broken, { ...model, name: 'nobody' }] });
  for (const words of ['"vitals:mood"', '"shoe_size"', '"visit_id"', 'model nobody has no folder src/models/nobody'])
    expect(check).toThrow(words);
});
