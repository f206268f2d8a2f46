import { expect, it } from 'vitest';
import { MICROS_PER_DAY } from '../format';
import { layoutTimeline, timelineBounds } from './timeline-layout';
import { whyOf } from './timeline-text';

const at = Date.UTC(2026, 0, 31) * 1000;
const point = (days: number, verdict: 'taken' | 'older' | 'late' | 'expired', feature = 'chol') => ({
  view: 'labs',
  feature,
  event_timestamp: at + days * MICROS_PER_DAY,
  value: 233,
  verdict,
});

it('says why a value is used or not', () => {
  expect(whyOf(point(-27, 'taken'), at)).toBe(
    'chol = 233, known 4 Jan 2026, 27 days before the moment: the newest value known by then, so it is the one used.',
  );
  expect(whyOf(point(1, 'late'), at)).toContain('1 day after the moment: not known yet');
});

it('puts each feature on its line, oldest value first, and the moment in sight', () => {
  const points = [point(5, 'late'), point(-9, 'older'), point(-1, 'taken', 'oldpeak')];
  const layout = layoutTimeline(points);
  expect(layout.rows.map((row) => row.title)).toEqual(['chol', 'oldpeak']);
  expect(layout.rows[0]?.points.map((one) => one.verdict)).toEqual(['older', 'late']);
  const [low, high] = timelineBounds([], at);
  expect([low < at, high > at]).toEqual([true, true]);
});
