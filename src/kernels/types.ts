import type { Forest, Predictor } from './forest/reference';

/** Where the bins of each column lie in a histogram. */
export interface BinLayout {
  readonly rowCount: number;
  readonly featureCount: number;
  /** Columns in groups of four, the last group padded with columns of bin 0. */
  readonly groupCount: number;
  /** [4 * groupCount] first histogram slot of each column; columns of the padding have theirs at `slotCount` or later. */
  readonly slotOffsets: Int32Array;
  /** [featureCount] value bins of each column; a column with missing values keeps the code after them for "missing". */
  readonly binCounts: Int32Array;
  /** [featureCount] the code that means missing, -1 where the column has none. */
  readonly missingCodes: Int32Array;
  /** Slots of all columns together, without the one for padding. */
  readonly slotCount: number;
  /** Whether each column has 256 slots, used or not. */
  readonly padded: boolean;
}

/** The hot loops of training in one of their twins. Every twin gives the same bits. */
export interface Kernels {
  readonly name: 'js' | 'wasm';
  /** Bytes they can address. */
  readonly mostBytes: number;
  /** A sorted copy, ascending, -0 before 0. No NaN. */
  readonly sortFloat32: (values: Float32Array) => Float32Array;
  /** What predicts with `forest`, of so many features. */
  makePredictor(forest: Forest, features: number): Predictor;
  /** Room for bins; all cells in bin 0. */
  makeBinTable(layout: BinLayout): BinTable;
}

/** A table of bin codes, one byte a cell. */
export interface BinTable {
  readonly layout: BinLayout;
  /** Bins column `feature`, once; true when a value lies beyond its last cut. */
  binColumn(feature: number, values: Float32Array, cuts: Float32Array): boolean;
  /** Takes the codes of a column, once, as another table of the same columns gave them. */
  setCodes(feature: number, codes: Uint8Array): void;
  /** Codes of a column in the listed rows, all when absent, copied. */
  codes(feature: number, rows?: Int32Array): Uint8Array;
  /** Work space of one training. */
  startBoosting(source: BoostingSource): BoostingRows;
  /** Gives the memory back. */
  close(): void;
}

export interface BoostingSource {
  /** [rowCount] */
  readonly labels: Float32Array;
  /** [rowCount] >= 0; 1 when absent. */
  readonly weights?: Float32Array;
  /** scale_pos_weight. */
  readonly positiveWeight: number;
  /** Trees grown each round, and margins of a row. */
  readonly outputs: number;
  /** [outputs] margins before the first tree. */
  readonly base: Float32Array;
  readonly trainRows: Int32Array;
  /** Rows watched; their values lie within the cuts. */
  readonly validationRows?: Int32Array;
  readonly limits: SplitLimits;
}

/** Penalties and limits of a split, as float32 numbers. */
export interface SplitLimits {
  readonly lambda: number;
  readonly alpha: number;
  readonly minChildWeight: number;
}

/** Powers of two that turn gradients and hessians into whole numbers. */
export interface Quantisation {
  readonly gradientScale: number;
  readonly hessianScale: number;
}

/** Sums of whole-number pairs. */
export interface PairSum {
  gradient: number;
  hessian: number;
}

/** Sums of floor(value * unit): of positive gradients, of the sizes of negative ones, of hessians. */
export interface SideSums {
  readonly positive: number;
  readonly negative: number;
  readonly hessian: number;
}

/** Bins up to and including `bin` go left, missing where `defaultLeft` says. */
export interface BinSplit {
  readonly feature: number;
  readonly bin: number;
  readonly defaultLeft: boolean;
}

/** The best split of a node. `lossChange` 0 means none. */
export interface BestSplit {
  lossChange: number;
  feature: number;
  /** Bins up to and including this one go left; the condition is the bin's cut. */
  bin: number;
  defaultLeft: boolean;
  leftGradient: number;
  leftHessian: number;
}

/** A tree over bins, nodes by number; the root is 0. */
export interface BinnedTree {
  readonly count: number;
  /** -1 at a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly feature: Int32Array;
  readonly bin: Int32Array;
  readonly defaultLeft: Uint8Array;
  /** At a leaf, its value. */
  readonly condition: Float32Array;
  /** Codes that go right, by node, where a node splits by category. */
  readonly categories: ReadonlyMap<number, Int32Array>;
}

/** The rows of a margin: those trained on, those left out of this tree's sample, those watched. */
export type RowSet = 'train' | 'leftOut' | 'validation';

/**
 * Gradients, histograms, row order and margins of one training. Rows of the tree that grows are drawn[0..count), which
 * `partition` reorders; segments [begin, end) are of that list. Histograms are numbered.
 */
export interface BoostingRows {
  /** Gradient pairs of binary:logistic for train rows [from, to), from their margins. */
  logisticGradients(from: number, to: number): void;
  /** The same, and what `logLossSum` of these rows gives: the two share most of their work. */
  logisticStep(from: number, to: number): number;
  /** [rowCount * outputs] margins, outputs of a row side by side. A view that holds until the next call. */
  margins(): Float32Array;
  /** [2 * rowCount] gradient pairs of an output. A view that holds until the next call. */
  pairs(output: number): Float32Array;
  /** Rows that the next tree is grown from, ascending, and those left out; all when `drawn` is absent. */
  draw(drawn?: Int32Array, leftOut?: Int32Array): void;
  /** Row ids of a segment. A view that holds until the next call; what parts rows elsewhere leaves their order here. */
  drawnRows(begin: number, end: number): Int32Array;
  /** The largest |gradient| and hessian of the drawn rows. */
  largestPair(): PairSum;
  /** Sums of the drawn rows, none of which reaches 2^53 in these units (`summingUnits`). */
  sideSums(units: Quantisation): SideSums;
  /** Whole-number pairs of the drawn rows; returns their sum. */
  quantise(scales: Quantisation): PairSum;
  /** [2 * rowCount] whole-number hessian and gradient of the drawn rows, by row. A view that holds until the next call. */
  quantised(): Int32Array;
  /** Columns of a tree, ascending: those that histograms are built of and, until told otherwise, searched. */
  setFeatures(features: Int32Array): void;
  /** Columns that the next searches look at, ascending. */
  setCandidates(features: Int32Array): void;
  /** The output whose pairs and margins the next steps are about. */
  setOutput(output: number): void;

  /** A histogram of zeros. */
  takeHistogram(): number;
  releaseHistogram(histogram: number): void;
  /** Adds a segment. */
  build(histogram: number, begin: number, end: number): void;
  /** parent -= child: what is left is the other child. */
  subtract(parent: number, child: number): void;
  /** Adds the pairs of another worker's histogram, as `pairsOf` gives them. */
  merge(histogram: number, pairs: Int32Array): void;
  /** The best split of a node with the sums `node` and, unsplit, the float32 gain `gain`. */
  search(histogram: number, node: PairSum, gain: number, best: BestSplit): void;
  /** Sorts a segment by a split, stably; returns where the right side begins. */
  partition(split: BinSplit, begin: number, end: number): number;
  /** The same by a table of 256: codes with a 1 go right. */
  partitionByCode(feature: number, right: Uint8Array, begin: number, end: number): number;

  /** Sums of the float pairs of a segment, to the nearest of `units` each, the same in any order of rows. */
  exactSum(begin: number, end: number, units: Quantisation): PairSum;

  /** margin += value for a segment. */
  addLeaf(begin: number, end: number, value: number): void;
  /** Sends rows [from, to) of a set down a tree and adds the leaf values to their margins. */
  addTree(tree: BinnedTree, set: RowSet, from: number, to: number): void;
  /** Sets the margins of every row back to where they started. */
  resetMargins(): void;
  /** binary:logistic: sum of weight times -log of the probability given to the true label, rows [from, to) of a set. */
  logLossSum(set: RowSet, from: number, to: number): number;
  /** The pairs of all columns, slot by slot: hessian sum, gradient sum. A view that holds until the next call. */
  pairsOf(histogram: number): Int32Array;
  /** Gives the memory back. */
  close(): void;
}
