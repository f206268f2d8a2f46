const LIMIT = 4503599627370496;

/**
 * The sum of `count` finite numbers, whatever their order. Each is taken apart into two whole numbers of a power of two
 * so small that neither sum of them can round (2^52 at most): parts below 2^-52 of the largest number are kept by the
 * second one.
 */
export function sumInAnyOrder(count: number, valueAt: (i: number) => number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(valueAt(i)));
  if (!(largest > 0)) return 0;
  const scale = scaleWithin(largest * count);
  const fine = scaleWithin(count);
  let high = 0;
  let low = 0;
  for (let i = 0; i < count; i++) {
    const value = valueAt(i) * scale;
    const whole = Math.floor(value);
    high += whole;
    low += Math.floor((value - whole) * fine);
  }
  return (high + low / fine) / scale;
}

/** The largest power of two that keeps `bound` times it within 2^52. */
function scaleWithin(bound: number): number {
  let scale = 1;
  while (bound * scale * 2 <= LIMIT) scale *= 2;
  while (bound * scale > LIMIT) scale /= 2;
  return scale;
}
