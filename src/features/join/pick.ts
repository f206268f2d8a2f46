import type { Micros } from '../types';
import { KnownTimes } from './known-times';
import type { TimeOrder } from './time-order';

/** Moments asked about: a key number (-1 for none) and a time (NaN for none) each. */
export interface Moments {
  readonly codes: Int32Array;
  readonly times: Float64Array;
}

export interface PickRule {
  /** How long before the moment an event may lie, in microseconds, inclusive; 0 is no limit. */
  readonly ttl: Micros;
  /** Whether a row counts only if its created time is at or before the moment; rows without one then never do. */
  readonly leakSafe: boolean;
}

/**
 * The row of the source that counts at each moment, -1 for none: the last of its key in `order` with an event time at or
 * before the moment, known by then where the rule asks for that, and not older than the ttl.
 */
export function pickRows(order: TimeOrder, { codes, times }: Moments, { ttl, leakSafe }: PickRule): Int32Array {
  const known = leakSafe && order.created ? new KnownTimes(order.created) : null;
  const picked = new Int32Array(codes.length).fill(-1);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] as number;
    const time = times[at] as number;
    if (code < 0 || Number.isNaN(time)) continue;
    const begin = order.starts[code] as number;
    let place = lastAtOrBefore(order.event, { begin, end: order.starts[code + 1] as number }, time);
    if (known && place >= 0) place = known.lastBy(time, begin, place);
    if (place < 0 || (ttl > 0 && time - (order.event[place] as number) > ttl)) continue;
    picked[at] = order.rows[place] as number;
  }
  return picked;
}

export interface Segment {
  readonly begin: number;
  readonly end: number;
}

/** The last place of a segment whose time is at or before `time`; -1 for none. */
export function lastAtOrBefore(times: Float64Array, { begin, end }: Segment, time: Micros): number {
  let low = begin;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low > begin ? low - 1 : -1;
}
