/** The sentence of anything thrown, for a person to read. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && error.message) return error.message;
  if (typeof error === 'string' && error) return error;
  return 'Something failed without saying why. Reload the page; what was saved is still there.';
}

/** True when the work was stopped on purpose. */
export function isStopped(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
