import { SvelteMap } from 'svelte/reactivity';
import type { Cell } from '../../utils/columns';
import type { TablePage } from '../../pipeline/views';
import { messageOf } from '../state/fault';

const PAGE = 200;

/** Rows of one table, fetched in pages as they come into sight and kept. */
export class TablePages {
  error = $state<string | null>(null);
  readonly #pages = new SvelteMap<number, TablePage['rows'] | 'asked'>();
  readonly #fetch: (offset: number, limit: number) => Promise<TablePage>;

  constructor(fetch: (offset: number, limit: number) => Promise<TablePage>) {
    this.#fetch = fetch;
  }

  /** The row, or undefined while it is on its way. */
  row(index: number): readonly Cell[] | undefined {
    const page = this.#pages.get(Math.floor(index / PAGE));
    return page === undefined || page === 'asked' ? undefined : page[index % PAGE];
  }

  /** Asks for the pages that hold these rows, unless they are here or asked for. */
  want(first: number, count: number): void {
    for (let page = Math.floor(first / PAGE); page * PAGE < first + count; page++) {
      if (!this.#pages.has(page)) void this.#load(page);
    }
  }

  async #load(page: number): Promise<void> {
    this.#pages.set(page, 'asked');
    try {
      const { rows } = await this.#fetch(page * PAGE, PAGE);
      this.#pages.set(page, rows);
      this.error = null;
    } catch (error) {
      this.#pages.delete(page);
      this.error = messageOf(error);
    }
  }
}
