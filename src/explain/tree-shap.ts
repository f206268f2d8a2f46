import { makeObjective } from '../training/objectives';
import { checkColumns } from '../training/predict';
import type { Booster, RegTree } from '../training/types';
import { checkpoint, type Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { gaussLegendre, type Quadrature } from './quadrature';
import { treePaths, type TreePaths } from './tree-paths';

const WORK_BETWEEN_RESTS = 400_000;

export interface Explanation {
  /** How expectations are taken at splits on unknown features. */
  readonly mode: 'tree_path_dependent';
  /** One array of [n_features] a row, log-odds. */
  readonly values: readonly Float64Array[];
  /** Expected margin; base + sum of a row's values = its margin. */
  readonly base: number;
}

/**
 * Exact path-dependent SHAP values of log-odds (Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9), weighing by cover
 * = sum of hessians as XGBoost's pred_contribs does, in float64. A path's share of feature i is
 * v (o_i - z_i) * integral over t in [0, 1] of the product over j != i of (1 - t) z_j + t o_j, with o = 1 where the row
 * goes the path's way and z the share of cover that does (Owen's multilinear extension, 1972); Gauss-Legendre makes the
 * integral exact, and nothing cancels in it at any depth. Missing values take each node's default side.
 *
 * Cost: rows * leaves * depth^2. Progress and cancelling by rows.
 *
 * @param columns [n_features] columns of [n_rows], in the model's order.
 * @param rows row numbers to explain, in this order.
 */
export async function explainRows(
  booster: Booster,
  columns: readonly Float32Array[],
  rows: Int32Array,
  control: Control,
): Promise<Explanation> {
  const n = checkColumns(booster, columns);
  const bad = rows.find((row) => row < 0 || row >= n);
  if (bad !== undefined) {
    throw new WorkbenchError('USAGE', `Row ${bad} cannot be explained: there are ${n} rows, numbered 0 to ${n - 1}.`);
  }
  refuseUnexplained(booster);
  const trees = booster.trees.map((tree, index) => treePaths(weighted(tree, booster.treeWeights?.[index] ?? 1)));
  const objective = makeObjective(booster.params.objective, booster.params);
  const base = trees.reduce((sum, tree) => sum + tree.expected, objective.baseMargin(booster.baseScore));
  const work = trees.reduce((sum, tree) => sum + tree.features.length + 1, 0);
  const walker = new PathWalker(trees);
  const values: Float64Array[] = [];
  let sinceRest = Infinity;
  for (let i = 0; i < rows.length; i++) {
    if (sinceRest >= WORK_BETWEEN_RESTS) {
      await checkpoint(control, { label: `explaining row ${i + 1} of ${rows.length}`, done: i, total: rows.length });
      sinceRest = 0;
    }
    const phi = new Float64Array(columns.length);
    for (const tree of trees) walker.add(tree, columns, rows[i] as number, phi);
    values.push(phi);
    sinceRest += work;
  }
  return { mode: 'tree_path_dependent', values, base };
}

function refuseUnexplained({ params, trees }: Booster): void {
  const why =
    params.num_class > 1
      ? 'a model of several classes'
      : trees.some((tree) => tree.categories)
        ? 'a model that splits by categories'
        : null;
  if (why)
    throw new WorkbenchError(
      'USAGE',
      `SHAP values of ${why} are not computed here yet; XGBoost reads the model file and computes them.`,
    );
}

/** dart: a tree with its leaves as they count. */
function weighted(tree: RegTree, weight: number): RegTree {
  if (weight === 1) return tree;
  const splitConditions = tree.splitConditions.map((value, node) =>
    (tree.leftChildren[node] as number) < 0 ? value * weight : value,
  );
  return { ...tree, splitConditions };
}

/** Adds one tree's values of one row; buffers are shared between calls. */
class PathWalker {
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
    const { features, lows, highs, missing } = tree;
    const from = tree.starts[leaf] as number;
    const to = tree.starts[leaf + 1] as number;
    for (let at = from; at < to; at++) {
      const value = (columns[features[at] as number] as Float32Array)[row] as number;
      const high = highs[at] as number;
      const goes =
        value !== value ? missing[at] === 1 : value >= (lows[at] as number) && (value < high || high === Infinity);
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
}
