import { AbortError } from './errors';

/** The part of AbortSignal that long work reads. A platform AbortSignal fits. */
export interface Signal {
  readonly aborted: boolean;
}

/** How far one piece of long work has come. */
export interface Progress {
  /** What is being done now, in a few words: "binning column 3 of 18". */
  readonly label: string;
  /** Units finished, 0..total. */
  readonly done: number;
  /** Units in all; 0 when not known yet. */
  readonly total: number;
  /** JSON-safe extra facts for a live picture, for example the best loss so far. */
  readonly detail?: unknown;
}

/** Handed to every call that can take more than 100 ms. */
export interface Control {
  readonly signal?: Signal;
  readonly onProgress?: (progress: Progress) => void;
  /** Lets the host handle messages (and so cancels) for a moment. Cheap to call often. */
  readonly pause?: () => Promise<void>;
}

export function throwIfAborted(control: Control): void {
  if (control.signal?.aborted) throw new AbortError();
}

/** Reports progress, gives the host a turn, and stops here when cancelled. */
export async function checkpoint(control: Control, progress?: Progress): Promise<void> {
  throwIfAborted(control);
  if (progress) control.onProgress?.(progress);
  await control.pause?.();
  throwIfAborted(control);
}

/** Runs no more than so many pieces of work at a time; the others wait in order. */
export function atMost(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
