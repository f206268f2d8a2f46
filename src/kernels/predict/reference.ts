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
  /** Categories that go right, by node, where a node splits by category. */
  readonly categories?: ReadonlyMap<number, Int32Array>;
}

/**
 * The leaf that `row` falls into; NaN takes the node's default side. At a node by category, those listed go right and
 * every other value left, known or not (dmlc/xgboost:src/common/categorical.h).
 */
export function leafOf(tree: TreeNodes, columns: readonly Float32Array[], row: number): number {
  const { leftChildren, rightChildren, splitIndices, splitConditions, defaultLeft, categories } = tree;
  let node = 0;
  for (;;) {
    const left = leftChildren[node] as number;
    if (left < 0) return node;
    const value = (columns[splitIndices[node] as number] as Float32Array)[row] as number;
    const listed = categories?.get(node);
    const present = listed
      ? value < 0 || !listed.includes(Math.trunc(value))
      : value < (splitConditions[node] as number);
    const goesLeft = value !== value ? defaultLeft[node] === 1 : present;
    node = goesLeft ? left : (rightChildren[node] as number);
  }
}

/** sums[i] += leaf value times `weight` in float64 for the rows from + i, i < sums.length. */
export function addTreeToBlock(
  tree: TreeNodes,
  columns: readonly Float32Array[],
  { from, weight }: { readonly from: number; readonly weight: number },
  sums: Float64Array,
): void {
  for (let i = 0; i < sums.length; i++) {
    const leaf = tree.splitConditions[leafOf(tree, columns, from + i)] as number;
    sums[i] = (sums[i] as number) + leaf * weight;
  }
}

/** Where margins lie: that of a row at row * stride + offset. */
export interface MarginPlace {
  readonly margins: Float32Array;
  readonly stride: number;
  readonly offset: number;
}

/** margin += leaf value in float32 for rows[begin..end), by their bins. */
export function addBinnedTree(
  tree: BinnedTree,
  bins: PackedBins,
  { rows, begin, end }: { readonly rows: Int32Array; readonly begin: number; readonly end: number },
  { margins, stride, offset }: MarginPlace,
): void {
  const right = new Map([...tree.categories].map(([node, codes]) => [node, new Set(codes)]));
  for (let i = begin; i < end; i++) {
    const row = rows[i] as number;
    let node = 0;
    for (let left = tree.left[0] as number; left >= 0; left = tree.left[node] as number) {
      const feature = tree.feature[node] as number;
      const code = codeAt(bins, feature, row);
      const isMissing = code === bins.missingCodes[feature];
      const present =
        right.get(node)?.has(code) === true ? false : right.has(node) || code <= (tree.bin[node] as number);
      const goesLeft = isMissing ? tree.defaultLeft[node] === 1 : present;
      node = goesLeft ? left : (tree.right[node] as number);
    }
    const at = row * stride + offset;
    margins[at] = (margins[at] as number) + (tree.condition[node] as number);
  }
}
