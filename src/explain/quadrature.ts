/** Points and weights of an integral over [0, 1]. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

const cache = new Map<number, Quadrature>();

/**
 * Gauss-Legendre quadrature over [0, 1] with `n` points: exact for polynomials of degree 2n - 1 (Golub & Welsch 1969
 * describe the rule; roots are found here by bisection between the roots of the next lower Legendre polynomial, which
 * separate them, so that only + - * / are used).
 */
export function gaussLegendre(n: number): Quadrature {
  const known = cache.get(n);
  if (known) return known;
  let roots: number[] = [];
  for (let degree = 1; degree <= n; degree++) {
    const edges = [-1, ...roots, 1];
    roots = edges.slice(1).map((right, i) => rootBetween(degree, edges[i] as number, right));
  }
  const quadrature = { points: new Float64Array(n), weights: new Float64Array(n) };
  roots.forEach((root, i) => {
    const slope = (n * (legendre(n - 1, root) - root * legendre(n, root))) / (1 - root * root);
    quadrature.points[i] = (1 + root) / 2;
    quadrature.weights[i] = 1 / ((1 - root * root) * slope * slope);
  });
  cache.set(n, quadrature);
  return quadrature;
}

function legendre(degree: number, x: number): number {
  let before = 1;
  let value = degree === 0 ? 1 : x;
  for (let k = 2; k <= degree; k++) {
    const next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
    before = value;
    value = next;
  }
  return value;
}

function rootBetween(degree: number, left: number, right: number): number {
  let low = left;
  let high = right;
  const rising = legendre(degree, high) > 0;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (legendre(degree, middle) > 0 === rising) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
