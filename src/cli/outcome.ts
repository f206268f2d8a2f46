/** What a command leaves behind: an object for programs, lines for people. */
export interface Outcome {
  readonly summary: object;
  readonly text: string;
}

/** Tells a person on standard error how far the work is. */
export type Say = (line: string) => void;
