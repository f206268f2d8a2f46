import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeatureCategories } from '../../training/types';
import { categoriesAttribute, categoriesText, CATEGORIES_ATTRIBUTE, readCategories } from './categories';
import { parseJson, type JsonMap, type JsonValue } from './parse-json';

/** As XGBoost 3.2.0 wrote them for a pandas frame with the columns "c" (texts), "x" (floats) and "d" (3 to 6). */
const WRITTEN =
  '{"enc":[{"offsets":[0,1,2,4,6],"values":[97,98,122,122,100,100]},{"offsets":[],"values":[]},{"type":15,"values":[3,4,5,6]}],"feature_segments":[0,4,4,8],"sorted_idx":[0,1,3,2,0,1,2,3]}';
const CATEGORIES: FeatureCategories = [['a', 'b', 'zz', 'dd'], undefined, [3, 4, 5, 6]];

function mapOf(entries: Readonly<Record<string, JsonValue>>): JsonMap {
  return new Map(Object.entries(entries));
}

const NOTHING = mapOf({});

function read(cats: string, features: number) {
  return readCategories(mapOf({ cats: parseJson(cats) }), NOTHING, features);
}

describe('categories in a model file', () => {
  test("are XGBoost's own: the same text, and read back", () => {
    expect(categoriesText(CATEGORIES)).toBe(WRITTEN);
    expect(read(WRITTEN, 3)).toEqual(CATEGORIES);
    expect(categoriesAttribute(CATEGORIES)).toBeNull();
  });

  test('nothing is written where there is nothing to say', () => {
    expect(categoriesText(undefined)).toBeNull();
    expect(categoriesText([undefined, undefined])).toBeNull();
    expect(read('{"enc":[],"feature_segments":[],"sorted_idx":[]}', 2)).toBeUndefined();
  });

  test('texts beyond ASCII go into an attribute, for XGBoost 3.2 cuts them', () => {
    const categories: FeatureCategories = [['Köln', 'Rome'], undefined];
    expect(categoriesText(categories)).toBeNull();
    const text = categoriesAttribute(categories) ?? '';
    expect(readCategories(NOTHING, mapOf({ [CATEGORIES_ATTRIBUTE]: text }), 2)).toEqual(categories);
  });

  test('texts that XGBoost 3.2 cut are left out; whole UTF-8 is read', () => {
    const cut =
      '{"enc":[{"offsets":[0,1,3,4,6],"values":[97,122,122,-61,-68,-26]}],"feature_segments":[0,4],"sorted_idx":[3,2,0,1]}';
    expect(read(cut, 1)).toBeUndefined();
    const whole = '{"enc":[{"offsets":[0,1,3],"values":[97,-61,-68]}],"feature_segments":[0,2],"sorted_idx":[1,0]}';
    expect(read(whole, 1)).toEqual([['a', 'ü']]);
  });

  test.each([
    ['another number of features', '{"enc":[{"type":15,"values":[1]}]}', 'has 1 entries for 2 features'],
    ['a category twice', '{"enc":[{"type":15,"values":[1,1]},{"values":[]}]}', 'has the same category twice'],
    ['an offset beyond the end', '{"enc":[{"offsets":[0,9],"values":[97]},{"values":[]}]}', 'does not lie within'],
    ['an offset before the start', '{"enc":[{"offsets":[-1,1],"values":[97]},{"values":[]}]}', 'does not lie within'],
    ['no list', '{"enc":[{"values":3},{"values":[]}]}', 'is missing or not a list'],
    ['a value of no kind', '{"enc":[{"values":[[]]},{"values":[]}]}', 'holds a value that is no category'],
  ])('%s is refused', (_name, cats, says) => {
    expect(() => read(cats, 2)).toThrow(says);
  });

  test('any lists of categories come back', () => {
    const values = fc.oneof(
      fc.constant(undefined),
      fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1 }),
      fc.uniqueArray(fc.integer({ min: 0 }), { minLength: 1 }),
    );
    fc.assert(
      fc.property(fc.array(values, { minLength: 1 }), (categories) => {
        const [cats, attribute] = [categoriesText(categories), categoriesAttribute(categories)];
        expect(cats === null || attribute === null).toBe(true);
        const model = cats === null ? NOTHING : mapOf({ cats: parseJson(cats) });
        const attributes = attribute === null ? NOTHING : mapOf({ [CATEGORIES_ATTRIBUTE]: attribute });
        const expected = categories.some((one) => one) ? categories : undefined;
        expect(readCategories(model, attributes, categories.length)).toEqual(expected);
      }),
    );
  });
});
