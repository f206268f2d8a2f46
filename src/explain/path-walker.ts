import { gaussLegendre, type Quadrature } from './quadrature';
import type { CategoryRule, TreePaths } from './tree-paths';

/** Adds one tree's values of one row; buffers are shared between calls. */
export class PathWalker {
  readonly #factors: Float64Array;
  readonly #goes: Uint8Array;
  readonly #sums: Float64Array;
  readonly #quadratures: readonly Quadrature[];

  constructor(trees: readonly TreePaths[]) {
    const longest = trees.reduce((most, tree) => Math.max(most, tree.longest), 0);
    this.#factors = new Float64Array(longest + 1);
    this.#goes = new Uint8Array(longest);
    this.#sums = new Float64Array(longest);
    this.#quadratures = Array.from({ length: longest + 1 }, (_, length) =>
      gaussLegendre(Math.max(1, Math.ceil(length / 2))),
    );
  }

  add(tree: TreePaths, columns: readonly Float32Array[], row: number, phi: Float64Array): void {
    for (let leaf = 0; leaf < tree.leafValues.length; leaf++) {
      const from = tree.starts[leaf] as number;
      const length = (tree.starts[leaf + 1] as number) - from;
      if (length === 0) continue;
      this.#follow(tree, leaf, columns, row);
      this.#integrate(tree.shares, from, length);
      this.#addPath(tree, leaf, phi);
    }
  }

  /** goes[j] = whether the row goes the way of the path's element j. */
  #follow(tree: TreePaths, leaf: number, columns: readonly Float32Array[], row: number): void {
    const { features, lows, highs, rules, missing } = tree;
    const from = tree.starts[leaf] as number;
    const to = tree.starts[leaf + 1] as number;
    for (let at = from; at < to; at++) {
      const value = (columns[features[at] as number] as Float32Array)[row] as number;
      const high = highs[at] as number;
      const goes =
        value !== value
          ? missing[at] === 1
          : value >= (lows[at] as number) && (value < high || high === Infinity) && allowed(rules[at] ?? null, value);
      this.#goes[at - from] = goes ? 1 : 0;
    }
  }

  /** sums[i] = integral of the product over all other elements, by prefix and suffix products. */
  #integrate(shares: Float64Array, from: number, length: number): void {
    const factors = this.#factors;
    const sums = this.#sums;
    const { points, weights } = this.#quadratures[length] as Quadrature;
    for (let i = 0; i < length; i++) sums[i] = 0;
    for (let k = 0; k < points.length; k++) {
      const t = points[k] as number;
      let suffix = weights[k] as number;
      for (let i = length - 1; i >= 0; i--) {
        factors[i] = suffix;
        suffix *= (1 - t) * (shares[from + i] as number) + t * (this.#goes[i] as number);
      }
      let prefix = 1;
      for (let i = 0; i < length; i++) {
        sums[i] = (sums[i] as number) + prefix * (factors[i] as number);
        prefix *= (1 - t) * (shares[from + i] as number) + t * (this.#goes[i] as number);
      }
    }
  }

  #addPath({ starts, leafValues, features, shares }: TreePaths, leaf: number, phi: Float64Array): void {
    const from = starts[leaf] as number;
    const length = (starts[leaf + 1] as number) - from;
    const value = leafValues[leaf] as number;
    for (let i = 0; i < length; i++) {
      const feature = features[from + i] as number;
      phi[feature] =
        (phi[feature] as number) +
        value * ((this.#goes[i] as number) - (shares[from + i] as number)) * (this.#sums[i] as number);
    }
  }

  /**
   * Adds half of each pair's interaction to [features * features] at (i, j) and (j, i): the pair's share of
   * v (o_i - z_i) (o_j - z_j) * integral of the product over all other elements.
   */
  addInteractions(tree: TreePaths, columns: readonly Float32Array[], row: number, pairs: Float64Array): void {
    const size = columns.length;
    for (let leaf = 0; leaf < tree.leafValues.length; leaf++) {
      const from = tree.starts[leaf] as number;
      const length = (tree.starts[leaf + 1] as number) - from;
      if (length < 2) continue;
      this.#follow(tree, leaf, columns, row);
      const half = (tree.leafValues[leaf] as number) / 2;
      for (let i = 0; i < length; i++) {
        const own = (this.#goes[i] as number) - (tree.shares[from + i] as number);
        if (own === 0) continue;
        this.#integrateWithout(tree.shares, from, length, i);
        const first = tree.features[from + i] as number;
        for (let j = i + 1; j < length; j++) {
          const other = (this.#goes[j] as number) - (tree.shares[from + j] as number);
          const share = half * own * other * (this.#sums[j] as number);
          const second = tree.features[from + j] as number;
          pairs[first * size + second] = (pairs[first * size + second] as number) + share;
          pairs[second * size + first] = (pairs[second * size + first] as number) + share;
        }
      }
    }
  }

  /** sums[j] = integral of the product over all elements but j and `without`, for j > without. */
  #integrateWithout(shares: Float64Array, from: number, length: number, without: number): void {
    const factors = this.#factors;
    const sums = this.#sums;
    const { points, weights } = this.#quadratures[length] as Quadrature;
    for (let j = without + 1; j < length; j++) sums[j] = 0;
    for (let k = 0; k < points.length; k++) {
      const t = points[k] as number;
      const factor = (i: number) => (1 - t) * (shares[from + i] as number) + t * (this.#goes[i] as number);
      let suffix = weights[k] as number;
      for (let j = length - 1; j > without; j--) {
        factors[j] = suffix;
        suffix *= factor(j);
      }
      let prefix = 1;
      for (let j = 0; j < without; j++) prefix *= factor(j);
      for (let j = without + 1; j < length; j++) {
        sums[j] = (sums[j] as number) + prefix * (factors[j] as number);
        prefix *= factor(j);
      }
    }
  }
}

/** Whether a value of a category goes the path's way; values are compared as XGBoost does, without their fraction. */
function allowed(rules: readonly CategoryRule[] | null, value: number): boolean {
  if (!rules) return true;
  const code = value < 0 ? -1 : Math.trunc(value);
  return rules.every(({ listed, isOneOf }) => listed.has(code) === isOneOf);
}
