import type { IndexKey, TableSchema } from '../../utils/records';

/** Compares keys as IndexedDB does: numbers before strings before arrays, arrays element by element. */
export function compareKeys(a: IndexKey, b: IndexKey): number {
  const kind = rank(a) - rank(b);
  if (kind !== 0) return kind;
  if (typeof a === 'object' && typeof b === 'object') {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compareKeys(a[i] as IndexKey, b[i] as IndexKey);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(key: IndexKey): number {
  return typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2;
}

/** The key of a record along a path; undefined when a part is missing or not a key, so that the row is not indexed. */
export function keyOf(record: object, path: string | readonly string[]): IndexKey | undefined {
  const part = (name: string): string | number | undefined => {
    const value = (record as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value)) ? value : undefined;
  };
  if (typeof path === 'string') return part(path);
  const parts = path.map(part);
  return parts.every((value) => value !== undefined) ? parts : undefined;
}

/** One text a key, for maps. */
export function keyText(key: IndexKey): string {
  return JSON.stringify(key);
}

export function indexPath(schema: TableSchema, table: string, index: string | undefined): string | readonly string[] {
  if (index === undefined) return schema.key;
  const path = schema.indexes?.[index];
  if (path === undefined) throw new Error(`invariant: table ${table} has no index ${index}`);
  return path;
}
