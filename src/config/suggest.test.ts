import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearest } from './suggest';

test('known distances', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('eta', 'eat')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
});

test('is a distance: zero only for equals, symmetric, at most the longer length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

test('suggests only what is near', () => {
  expect(nearest('Max_Dept', ['max_depth', 'max_bin'])).toBe('max_depth');
  expect(nearest('colour', ['max_depth', 'max_bin'])).toBeNull();
  expect(nearest('x'.repeat(500), ['x'])).toBeNull();
});
