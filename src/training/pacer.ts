import { checkpoint, type Control, type Progress } from '../utils/control';

/** About 7 ms of histogram work on a slow core. */
const WORK_BETWEEN_RESTS = 1_000_000;

/** Counts work and says when it is time to let the host take a turn, so that small trees cost no pause at all. */
export class Pacer {
  /** Reported at the next rest. */
  progress: Progress | undefined;
  #work = 0;
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /** Adds work in row visits; true when `rest` should be awaited now. */
  due(work: number): boolean {
    this.#work += work;
    return this.#work >= WORK_BETWEEN_RESTS;
  }

  /** Reports progress, gives the host a turn and throws AbortError when cancelled. */
  async rest(): Promise<void> {
    this.#work = 0;
    await checkpoint(this.#control, this.progress);
  }
}
