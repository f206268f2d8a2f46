import fc from 'fast-check';
import { expect, it } from 'vitest';
import { topShares } from './shares';

it('draws the ten largest shares and puts the rest together without changing the sum', () => {
  const shap = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(fc.array(shap, { maxLength: 60 }), (values) => {
      const factors = values.map((value, index) => ({
        feature: `f${index}`,
        value,
        status: 'PRESENT' as const,
        shap: value,
        text: '',
      }));
      const shares = topShares(factors);
      expect(shares.length).toBeLessThanOrEqual(11);
      expect(shares.reduce((sum, share) => sum + share.shap, 0)).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0),
        9,
      );
      expect(new Set(shares.map((share) => share.name)).size).toBe(shares.length);
    }),
  );
});

it('names a missing value', () => {
  expect(topShares([{ feature: 'ca', value: null, status: 'NULL_VALUE', shap: 0.1, text: '' }])[0]?.name).toBe(
    'ca = missing',
  );
});
