/** What a command leaves behind: an object for programs, lines for people. */
export interface Outcome {
  readonly summary: object;
  readonly text: string;
  /** Whether a check that was asked for did not pass: exit code 1. */
  readonly failed?: boolean;
}

/** Tells a person on standard error how far the work is. */
export type Say = (line: string) => void;
