import { codeAt, type PackedBins } from '../binning/reference';
import type { BinnedTree } from '../types';

/** The part of a tree that prediction reads. */
export interface TreeNodes {
  /** -1 at a leaf. */
  readonly leftChildren: Int32Array;
  readonly rightChildren: Int32Array;
  readonly splitIndices: Int32Array;
  /** `x < condition` goes left, both float32; at a leaf, its value. */
  readonly splitConditions: Float32Array;
  readonly defaultLeft: Uint8Array;
}

/** The leaf that `row` falls into; NaN takes the node's default side. */
export function leafOf(tree: TreeNodes, columns: readonly Float32Array[], row: number): number {
  const { leftChildren, rightChildren, splitIndices, splitConditions, defaultLeft } = tree;
  let node = 0;
  for (;;) {
    const left = leftChildren[node] as number;
    if (left < 0) return node;
    const value = (columns[splitIndices[node] as number] as Float32Array)[row] as number;
    const goesLeft = value !== value ? defaultLeft[node] === 1 : value < (splitConditions[node] as number);
    node = goesLeft ? left : (rightChildren[node] as number);
  }
}

/** margins[row] += leaf value in float32 for rows[from..to); arrays are indexed by row id. */
export function addTreeToRows(
  tree: TreeNodes,
  columns: readonly Float32Array[],
  { rows, begin, end }: { readonly rows: Int32Array; readonly begin: number; readonly end: number },
  margins: Float32Array,
): void {
  for (let i = begin; i < end; i++) {
    const row = rows[i] as number;
    const leaf = tree.splitConditions[leafOf(tree, columns, row)] as number;
    margins[row] = (margins[row] as number) + leaf;
  }
}

/** sums[i] += leaf value in float64 for the rows from + i, i < sums.length. */
export function addTreeToBlock(
  tree: TreeNodes,
  columns: readonly Float32Array[],
  from: number,
  sums: Float64Array,
): void {
  for (let i = 0; i < sums.length; i++) {
    sums[i] = (sums[i] as number) + (tree.splitConditions[leafOf(tree, columns, from + i)] as number);
  }
}

/** margins[row] += leaf value in float32 for rows[begin..end), by their bins. */
export function addBinnedTree(
  tree: BinnedTree,
  bins: PackedBins,
  { rows, begin, end }: { readonly rows: Int32Array; readonly begin: number; readonly end: number },
  margins: Float32Array,
): void {
  for (let i = begin; i < end; i++) {
    const row = rows[i] as number;
    let node = 0;
    for (let left = tree.left[0] as number; left >= 0; left = tree.left[node] as number) {
      const feature = tree.feature[node] as number;
      const code = codeAt(bins, feature, row);
      const goesLeft =
        code === bins.missingCodes[feature] ? tree.defaultLeft[node] === 1 : code <= (tree.bin[node] as number);
      node = goesLeft ? left : (tree.right[node] as number);
    }
    margins[row] = (margins[row] as number) + (tree.condition[node] as number);
  }
}
