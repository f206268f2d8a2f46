import { extent, group, type ScaleTime } from 'd3';
import type { TimelinePoint } from '../../features/types';
import { date, MICROS_PER_DAY } from '../format';

export const ROW = 22;
const HEAD = 22;

/** One feature's line: its name, where it stands, and its values, oldest first. */
export interface TimelineRow {
  readonly title: string;
  readonly y: number;
  readonly points: readonly TimelinePoint[];
}

export interface TimelineLayout {
  readonly heads: readonly { readonly name: string; readonly y: number }[];
  readonly rows: readonly TimelineRow[];
  readonly height: number;
}

/** Features as lines under the name of their view, in the order given. */
export function layoutTimeline(points: readonly TimelinePoint[]): TimelineLayout {
  const heads: { name: string; y: number }[] = [];
  const rows: TimelineRow[] = [];
  let y = 0;
  for (const [view, own] of group(points, (point) => point.view)) {
    heads.push({ name: view, y });
    y += HEAD;
    for (const [feature, values] of group(own, (point) => point.feature)) {
      const sorted = values.toSorted((a, b) => a.event_timestamp - b.event_timestamp);
      rows.push({ title: feature, y: y + ROW / 2, points: sorted });
      y += ROW;
    }
    y += 6;
  }
  return { heads, rows, height: y };
}

/** The span of time drawn, microseconds: all values and the moment, with a little room. */
export function timelineBounds(points: readonly TimelinePoint[], at: number): [number, number] {
  const [low = at, high = at] = extent([...points.map((point) => point.event_timestamp), at]);
  const pad = Math.max(10 * MICROS_PER_DAY, (high - low) * 0.03);
  return [low - pad, high + pad];
}

/** Ticks of a time axis: months with their year, or days where months would repeat; the year once it changes. */
export function timeTicks(
  time: ScaleTime<number, number>,
  most: number,
): readonly { readonly at: Date; readonly text: string }[] {
  let year = 0;
  const midnights = time.ticks(most).filter((at) => at.getUTCHours() === 0);
  const days = midnights.map((at) => {
    const text = date(at.getTime() * 1000);
    const changed = at.getUTCFullYear() !== year;
    year = at.getUTCFullYear();
    return { at, month: text.replace(/^\d+ /, ''), text: changed ? text : text.replace(/ \d+$/, '') };
  });
  const byMonth = new Set(days.map((day) => day.month)).size === days.length;
  return days.map(({ at, month, text }) => ({ at, text: byMonth ? month : text }));
}

/** The one moment all values lie at, or null when they have a history. */
export function onlyMoment(points: readonly TimelinePoint[]): number | null {
  const [first, ...others] = points;
  return first && others.every((point) => point.event_timestamp === first.event_timestamp)
    ? first.event_timestamp
    : null;
}
