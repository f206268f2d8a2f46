import type { OnlineFeature } from '../features/types';
import { WorkbenchError } from '../utils/errors';

/** A served value as the float32 column of one row that models read: truth values as 1 and 0, missing as NaN. */
export function toModelColumn({ feature, value }: OnlineFeature): Float32Array {
  if (value === null) return Float32Array.of(NaN);
  if (typeof value === 'string') {
    throw new WorkbenchError(
      'INFERENCE_INVALID',
      `The feature "${feature}" was served as the text "${value}", and models read numbers. Give it an expression that makes a number.`,
    );
  }
  if (typeof value === 'object') {
    throw new WorkbenchError(
      'INFERENCE_INVALID',
      `The feature "${feature}" was served as a list, and models read single numbers. Give it an expression that makes a number of the list, such as its length.`,
    );
  }
  return Float32Array.of(Number(value));
}
