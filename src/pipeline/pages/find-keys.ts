import { eachBlock, onlineViews, readOnline } from '../../features/online/read';
import type { Platform } from '../platform';
import { stageResult } from '../stage-results';

const FOUND_KEYS = 50;
/** Keys found after which no more are looked for. */
const MOST_LOOKED_AT = 5000;

/**
 * Entity keys of the online store that contain `text`, shortest first; at most 50. The key that is the text itself is
 * looked up, the others are those found first.
 */
export async function findKeys(platform: Platform, model: string, text: string): Promise<readonly string[]> {
  const exact = text.trim();
  const { records } = platform;
  const record = await stageResult(records, model, 'features');
  if (!record) return [];
  if (exact === '') return record.result.sampleKeys.slice(0, FOUND_KEYS);
  const views = await onlineViews(records, model);
  const asked = await readOnline(records, model, new Map(views.map(({ view }) => [view, new Set([exact])])));
  const found = new Set([...asked.values()].flatMap((rows) => [...rows.keys()]));
  const part = exact.toLowerCase();
  for (const view of views) {
    await eachBlock(records, view, ({ keys }) => {
      for (const key of keys) if (key.toLowerCase().includes(part)) found.add(key);
      return found.size < MOST_LOOKED_AT;
    });
  }
  return [...found].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, FOUND_KEYS);
}
