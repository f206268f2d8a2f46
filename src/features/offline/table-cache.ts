import type { Table } from '../../utils/columns';
import { tableBytes } from './write';

/** Tables by what they hold, the least used of them forgotten when they take more than `budget` bytes together. */
export class TableCache {
  readonly #budget: number;
  readonly #tables = new Map<string, { readonly table: Table; readonly bytes: number }>();
  #bytes = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  get(key: string): Table | undefined {
    const found = this.#tables.get(key);
    if (!found) return undefined;
    this.#tables.delete(key);
    this.#tables.set(key, found);
    return found.table;
  }

  /** The newest table stays, however large it is. */
  set(key: string, table: Table): void {
    this.delete(key);
    const bytes = tableBytes(table);
    this.#tables.set(key, { table, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#tables.keys()) {
      if (this.#bytes <= this.#budget || oldest === key) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#bytes -= this.#tables.get(key)?.bytes ?? 0;
    this.#tables.delete(key);
  }
}
