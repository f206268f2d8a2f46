// Float gradient pairs to whole numbers, packed for one addition: (gradient << 32) + hessian.

/** The largest |gradient| and hessian of rows[0..count), as two float32 numbers at `out`. */
export function largestPair(pairs: usize, rows: usize, count: usize, out: usize): void {
  let gradient: f32 = 0;
  let hessian: f32 = 0;
  const last = rows + (count << 2);
  for (let at = rows; at < last; at += 4) {
    const pair = pairs + ((<usize>load<u32>(at)) << 3);
    gradient = max<f32>(gradient, abs<f32>(load<f32>(pair)));
    hessian = max<f32>(hessian, load<f32>(pair, 4));
  }
  store<f32>(out, gradient);
  store<f32>(out, hessian, 4);
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
  let positive: i64 = 0;
  let both: i64 = 0;
  let hessian: i64 = 0;
  const last = rows + (count << 2);
  for (let at = rows; at < last; at += 4) {
    const pair = pairs + ((<usize>load<u32>(at)) << 3);
    const g = <f64>load<f32>(pair);
    const size = <i64>(abs<f64>(g) * gradientUnit);
    both += size;
    positive += select<i64>(size, 0, g > 0);
    hessian += <i64>(<f64>load<f32>(pair, 4) * hessianUnit);
  }
  store<f64>(out, <f64>positive);
  store<f64>(out, <f64>(both - positive), 8);
  store<f64>(out, <f64>hessian, 16);
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
  let gradientSum: i64 = 0;
  let hessianSum: i64 = 0;
  const last = rows + (count << 2);
  for (let at = rows; at < last; at += 4) {
    const offset = (<usize>load<u32>(at)) << 3;
    const g = <i64>floor<f64>(<f64>load<f32>(pairs + offset) * gradientScale + 0.5);
    const h = <i64>floor<f64>(<f64>load<f32>(pairs + offset, 4) * hessianScale + 0.5);
    store<i64>(packed + offset, (g << 32) + h);
    gradientSum += g;
    hessianSum += h;
  }
  store<f64>(out, <f64>gradientSum);
  store<f64>(out, <f64>hessianSum, 8);
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
  let gradient: f64 = 0;
  let hessian: f64 = 0;
  const last = rows + (end << 2);
  for (let at = rows + (begin << 2); at < last; at += 4) {
    const pair = pairs + ((<usize>load<u32>(at)) << 3);
    gradient += floor<f64>(<f64>load<f32>(pair) * gradientScale + 0.5);
    hessian += floor<f64>(<f64>load<f32>(pair, 4) * hessianScale + 0.5);
  }
  store<f64>(out, gradient);
  store<f64>(out, hessian, 8);
}
