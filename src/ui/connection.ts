import type { Workbench } from '../pipeline/client';

/** A workspace the page talks to, wherever its work happens. */
export interface Connection {
  readonly workbench: Workbench;
  /** Called after something was committed, by this page or another tab. Returns a function that stops listening. */
  onChange(listener: () => void): () => void;
  /** Called when the workspace can no longer answer, with a sentence for people. */
  onLost(listener: (message: string) => void): () => void;
}
