import { modelProbabilities, type Model } from '../../training/model';
import type { StageContext } from './context';

/** Probabilities of rows, by the fastest kernels of the host; can be cancelled. */
export async function score(
  { platform, signal }: Pick<StageContext, 'platform' | 'signal'>,
  model: Model,
  columns: readonly Float32Array[],
): Promise<Float64Array> {
  return modelProbabilities(model, columns, await platform.kernels(), { pause: platform.pause, signal });
}
