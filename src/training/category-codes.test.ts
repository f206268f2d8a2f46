import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringColumn } from '../utils/columns';
import { byCodePoints } from '../utils/code-points';
import { codesByNumber, codesByText, codeTexts } from './category-codes';

function texts(values: readonly (string | null)[]) {
  const column = stringColumn(values);
  if (column.type !== 'string') throw new Error('not text');
  return column;
}

describe('text categories', () => {
  test('are coded in the order of code points, as pandas codes them; missing stays missing', () => {
    // sorted(["b", "ﬀ", "𝄞", "B", "é"]) in Python: B, b, é, ﬀ (U+FB00), 𝄞 (U+1D11E).
    const { values, categories } = codeTexts('c', texts(['b', null, '𝄞', 'ﬀ', 'B', 'é', 'b']));
    expect(categories).toEqual(['B', 'b', 'é', 'ﬀ', '𝄞']);
    expect([...values]).toEqual([1, NaN, 4, 3, 0, 2, 1]);
  });

  test('what no row holds has no code', () => {
    const column = { type: 'string', codes: Int32Array.of(2, -1), dictionary: ['x', 'y', 'a'] } as const;
    expect(codeTexts('c', column)).toEqual({ values: Float32Array.of(0, NaN), categories: ['a'] });
  });

  test('more than 255 are refused with their number; 255 fit', () => {
    const many = (count: number) => texts(Array.from({ length: count }, (_, i) => `t${i}`));
    expect(codeTexts('town', many(255)).categories).toHaveLength(255);
    expect(() => codeTexts('town', many(256))).toThrow(
      'The column "town" has 256 categories; a model takes at most 255',
    );
    expect(() => codeTexts('town', many(100_000))).toThrow('has 100,000 categories');
  });

  test('the order is that of code points, whatever the texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (values) => {
        const points = (text: string) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
        const sorted = [...values].sort(byCodePoints);
        for (let i = 1; i < sorted.length; i++) {
          const [before, after] = [points(sorted[i - 1] ?? ''), points(sorted[i] ?? '')];
          const at = before.findIndex((point, k) => point !== after[k]);
          expect(
            at < 0 ? before.length <= after.length : at >= after.length ? false : (before[at] ?? 0) < (after[at] ?? 0),
          ).toBe(true);
        }
      }),
    );
  });

  test('a model codes by its own list, and a value that it does not know is named', () => {
    expect([...codesByText('c', texts(['b', null, 'a']), ['b', 'c', 'a'])]).toEqual([0, NaN, 2]);
    expect(() => codesByText('town', texts(['b', 'Rome']), ['a', 'b'])).toThrow(
      'Row 2 of the column "town" holds "Rome", a category that the model was not trained on; it knows "a", "b".',
    );
    expect([...codesByNumber('k', Float64Array.of(7, NaN, 3), [3, 5, 7])]).toEqual([2, NaN, 0]);
    expect(() => codesByNumber('k', Float64Array.of(4), [3, 5])).toThrow('Row 1 of the column "k" holds 4, a category');
  });
});
