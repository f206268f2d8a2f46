import { untrack } from 'svelte';
import { messageOf } from './fault';

/**
 * Something fetched that depends on reactive state: asked again whenever what `load` reads changes, the newest answer
 * wins, and the old one stays in sight meanwhile. Make it while a component initialises.
 */
export class Resource<T> {
  value = $state.raw<T | null>(null);
  error = $state<string | null>(null);
  /** True until the first answer. */
  pending = $state(true);
  #newest = 0;

  constructor(load: () => Promise<T | null> | null) {
    $effect(() => {
      const id = ++this.#newest;
      const promise = load();
      untrack(() => void this.#settle(id, promise));
      return () => {
        this.#newest++;
      };
    });
  }

  async #settle(id: number, promise: Promise<T | null> | null): Promise<void> {
    try {
      const value = await promise;
      if (id !== this.#newest) return;
      this.value = value;
      this.error = null;
    } catch (error) {
      if (id !== this.#newest) return;
      this.error = messageOf(error);
    }
    this.pending = false;
  }
}
