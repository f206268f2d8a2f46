import { eachBlock, onlineViews } from '../../features/online/read';
import type { OnlineView } from '../../features/online/tables';
import type { FeatureView } from '../../features/types';
import type { Records } from '../../utils/records';
import { requireStage } from '../stage-results';
import type { StoreContext } from './context';
import type { OnlineStoreView, OnlineViewFacts } from './types';

const PARTS = 24;
const MICROS = 1_000_000;

/** What the online store holds of each view, at the model's clock. */
export async function onlineStore({ platform, spec }: StoreContext): Promise<OnlineStoreView> {
  const { records } = platform;
  const { clock } = await requireStage(records, spec.config.name, 'data', 'The online store');
  const held = new Map((await onlineViews(records, spec.config.name)).map((view) => [view.view, view]));
  const views: OnlineViewFacts[] = [];
  for (const view of spec.definitions.views) views.push(await factsOf(records, view, held.get(view.name), clock));
  return { clock, views };
}

/** Event times of a view in order, as its record stood; read again only after it was written. */
const timesRead = new WeakMap<Records, Map<string, { readonly stood: string; readonly times: Float64Array }>>();

async function eventTimes(records: Records, held: OnlineView): Promise<Float64Array> {
  const known = timesRead.get(records) ?? new Map<string, { stood: string; times: Float64Array }>();
  timesRead.set(records, known);
  const name = JSON.stringify([held.model, held.view]);
  const before = known.get(name);
  const stood = JSON.stringify(held);
  if (before?.stood === stood) return before.times;
  const parts: Float64Array[] = [];
  await eachBlock(records, held, ({ event }) => void parts.push(event));
  const times = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    times.set(part, at);
    at += part.length;
  }
  times.sort();
  known.set(name, { stood, times });
  return times;
}

async function factsOf(
  records: Records,
  { name, ttl, online = true }: FeatureView,
  held: OnlineView | undefined,
  clock: number,
): Promise<OnlineViewFacts> {
  const times = held ? await eventTimes(records, held) : new Float64Array();
  const oldest = times[0] ?? null;
  const newest = times.at(-1) ?? null;
  const limit = clock - Math.round(ttl * MICROS);
  const within = ttl > 0 ? times.findIndex((time) => time >= limit) : 0;
  return {
    view: name,
    online,
    entities: times.length,
    oldest,
    newest,
    ttl,
    expired: within < 0 ? times.length : within,
    counts: oldest === null || newest === null ? [] : countsOf(times, oldest, newest),
    intervals: held?.intervals ?? [],
  };
}

function countsOf(times: Float64Array, oldest: number, newest: number): readonly number[] {
  const counts = new Array<number>(PARTS).fill(0);
  const width = Math.max(newest - oldest, 1);
  for (const time of times) {
    const part = Math.min(PARTS - 1, Math.floor((PARTS * (time - oldest)) / width));
    counts[part] = (counts[part] ?? 0) + 1;
  }
  return counts;
}
