import type { Table } from '../../utils/columns';
import { throwIfAborted, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import type { RecordsTx } from '../../utils/records';
import { blockOf, blocksFor, mergeRows, partRows, copyRows } from './blocks';
import { rangeOf, type Interval, type OnlineBatch, type OnlineBlock, type OnlineRows, type OnlineView } from './tables';

/** Blocks read and written in one go. */
const CHUNK = 256;

export interface WriteOptions {
  /** Recorded as materialized. */
  readonly interval?: Interval;
  /** Whether rows that were written under definitions with other features give way (else they are a fault). */
  readonly anew?: boolean;
  readonly control?: Control;
}

export interface WrittenView {
  readonly view: string;
  /** Entities whose row was newer than what was there. */
  readonly written: number;
  /** Rows of the view now. */
  readonly rows: number;
}

/** Writes rows of one view, never over newer ones. Throws FEATURES_INVALID where its rows have other features. */
export async function writeOnline(
  tx: RecordsTx,
  model: string,
  batch: OnlineBatch,
  options: WriteOptions = {},
): Promise<WrittenView> {
  const { view } = batch;
  let held = await heldView(tx, model, batch, options);
  const wanted = blocksFor(Math.max(held.rows, batch.keys.length));
  if (wanted > held.blocks) held = await spread(tx, held, wanted);
  const { written, added } = await writeBlocks(tx, held, batch, options.control ?? {});
  held = { ...held, rows: held.rows + added };
  const needed = blocksFor(held.rows);
  if (needed > held.blocks) held = await spread(tx, held, needed);
  const newest = batch.event.reduce((most, time) => Math.max(most, time), held.newest ?? -Infinity);
  await tx.put('online_views', {
    ...held,
    newest: newest === -Infinity ? null : newest,
    intervals: options.interval ? joinIntervals([...held.intervals, options.interval]) : held.intervals,
    revision: held.revision + 1,
  } satisfies OnlineView);
  return { view, written, rows: held.rows };
}

/** What there is of a view that a batch can be written to. */
async function heldView(
  tx: RecordsTx,
  model: string,
  { view, values }: OnlineBatch,
  { anew = false }: WriteOptions,
): Promise<OnlineView> {
  const features = featuresOf(values);
  const stored = await tx.get<OnlineView>('online_views', [model, view]);
  if (stored && (JSON.stringify(stored.features) === JSON.stringify(features) || stored.rows === 0))
    return { ...stored, features };
  if (stored && !anew) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The online rows of "${view}" were written when it had other features (${stored.features.map(([name, type]) => `${name} as ${type}`).join(', ')}). Run the Features stage, which writes them anew.`,
    );
  }
  await tx.clear('online_blocks', rangeOf(model, view));
  return { model, view, blocks: 1, rows: 0, newest: null, intervals: [], features, revision: stored?.revision ?? 0 };
}

function featuresOf({ columns }: Table): OnlineView['features'] {
  return [...columns]
    .map(([name, { type }]) => [name, type === 'timestamp' ? 'float64' : type] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Merges rows into the blocks of their keys. */
async function writeBlocks(
  tx: RecordsTx,
  held: OnlineView,
  batch: OnlineRows,
  control: Control,
): Promise<{ readonly written: number; readonly added: number }> {
  const { model, view, blocks } = held;
  const { rows, starts } = partRows(batch.keys, blocks, (key) => blockOf(key, blocks));
  const touched = [...starts.keys()].filter((block) => block < blocks && starts[block] !== starts[block + 1]);
  let written = 0;
  let added = 0;
  for (let done = 0; done < touched.length; done += CHUNK) {
    throwIfAborted(control);
    control.onProgress?.({ label: `writing ${view} to the online store`, done, total: touched.length });
    const chunk = touched.slice(done, done + CHUNK);
    const before = await blocksAt(tx, held, chunk);
    const merged = chunk.map((block, i): OnlineBlock | null => {
      const incoming = copyRows(batch, rows.subarray(starts[block], starts[block + 1]));
      const old = before[i] ?? null;
      const made = mergeRows(old, incoming);
      written += made.written;
      added += made.rows.keys.length - (old?.keys.length ?? 0);
      return made.written === 0 ? null : { model, view, block, of: blocks, ...made.rows };
    });
    await tx.putAll(
      'online_blocks',
      merged.filter((block) => block !== null),
    );
  }
  return { written, added };
}

function blocksAt(
  tx: RecordsTx,
  { model, view, rows }: OnlineView,
  blocks: readonly number[],
): Promise<readonly (OnlineBlock | undefined)[]> {
  if (rows === 0) return Promise.resolve([]);
  return Promise.all(blocks.map((block) => tx.get<OnlineBlock>('online_blocks', [model, view, block])));
}

/** Spreads a view's rows over more blocks. The new ones of a block lie at its own place and above all old ones. */
async function spread(tx: RecordsTx, held: OnlineView, blocks: number): Promise<OnlineView> {
  const { model, view, blocks: before } = held;
  const ratio = blocks / before;
  for (let first = 0; held.rows > 0 && first < before; first += CHUNK) {
    const range = { from: [model, view, first], to: [model, view, Math.min(first + CHUNK, before) - 1] };
    for (const old of await tx.query<OnlineBlock>('online_blocks', range)) {
      const { rows, starts } = partRows(old.keys, ratio, (key) => Math.floor(blockOf(key, blocks) / before));
      const made = Array.from({ length: ratio }, (_, part): OnlineBlock => ({
        model,
        view,
        block: old.block + part * before,
        of: blocks,
        ...copyRows(old, rows.subarray(starts[part], starts[part + 1])),
      }));
      if (made[0]?.keys.length === 0) await tx.delete('online_blocks', [model, view, old.block]);
      await tx.putAll(
        'online_blocks',
        made.filter((block) => block.keys.length > 0),
      );
    }
  }
  return { ...held, blocks };
}

/** Puts the online rows of these views in place of all that the model has. */
export async function replaceOnline(
  tx: RecordsTx,
  model: string,
  batches: readonly OnlineBatch[],
  options: WriteOptions,
): Promise<readonly WrittenView[]> {
  const before = await tx.query<OnlineView>('online_views', rangeOf(model));
  await forgetOnline(tx, model);
  const kept = before.filter(({ view }) => batches.some((batch) => batch.view === view));
  // Revisions go on: whoever has read one must see that its rows were replaced.
  await tx.putAll(
    'online_views',
    kept.map((view): OnlineView => ({ ...view, blocks: 1, rows: 0, newest: null, intervals: [] })),
  );
  const written: WrittenView[] = [];
  for (const batch of batches) written.push(await writeOnline(tx, model, batch, options));
  return written;
}

/** Deletes what the online store holds of a model, or of one of its views. */
export async function forgetOnline(tx: RecordsTx, model: string, view?: string): Promise<void> {
  if (view !== undefined) await tx.delete('online_views', [model, view]);
  else await tx.clear('online_views', rangeOf(model));
  await tx.clear('online_blocks', rangeOf(model, view));
}

/** In order of time, those that touch or overlap as one. */
function joinIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else joined.push({ from, to });
  }
  return joined;
}
