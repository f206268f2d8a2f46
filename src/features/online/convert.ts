import { makeTable, type Cell } from '../../utils/columns';
import type { IndexKey, RecordsTx } from '../../utils/records';
import type { ValueType } from '../types';
import { columnFromCells } from '../value-types';
import type { OnlineBatch } from './tables';
import { writeOnline } from './write';

/** A row as version 1 of a browser's store kept it, one record an entity. */
interface OldRow {
  readonly model: string;
  readonly view: string;
  readonly entity_key: string;
  readonly event_timestamp: number;
  readonly created_timestamp: number;
  readonly values: Readonly<Record<string, Cell>>;
}

/** Rows read in one go. */
const CHUNK = 5000;

/**
 * Moves the rows of version 1 into blocks. What each view had materialized was not recorded, and is not afterwards: it
 * is materialized from its ttl on when that is next asked for, which overwrites nothing newer.
 */
export async function convertOnlineRows(tx: RecordsTx): Promise<void> {
  const types = new Map<string, Map<string, ValueType>>();
  for await (const rows of oldRows(tx)) for (const row of rows) noteTypes(types, row);
  for await (const rows of oldRows(tx)) {
    for (const [name, own] of byView(rows)) {
      const known = types.get(name) ?? new Map<string, ValueType>();
      const same = own.filter((row) => Object.keys(row.values).length === known.size);
      if (same.length > 0) await writeOnline(tx, same[0]?.model ?? '', batchOf(same, known));
    }
  }
}

async function* oldRows(tx: RecordsTx): AsyncGenerator<readonly OldRow[]> {
  let after: IndexKey | undefined;
  for (;;) {
    const range = after === undefined ? {} : { from: after };
    const read = await tx.query<OldRow>('online_rows', { ...range, limit: CHUNK + 1 });
    const rows = after === undefined ? read.slice(0, CHUNK) : read.slice(1);
    yield rows;
    const last = rows.at(-1);
    if (!last || read.length <= CHUNK) return;
    after = [last.model, last.view, last.entity_key];
  }
}

function nameOf({ model, view }: OldRow): string {
  return JSON.stringify([model, view]);
}

/** Types by view and feature; times were kept as plain numbers, and become times when they are next written. */
function noteTypes(types: Map<string, Map<string, ValueType>>, row: OldRow): void {
  const own = types.get(nameOf(row)) ?? new Map<string, ValueType>();
  types.set(nameOf(row), own);
  const byKind: Readonly<Record<string, ValueType>> = { bigint: 'int64', boolean: 'bool', string: 'string' };
  for (const [name, value] of Object.entries(row.values)) {
    if (value !== null) own.set(name, byKind[typeof value] ?? 'float64');
    else if (!own.has(name)) own.set(name, 'float64');
  }
}

function byView(rows: readonly OldRow[]): ReadonlyMap<string, readonly OldRow[]> {
  const found = new Map<string, OldRow[]>();
  for (const row of rows) {
    const own = found.get(nameOf(row));
    if (own) own.push(row);
    else found.set(nameOf(row), [row]);
  }
  return found;
}

function batchOf(rows: readonly OldRow[], types: ReadonlyMap<string, ValueType>): OnlineBatch {
  const columnAt = (name: string, type: ValueType) =>
    columnFromCells(
      type,
      rows.map((row) => row.values[name] ?? null),
    );
  return {
    view: rows[0]?.view ?? '',
    keys: rows.map((row) => row.entity_key),
    event: Float64Array.from(rows, (row) => row.event_timestamp),
    created: Float64Array.from(rows, (row) => row.created_timestamp),
    asOf: null,
    values: makeTable([...types].map(([name, type]) => [name, columnAt(name, type)] as const)),
  };
}
