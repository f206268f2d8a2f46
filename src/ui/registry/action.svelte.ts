import { messageOf } from '../state/fault';
import { usePage } from '../state/page.svelte';

/** One thing a person does to the registry at a time: whether it is under way, and why it was refused. Make it while a component initialises. */
export class Action {
  busy = $state(false);
  fault = $state<string | null>(null);
  readonly #page = usePage();

  /** Does it and looks again at everything; answers whether it was done, so that what was typed is kept where not. */
  run(work: () => Promise<unknown>): Promise<boolean> {
    return this.read(async () => {
      await work();
      await this.#page.workspace.refresh();
    });
  }

  /** The same of what changes nothing. */
  async read(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.fault = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.fault = messageOf(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
