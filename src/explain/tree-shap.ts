import { makeObjective } from '../training/objectives';
import { checkColumns } from '../training/predict';
import type { Booster, RegTree } from '../training/types';
import { checkpoint, type Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { PathWalker } from './path-walker';
import { treePaths, type TreePaths } from './tree-paths';

const WORK_BETWEEN_RESTS = 400_000;

export interface Explanation {
  /** How expectations are taken at splits on unknown features. */
  readonly mode: 'tree_path_dependent';
  /** One array of [n_features] a row, in margins (log-odds for logistic objectives). */
  readonly values: readonly Float64Array[];
  /** Expected margin; base + sum of a row's values = its margin. */
  readonly base: number;
}

export interface Interactions {
  readonly mode: 'tree_path_dependent';
  /**
   * One array of [n_features * n_features] a row, in margins: main effects at (i, i), half of each pair's interaction at
   * (i, j) and (j, i). Row i sums to the SHAP value of feature i.
   */
  readonly values: readonly Float64Array[];
  readonly base: number;
}

/**
 * Exact path-dependent SHAP values of margins (Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9), weighing by cover
 * = sum of hessians as XGBoost's pred_contribs does, in float64. A path's share of feature i is
 * v (o_i - z_i) * integral over t in [0, 1] of the product over j != i of (1 - t) z_j + t o_j, with o = 1 where the row
 * goes the path's way and z the share of cover that does (Owen's multilinear extension, 1972); Gauss-Legendre makes the
 * integral exact, and nothing cancels in it at any depth. Missing values take each node's default side.
 *
 * Cost: rows * leaves * depth^2. Progress and cancelling by rows.
 *
 * @param columns [n_features] columns of [n_rows], in the model's order.
 * @param rows row numbers to explain, in this order.
 * @returns one explanation an output: a class of multi:*, else the only one.
 */
export async function explainOutputs(
  booster: Booster,
  columns: readonly Float32Array[],
  rows: Int32Array,
  control: Control,
): Promise<readonly Explanation[]> {
  const outputs = pathsOf(booster, columns, rows);
  const values = outputs.map((): Float64Array[] => []);
  await eachRow(outputs, rows, control, (row, walker) => {
    for (const [k, { trees }] of outputs.entries()) {
      const phi = new Float64Array(columns.length);
      for (const tree of trees) walker.add(tree, columns, row, phi);
      values[k]?.push(phi);
    }
  });
  return outputs.map(({ base }, k) => ({ mode: 'tree_path_dependent', values: values[k] ?? [], base }));
}

/** `explainOutputs` of a model with one output; throws USAGE where there are several. */
export async function explainRows(
  booster: Booster,
  columns: readonly Float32Array[],
  rows: Int32Array,
  control: Control,
): Promise<Explanation> {
  const [only, ...more] = await explainOutputs(booster, columns, rows, control);
  if (!only || more.length > 0) {
    throw new WorkbenchError('USAGE', `The model has ${more.length + 1} outputs; ask for the explanation of each.`);
  }
  return only;
}

/**
 * Exact path-dependent SHAP interaction values, as XGBoost's pred_interactions: the pair's share is that of
 * `explainOutputs` with (o_i - z_i) (o_j - z_j) and the product over all others, half to each; what is left of a feature's
 * SHAP value is its main effect.
 *
 * Cost: rows * leaves * depth^3. Progress and cancelling by rows.
 *
 * @returns one explanation an output.
 */
export async function explainInteractions(
  booster: Booster,
  columns: readonly Float32Array[],
  rows: Int32Array,
  control: Control,
): Promise<readonly Interactions[]> {
  const outputs = pathsOf(booster, columns, rows);
  const size = columns.length;
  const values = outputs.map((): Float64Array[] => []);
  await eachRow(outputs, rows, control, (row, walker) => {
    for (const [k, { trees }] of outputs.entries()) {
      const pairs = new Float64Array(size * size);
      const phi = new Float64Array(size);
      for (const tree of trees) {
        walker.add(tree, columns, row, phi);
        walker.addInteractions(tree, columns, row, pairs);
      }
      for (let i = 0; i < size; i++) {
        const others = pairs.subarray(i * size, (i + 1) * size).reduce((sum, share) => sum + share, 0);
        pairs[i * size + i] = (phi[i] as number) - others;
      }
      values[k]?.push(pairs);
    }
  });
  return outputs.map(({ base }, k) => ({ mode: 'tree_path_dependent', values: values[k] ?? [], base }));
}

/** The paths of an output's trees, and its expected margin. */
interface OutputPaths {
  readonly trees: readonly TreePaths[];
  readonly base: number;
}

function pathsOf(booster: Booster, columns: readonly Float32Array[], rows: Int32Array): readonly OutputPaths[] {
  const n = checkColumns(booster, columns);
  const bad = rows.find((row) => row < 0 || row >= n);
  if (bad !== undefined) {
    throw new WorkbenchError('USAGE', `Row ${bad} cannot be explained: there are ${n} rows, numbered 0 to ${n - 1}.`);
  }
  const objective = makeObjective(booster.params.objective, booster.params);
  const start = objective.baseMargin(booster.baseScore);
  return Array.from({ length: objective.outputs }, (_, output) => {
    const trees = booster.trees.flatMap((tree, index) =>
      (booster.treeOutputs?.[index] ?? 0) === output
        ? [treePaths(weighted(tree, booster.treeWeights?.[index] ?? 1))]
        : [],
    );
    return { trees, base: trees.reduce((sum, tree) => sum + tree.expected, start) };
  });
}

async function eachRow(
  outputs: readonly OutputPaths[],
  rows: Int32Array,
  control: Control,
  explain: (row: number, walker: PathWalker) => void,
): Promise<void> {
  const trees = outputs.flatMap((output) => output.trees);
  const work = trees.reduce((sum, tree) => sum + tree.features.length + 1, 0);
  const walker = new PathWalker(trees);
  let sinceRest = Infinity;
  for (const [i, row] of rows.entries()) {
    if (sinceRest >= WORK_BETWEEN_RESTS) {
      await checkpoint(control, { label: `explaining row ${i + 1} of ${rows.length}`, done: i, total: rows.length });
      sinceRest = 0;
    }
    explain(row, walker);
    sinceRest += work;
  }
}

/** dart: a tree with its leaves as they count. */
function weighted(tree: RegTree, weight: number): RegTree {
  if (weight === 1) return tree;
  const splitConditions = tree.splitConditions.map((value, node) =>
    (tree.leftChildren[node] as number) < 0 ? value * weight : value,
  );
  return { ...tree, splitConditions };
}
