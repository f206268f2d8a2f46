import type { Progress } from '../../utils/control';
import { isStopped, messageOf } from '../state/fault';

type Work = (onProgress: (progress: Progress) => void, signal: AbortSignal) => Promise<string>;

/** One piece of work on the store at a time: how far it is, what came of it, what went wrong. */
export class StoreWork {
  /** What it is about, a table's name or "": where its outcome stands. */
  about = $state<string | null>(null);
  busy = $state(false);
  progress = $state.raw<Progress | null>(null);
  outcome = $state('');
  fault = $state<string | null>(null);
  #abort = new AbortController();

  async run(about: string, work: Work): Promise<void> {
    if (this.busy) return;
    this.about = about;
    this.busy = true;
    this.progress = null;
    this.outcome = '';
    this.fault = null;
    this.#abort = new AbortController();
    try {
      this.outcome = await work((progress) => (this.progress = progress), this.#abort.signal);
    } catch (error) {
      if (isStopped(error)) this.outcome = messageOf(error);
      else this.fault = messageOf(error);
    }
    this.busy = false;
  }

  stop(): void {
    this.#abort.abort();
  }
}
