import { extent, group } from 'd3';
import type { TimelinePoint } from '../../features/types';
import { MICROS_PER_DAY } from '../format';

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
