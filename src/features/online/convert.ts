import { makeTable, stringColumn, type Cell, type Column } from '../../utils/columns';
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
  let after: IndexKey | undefined;
  for (;;) {
    const read = await tx.query<OldRow>('online_rows', {
      ...(after === undefined ? {} : { from: after }),
      limit: CHUNK + 1,
    });
    const rows = after === undefined ? read.slice(0, CHUNK) : read.slice(1);
    for (const own of byView(rows)) await writeOnline(tx, own[0]?.model ?? '', batchOf(own));
    const last = rows.at(-1);
    if (!last || read.length <= CHUNK) return;
    after = [last.model, last.view, last.entity_key];
  }
}

/** Neighbours of one model, view and set of features. */
function byView(rows: readonly OldRow[]): readonly (readonly OldRow[])[] {
  const found = new Map<string, OldRow[]>();
  for (const row of rows) {
    const name = JSON.stringify([row.model, row.view]);
    const own = found.get(name);
    if (own) own.push(row);
    else found.set(name, [row]);
  }
  return [...found.values()];
}

function batchOf(rows: readonly OldRow[]): OnlineBatch {
  const names = Object.keys(rows[0]?.values ?? {});
  return {
    view: rows[0]?.view ?? '',
    keys: rows.map((row) => row.entity_key),
    event: Float64Array.from(rows, (row) => row.event_timestamp),
    created: Float64Array.from(rows, (row) => row.created_timestamp),
    asOf: null,
    values: makeTable(names.map((name) => [name, columnOf(rows.map((row) => row.values[name] ?? null))] as const)),
  };
}

/** A column of the type that its values have; times were kept as plain numbers and become times when written again. */
function columnOf(cells: readonly Cell[]): Column {
  const known = cells.find((cell) => cell !== null);
  const types: Readonly<Record<string, ValueType>> = { bigint: 'int64', boolean: 'bool', number: 'float64' };
  const type = types[typeof known];
  return type === undefined ? stringColumn(cells.map((cell) => cell as string | null)) : columnFromCells(type, cells);
}
