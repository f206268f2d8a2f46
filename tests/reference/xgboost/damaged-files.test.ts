import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readModelFile } from '../../../src/interop/read-model-file';
import { readXgboostJson } from '../../../src/interop/xgboost-json/read';
import { writeXgboostJson } from '../../../src/interop/xgboost-json/write';
import { predict, predictMargin } from '../../../src/training/predict';
import { WorkbenchError } from '../../../src/utils/errors';
import answers from './ubjson/answers.json';
import models from './models.json';

const folder = join(import.meta.dirname, 'ubjson');
const files: (readonly [string, Uint8Array])[] = readdirSync(folder)
  .filter((name) => name.endsWith('.ubj'))
  .map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))] as const);
files.push(...Object.entries(models).map(([v, { model }]) => [`${v}.json`, new TextEncoder().encode(model)] as const));

/** 'read' where the model predicts a number for every row and is written and read as itself, else the refusal. */
function outcome(bytes: Uint8Array): string {
  let booster;
  try {
    booster = readModelFile(bytes);
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'INTEROP_INVALID') return error.message;
    throw error;
  }
  const rows = answers.columns[0]?.length ?? 0;
  const columns = booster.featureNames.map((_, f) => {
    const column = answers.columns[f % answers.columns.length] ?? [];
    return Float32Array.from(column, (value) => value ?? NaN);
  });
  const margins = predictMargin(booster, columns);
  expect(margins.length).toBe(rows * Math.max(1, booster.params.num_class));
  for (const values of [margins, predict(booster, columns)]) expect(values.some(Number.isNaN)).toBe(false);
  expect(readXgboostJson(writeXgboostJson(booster))).toEqual(booster);
  return 'read';
}

describe.each(files)('%s', (_, bytes) => {
  it('cut off at any byte is refused with the place', () => {
    for (let length = 0; length < bytes.length; length++) {
      const message = outcome(bytes.subarray(0, length));
      expect(message).toMatch(/ at (byte|character) \d+\.$|the file (is empty|does not)|is missing or not/);
      expect(message.length).toBeLessThan(300);
    }
  });

  it('with any bytes changed, left out or put in is read as a model that works, or refused', () => {
    const byte = fc.oneof(
      fc.nat(255),
      fc.constantFrom(...Array.from('{}[]$#LlIiUdDSTFZNC"0-9.,', (c) => c.charCodeAt(0))),
    );
    const change = fc.record({
      at: fc.nat(bytes.length - 1),
      remove: fc.constantFrom(0, 1, 1, 1, 2, 8),
      put: fc.oneof(
        { arbitrary: fc.array(byte, { maxLength: 4 }), weight: 4 },
        { arbitrary: fc.constantFrom([0x7f, 0xff, 0xff, 0xff], [0x7f, 0xc0, 0, 0], [0xff, 0x80, 0, 0]), weight: 1 },
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const damaged = [...bytes];
        for (const { at, remove, put } of changes) damaged.splice(at, remove, ...put);
        expect(outcome(Uint8Array.from(damaged)).length).toBeLessThan(400);
      }),
      { numRuns: 400 },
    );
  });
});

it('undamaged, all but the refused ones are read', () => {
  const read = files.filter(([, bytes]) => outcome(bytes) === 'read').map(([name]) => name);
  expect(files.length - read.length).toBe(4);
});
