import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configJsonSchema, expectedWords, placesOf, schemaAt } from './json-schema';

describe('static/config.schema.json', () => {
  test('is the one the schema gives; generate it again after a change', () => {
    const stored: unknown = JSON.parse(
      readFileSync(new URL('../../static/config.schema.json', import.meta.url), 'utf8'),
    );
    expect(stored).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });

  test('says one sentence about every key', () => {
    const silent: string[] = [];
    const visit = (node: unknown, path: string) => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, child] of Object.entries(node as Record<string, unknown>)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(child as Record<string, { description?: string }>)) {
            const inSpace = path.includes('.space.') || path.endsWith('.space');
            if (!inSpace && !property.description?.endsWith('.')) silent.push(`${path}.${name}`);
          }
        }
        visit(child, key === 'properties' || key === 'items' ? path : `${path}.${key}`);
      }
    };
    visit(configJsonSchema(), '');
    expect(silent).toEqual([]);
  });

  test('knows the aliases of parameters', () => {
    expect(schemaAt(['models', 0, 'training', 'params', 'learning_rate'])).toMatchObject({
      type: 'number',
      maximum: 1,
      description: 'Another name of eta.',
    });
  });
});

test('expectations in words', () => {
  const at = (...path: (string | number)[]) => expectedWords(schemaAt(path));
  expect(at('models', 0, 'training', 'params', 'eta')).toBe('a number greater than 0 and at most 1');
  expect(at('models', 0, 'training', 'params', 'lambda')).toBe('a number at least 0');
  expect(at('models', 0, 'training', 'num_boost_round')).toBe('a whole number from 1 to 10,000');
  expect(at('models', 0, 'training', 'early_stopping_rounds')).toBe('a whole number at least 1');
  expect(at('models', 0, 'tuning', 'folds')).toBe('"auto" or a whole number from 1 to 20');
  expect(at('models', 0, 'promotion', 'approval')).toBe('"manual" or "automatic"');
  expect(at('models', 0, 'features')).toBe('a list with at least one entry');
  expect(at('models')).toBe('a list with at least one entry');
  expect(at('models', 0)).toBe('keys and values');
  expect(at('nothing')).toBe('something else');
});

test('places of a key', () => {
  expect(placesOf('eta')).toEqual(['models.training.params.eta']);
  expect(placesOf('name')).toEqual(['models.name', 'models.schedules.name']);
  expect(placesOf('nowhere')).toEqual([]);
});
