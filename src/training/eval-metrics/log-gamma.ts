import { log } from '../../utils/math';

const HALF_LOG_TWO_PI = 0.9189385332046728;
const FAR = 12;

/** ln(gamma(x)) for x > 0, about 1e-14 relative or absolute: Stirling's series from x >= 12 on, recurrence below. */
export function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < FAR) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  let series = -691 / 360360;
  for (const term of [1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12]) series = series * square + term;
  return (shifted - 0.5) * log(shifted) - shifted + HALF_LOG_TWO_PI + series * inverse - log(product);
}
