import type { Stage } from '../../pipeline/views';
import { STAGE_ORDER } from '../stages';

/** The sentence of anything thrown, for a person to read. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && error.message) return error.message;
  if (typeof error === 'string' && error) return error;
  return 'Something failed without saying why. Reload the page; what was saved is still there.';
}

/** The stage a WorkbenchError names in its details, if it does. */
export function stageOf(error: unknown): Stage | null {
  if (!(error instanceof Error) || !('details' in error)) return null;
  const { details } = error;
  const named = typeof details === 'object' && details !== null && 'stage' in details ? details.stage : null;
  return STAGE_ORDER.find((stage) => stage === named) ?? null;
}

/** True when the work was stopped on purpose. */
export function isStopped(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
