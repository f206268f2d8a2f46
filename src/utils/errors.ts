/** Machine-readable fault codes, one family a room. The text beside them is for people. */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'DATA_INVALID'
  | 'FEATURES_INVALID'
  | 'TRAINING_INVALID'
  | 'TRACKING_INVALID'
  | 'REGISTRY_INVALID'
  | 'INFERENCE_INVALID'
  | 'MONITORING_INVALID'
  | 'INTEROP_INVALID'
  | 'OUT_OF_MEMORY'
  | 'STORAGE_REFUSED'
  | 'STORAGE_CORRUPT'
  | 'WORKER_LOST'
  | 'DEVICE_LOST'
  | 'BUSY'
  | 'USAGE';

/** A fault a person can mend: the message says what was wrong, where, what was expected and what to do. */
export class WorkbenchError extends Error {
  override readonly name: string = 'WorkbenchError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** JSON-safe facts about the fault, for programs. */
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Raised where a caller asked for long work to stop. Swallowed only at a door. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  constructor(message = 'The work was cancelled; nothing was changed.') {
    super(message);
  }
}

/** Throws a programmer's error (a bug) when `condition` is false. */
export function invariant(condition: unknown, text: () => string): asserts condition {
  if (!condition) throw new Error(`invariant: ${text()}`);
}
