import { cellAt, type Cell } from '../../utils/columns';
import { throwIfAborted, type Control } from '../../utils/control';
import type { Records, RecordsTx } from '../../utils/records';
import type { Micros } from '../types';
import { blockOf, findKey } from './blocks';
import { rangeOf, type OnlineBlock, type OnlineView } from './tables';

const TABLES = ['online_views', 'online_blocks'] as const;
/** Blocks read in one go when a whole view is. */
const CHUNK = 256;

/** One entity's newest row of a view. */
export interface StoredRow {
  readonly event: Micros;
  readonly created: Micros;
  /** Undefined for a feature that its row does not hold. */
  readonly value: (feature: string) => Cell | undefined;
}

/** How many blocks a view was last seen to have: a guess that each block read confirms or corrects. */
const seen = new WeakMap<Records, Map<string, number>>();

/** Rows by view and key; keys that a view does not hold are left out. All are of one moment. */
export async function readOnline(
  records: Records,
  model: string,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, StoredRow>>> {
  const guesses = seen.get(records) ?? new Map<string, number>();
  seen.set(records, guesses);
  return records.read(TABLES, async (tx) => {
    const reads = [...wanted].map(async ([view, keys]) => {
      const rows = await rowsOf(tx, { model, view, keys, guesses });
      return [view, rows] as const;
    });
    return new Map(await Promise.all(reads));
  });
}

interface Wanted {
  readonly model: string;
  readonly view: string;
  readonly keys: ReadonlySet<string>;
  readonly guesses: Map<string, number>;
}

async function rowsOf(tx: RecordsTx, wanted: Wanted): Promise<ReadonlyMap<string, StoredRow>> {
  const { model, view, guesses } = wanted;
  const name = `${model}\u001f${view}`;
  const guess = guesses.get(name);
  const found = guess === undefined ? null : await rowsAmong(tx, wanted, guess);
  if (found?.sure) return found.rows;
  const held = await tx.get<OnlineView>('online_views', [model, view]);
  if (!held) return new Map();
  guesses.set(name, held.blocks);
  return found && held.blocks === guess ? found.rows : (await rowsAmong(tx, wanted, held.blocks)).rows;
}

/** Looks keys up as if the view had so many blocks; `sure` when every block read says that it has. */
async function rowsAmong(
  tx: RecordsTx,
  { model, view, keys }: Wanted,
  blocks: number,
): Promise<{ readonly rows: ReadonlyMap<string, StoredRow>; readonly sure: boolean }> {
  const byBlock = new Map<number, string[]>();
  for (const key of keys) {
    const block = blockOf(key, blocks);
    const others = byBlock.get(block);
    if (others) others.push(key);
    else byBlock.set(block, [key]);
  }
  const rows = new Map<string, StoredRow>();
  let sure = true;
  const reads = [...byBlock].map(async ([number, own]) => {
    const block = await tx.get<OnlineBlock>('online_blocks', [model, view, number]);
    if (block?.of !== blocks) sure = false;
    for (const key of own) {
      const place = block ? findKey(block.keys, key) : -1;
      if (block && place >= 0) rows.set(key, rowAt(block, place));
    }
  });
  await Promise.all(reads);
  return { rows, sure };
}

function rowAt(block: OnlineBlock, place: number): StoredRow {
  return {
    event: block.event[place] ?? NaN,
    created: block.created[place] ?? NaN,
    value: (feature) => {
      const column = block.values.columns.get(feature);
      return column && cellAt(column, place);
    },
  };
}

/** What is held of each view of a model, in order of their names. */
export function onlineViews(records: Records, model: string): Promise<readonly OnlineView[]> {
  return records.read(TABLES, (tx) => viewsWithin(tx, model));
}

/** The same inside of a transaction. */
export function viewsWithin(tx: RecordsTx, model: string): Promise<OnlineView[]> {
  return tx.query<OnlineView>('online_views', rangeOf(model));
}

/** Shows every block of a view in turn, all as of one moment; stops early when `visit` answers false. */
export function eachBlock(
  records: Records,
  { model, view }: { readonly model: string; readonly view: string },
  visit: (block: OnlineBlock) => boolean | undefined,
  control: Control = {},
): Promise<void> {
  return records.read(TABLES, async (tx) => {
    const held = await tx.get<OnlineView>('online_views', [model, view]);
    for (let first = 0; held && first < held.blocks; first += CHUNK) {
      throwIfAborted(control);
      control.onProgress?.({ label: `reading ${view}`, done: first, total: held.blocks });
      const range = { from: [model, view, first], to: [model, view, first + CHUNK - 1] };
      const blocks = await tx.query<OnlineBlock>('online_blocks', range);
      for (const block of blocks) if (visit(block) === false) return;
    }
  });
}
