import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { RunRow, RunSearch, RunsPage } from '../../../pipeline/runs/types';
import { messageOf } from '../../state/fault';

const PAGE = 200;

type Ask = (search: RunSearch) => Promise<RunsPage>;

/** A filter or an order that cannot be read, and where. */
export interface SearchFault {
  readonly message: string;
  /** What cannot be read: "filter", "order"; empty for other faults. */
  readonly what: string;
  /** UTF-16 units. */
  readonly position: number;
  readonly length: number;
}

/** Runs that one search found, fetched in pages as they come into sight. */
export class FoundRuns {
  readonly total: number;
  readonly matched: number;
  readonly #pages: SvelteMap<number, readonly RunRow[] | 'asked'>;
  readonly #fetch: (offset: number, limit: number) => Promise<RunsPage>;

  constructor(first: RunsPage, fetch: (offset: number, limit: number) => Promise<RunsPage>) {
    this.total = first.total;
    this.matched = first.matched;
    this.#pages = new SvelteMap([[0, first.rows]]);
    this.#fetch = fetch;
  }

  /** The run, or undefined while it is on its way. */
  row(index: number): RunRow | undefined {
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
      this.#pages.set(page, (await this.#fetch(page * PAGE, PAGE)).rows);
    } catch {
      this.#pages.delete(page);
    }
  }
}

/** The newest search that was answered; it stays in sight while a later one is on its way or cannot be read. */
export class RunList {
  found = $state.raw<FoundRuns | null>(null);
  fault = $state.raw<SearchFault | null>(null);
  #newest = 0;

  constructor(search: () => { readonly ask: Ask; readonly search: RunSearch } | null) {
    $effect(() => {
      const wanted = search();
      const id = ++this.#newest;
      if (wanted) untrack(() => void this.#look(id, wanted.ask, wanted.search));
      return () => {
        this.#newest++;
      };
    });
  }

  async #look(id: number, ask: Ask, search: RunSearch): Promise<void> {
    const fetch = (offset: number, limit: number) => ask({ ...search, offset, limit });
    try {
      const first = await fetch(0, PAGE);
      if (id !== this.#newest) return;
      this.found = new FoundRuns(first, fetch);
      this.fault = null;
    } catch (error) {
      if (id === this.#newest) this.fault = faultOf(error);
    }
  }
}

function faultOf(error: unknown): SearchFault {
  const details = error instanceof Error && 'details' in error ? error.details : null;
  const at = (typeof details === 'object' ? details : null) as Partial<SearchFault> | null;
  return {
    message: messageOf(error),
    what: typeof at?.what === 'string' ? at.what : '',
    position: typeof at?.position === 'number' ? at.position : 0,
    length: typeof at?.length === 'number' ? at.length : 0,
  };
}
