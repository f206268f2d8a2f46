// Float gradient pairs to whole numbers, packed for one addition: (gradient << 32) + hessian.

function pairAt(pairs: usize, at: usize): v128 {
  return v128.load64_zero(pairs + ((<usize>load<u32>(at)) << 3));
}

function bothOf(gradient: f64, hessian: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(gradient), 1, hessian);
}

/** The largest |gradient| and hessian of rows[0..count), as two float32 numbers at `out`. */
export function largestPair(pairs: usize, rows: usize, count: usize, out: usize): void {
  let largest = f32x4.splat(0);
  const last = rows + (count << 2);
  for (let at = rows; at < last; at += 4) largest = f32x4.pmax(largest, f32x4.abs(pairAt(pairs, at)));
  v128.store64_lane(out, largest, 0);
}

/**
 * Sums of floor(value * unit) over rows[0..count), three whole numbers as float64 at `out`: of positive gradients, of
 * the sizes of negative ones, of hessians. The caller chooses the units so that no sum reaches 2^53.
 */
export function sumPairs(
  pairs: usize,
  rows: usize,
  count: usize,
  gradientUnit: f64,
  hessianUnit: f64,
  out: usize,
): void {
  const units = bothOf(gradientUnit, hessianUnit);
  let positive = f64x2.splat(0);
  let all = f64x2.splat(0);
  const last = rows + (count << 2);
  for (let at = rows; at < last; at += 4) {
    const pair = f64x2.promote_low_f32x4(pairAt(pairs, at));
    const size = f64x2.floor(f64x2.mul(f64x2.abs(pair), units));
    all = f64x2.add(all, size);
    positive = f64x2.add(positive, v128.and(size, f64x2.gt(pair, f64x2.splat(0))));
  }
  store<f64>(out, f64x2.extract_lane(positive, 0));
  store<f64>(out, f64x2.extract_lane(all, 0) - f64x2.extract_lane(positive, 0), 8);
  store<f64>(out, f64x2.extract_lane(all, 1), 16);
}

/** floor(value * scale + 0.5) of rows[0..count) into `packed`; their sums as two float64 numbers at `out`. */
export function quantisePairs(
  pairs: usize,
  rows: usize,
  count: usize,
  gradientScale: f64,
  hessianScale: f64,
  packed: usize,
  out: usize,
): void {
  const scales = bothOf(gradientScale, hessianScale);
  let sum = f64x2.splat(0);
  const last = rows + (count << 2);
  for (let at = rows; at < last; at += 4) {
    const offset = (<usize>load<u32>(at)) << 3;
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(pairs + offset));
    const whole = f64x2.floor(f64x2.add(f64x2.mul(pair, scales), f64x2.splat(0.5)));
    const words = i32x4.trunc_sat_f64x2_s_zero(whole);
    v128.store64_lane(packed + offset, i32x4.shuffle(words, words, 1, 0, 3, 2), 0);
    sum = f64x2.add(sum, whole);
  }
  v128.store(out, sum);
}

/** Sums of floor(value * scale + 0.5) over rows[begin..end), two whole numbers as float64 at `out`. */
export function exactSum(
  pairs: usize,
  rows: usize,
  begin: usize,
  end: usize,
  gradientScale: f64,
  hessianScale: f64,
  out: usize,
): void {
  const scales = bothOf(gradientScale, hessianScale);
  let sum = f64x2.splat(0);
  const last = rows + (end << 2);
  for (let at = rows + (begin << 2); at < last; at += 4) {
    const pair = f64x2.promote_low_f32x4(pairAt(pairs, at));
    sum = f64x2.add(sum, f64x2.floor(f64x2.add(f64x2.mul(pair, scales), f64x2.splat(0.5))));
  }
  v128.store(out, sum);
}
