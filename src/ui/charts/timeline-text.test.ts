import { scaleUtc } from 'd3';
import { expect, it } from 'vitest';
import type { TimelinePoint } from '../../features/types';
import { MICROS_PER_DAY } from '../format';
import { layoutTimeline, onlyMoment, timelineBounds, timeTicks } from './timeline-layout';
import { whyOf } from './timeline-text';

const at = Date.UTC(2026, 0, 31) * 1000;
const point = (days: number, verdict: TimelinePoint['verdict'], feature = 'chol') => ({
  view: 'labs',
  feature,
  event_timestamp: at + days * MICROS_PER_DAY,
  created_timestamp: at + (days + 2) * MICROS_PER_DAY,
  value: 233,
  verdict,
});

it('says why a value is used or not', () => {
  expect(whyOf(point(-27, 'taken'), at)).toBe(
    'chol = 233, of 4 Jan 2026, 27 days before the moment: the newest value known by then, so it is the one used.',
  );
  expect(whyOf(point(1, 'late'), at)).toContain('1 day after the moment: not known yet');
  expect(whyOf(point(-1, 'unknown'), at)).toContain('1 day before the moment: recorded only on 1 Feb 2026');
});

it('puts each feature on its line, oldest value first, and the moment in sight', () => {
  const points = [point(5, 'late'), point(-9, 'older'), point(-1, 'taken', 'oldpeak')];
  const layout = layoutTimeline(points);
  expect(layout.rows.map((row) => row.title)).toEqual(['chol', 'oldpeak']);
  expect(layout.rows[0]?.points.map((one) => one.verdict)).toEqual(['older', 'late']);
  const [low, high] = timelineBounds([], at);
  expect([low < at, high > at]).toEqual([true, true]);
});

it('labels months where they differ, else days, and never repeats a label', () => {
  const texts = (from: string, to: string) =>
    timeTicks(scaleUtc([Date.parse(from), Date.parse(to)], [0, 900]), 8).map((tick) => tick.text);
  expect(texts('2025-01-15', '2026-03-02').slice(0, 2)).toEqual(['Feb 2025', 'Mar 2025']);
  expect(texts('2026-12-23', '2027-01-12')).toContain('2 Jan 2027');
  for (const days of [3, 20, 45, 90, 400, 3000]) {
    const said = texts('2026-11-14', new Date(Date.UTC(2026, 10, 14 + days)).toISOString());
    expect(new Set(said).size).toBe(said.length);
  }
});

it('knows when there is no history', () => {
  expect(onlyMoment([point(-2, 'taken'), point(-2, 'taken', 'oldpeak')])).toBe(at - 2 * MICROS_PER_DAY);
  expect(onlyMoment([point(-2, 'taken'), point(-3, 'older')])).toBeNull();
  expect(onlyMoment([])).toBeNull();
});
