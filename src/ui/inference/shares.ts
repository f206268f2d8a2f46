import type { Factor } from '../../inference/types';
import type { Share } from '../charts/marks';
import { compact } from '../format';

/** The largest `most` shares by size, the others put together; the sum stays the same. */
export function topShares(factors: readonly Factor[], most = 10): readonly Share[] {
  const ranked = factors.toSorted((a, b) => Math.abs(b.shap) - Math.abs(a.shap));
  const named = ranked.slice(0, ranked.length <= most + 1 ? most + 1 : most).map((factor) => ({
    name: `${factor.feature} = ${factor.value === null ? 'missing' : compact(factor.value)}`,
    shap: factor.shap,
  }));
  const rest = ranked.slice(named.length);
  if (rest.length === 0) return named;
  return [
    ...named,
    { name: `${rest.length} other features`, shap: rest.reduce((sum, factor) => sum + factor.shap, 0) },
  ];
}
