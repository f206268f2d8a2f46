const BLOCK = 4096;
const LIMIT = 1073741824;

/** Powers of two that turn gradients and hessians into whole numbers. */
export interface Quantisation {
  readonly gradientScale: number;
  readonly hessianScale: number;
}

/**
 * The largest power of two that keeps max(sum of positive g, sum of |negative g|), and the sum of h, within 2^30, so
 * that no subset of rows can leave 32 bits (the bound of dmlc/xgboost:src/tree/gpu_hist/quantiser.cu, for 32 instead of
 * 64). Sums are taken in float64 over blocks of 4096 rows in order, then over blocks, so that any number of workers
 * finds the same scale.
 */
export function chooseQuantisation(pairs: Float32Array, rows: Int32Array, count: number): Quantisation {
  let positive = 0;
  let negative = 0;
  let hessian = 0;
  for (let from = 0; from < count; from += BLOCK) {
    const to = Math.min(from + BLOCK, count);
    let blockPositive = 0;
    let blockNegative = 0;
    let blockHessian = 0;
    for (let i = from; i < to; i++) {
      const at = 2 * (rows[i] as number);
      const g = pairs[at] as number;
      if (g > 0) blockPositive += g;
      else blockNegative -= g;
      blockHessian += pairs[at + 1] as number;
    }
    positive += blockPositive;
    negative += blockNegative;
    hessian += blockHessian;
  }
  return { gradientScale: scaleFor(Math.max(positive, negative)), hessianScale: scaleFor(hessian) };
}

function scaleFor(bound: number): number {
  if (!(bound > 0)) return 1;
  let scale = 1;
  while (bound * scale * 2 <= LIMIT) scale *= 2;
  while (bound * scale > LIMIT) scale /= 2;
  return scale;
}

/** Whole numbers nearest to the scaled pairs, halves upwards, for the first `count` rows: floor(v * scale + 0.5). */
export function quantisePairs(
  pairs: Float32Array,
  { rows, count }: { readonly rows: Int32Array; readonly count: number },
  { gradientScale, hessianScale }: Quantisation,
  into: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    const at = 2 * (rows[i] as number);
    into[at] = Math.floor((pairs[at] as number) * gradientScale + 0.5);
    into[at + 1] = Math.floor((pairs[at + 1] as number) * hessianScale + 0.5);
  }
}
