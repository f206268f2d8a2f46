import { binLayout } from '../../kernels/binning/reference';
import type { BinnedTree, BinTable, BoostingRows, Kernels, PairSum, Quantisation, SideSums } from '../../kernels/types';
import { invariant } from '../../utils/errors';
import { makeObjective } from '../objectives';
import type { LabelledRows, Objective } from '../objectives/types';
import { lossSums } from './loss-sums';
import type { Built, ShardTable, SplitOrder } from './types';

/** Splits are searched where all histograms meet. */
const NO_LIMITS = { lambda: 0, alpha: 0, minChildWeight: 0 };

interface Training {
  readonly table: BinTable;
  readonly rows: BoostingRows;
  readonly objective: Objective;
  readonly data: LabelledRows;
  readonly trainRows: Int32Array;
  readonly validationCount: number;
  readonly shared: Int32Array | null;
}

/** Rows [begin, end) of the drawn list. */
interface Segment {
  readonly begin: number;
  readonly end: number;
}

/** One worker's share of the rows of a training: it keeps their bins, margins and gradients and answers with sums. */
export class Shard {
  readonly #kernels: Kernels;
  readonly #segments = new Map<number, Segment>();
  #training: Training | null = null;
  #drawn = 0;
  #leftOut = 0;
  #leftCounts: number[] = [];

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  start(given: ShardTable): void {
    const { codes, labels, weights, trainCount, params, base, shared } = given;
    const layout = binLayout(labels.length, given.binCounts, given.hasMissing);
    const table = this.#kernels.makeBinTable(layout);
    codes.forEach((column, feature) => table.setCodes(feature, column));
    const trainRows = Int32Array.from({ length: trainCount }, (_, row) => row);
    const objective = makeObjective(params.objective, params);
    const data = { labels, weights: weights ?? undefined };
    const rows = table.startBoosting({
      ...data,
      positiveWeight: params.scale_pos_weight,
      outputs: objective.outputs,
      base,
      trainRows,
      validationRows: Int32Array.from({ length: labels.length - trainCount }, (_, i) => trainCount + i),
      limits: NO_LIMITS,
    });
    const validationCount = labels.length - trainCount;
    this.#training = { table, rows, objective, data, trainRows, validationCount, shared };
  }

  /** [rows * outputs] copied. */
  margins(): Float32Array {
    return this.#now.rows.margins().slice();
  }

  setMargins(margins: Float32Array): void {
    this.#now.rows.margins().set(margins);
  }

  gradients(round: number): void {
    const { rows, objective, data, trainRows } = this.#now;
    if (objective.name === 'binary:logistic') {
      rows.logisticGradients(0, trainRows.length);
      return;
    }
    const pairs = Array.from({ length: objective.outputs }, (_, output) => rows.pairs(output));
    objective.gradients(data, rows.margins(), { rows: trainRows, from: 0, to: trainRows.length, round }, pairs);
  }

  /** Gradient pairs of the rows trained on, where they cannot be told from the rows here alone. */
  setPairs(output: number, pairs: Float32Array): void {
    this.#now.rows.pairs(output).set(pairs);
  }

  /** Rows of the next tree, all when null; answers with the largest pair of them. */
  draw(output: number, drawn: Int32Array | null, leftOut: Int32Array | null): PairSum {
    const { rows, trainRows } = this.#now;
    rows.setOutput(output);
    rows.draw(drawn ?? trainRows, leftOut ?? undefined);
    this.#drawn = drawn?.length ?? trainRows.length;
    this.#leftOut = leftOut?.length ?? 0;
    return rows.largestPair();
  }

  sideSums(units: Quantisation): SideSums {
    return this.#now.rows.sideSums(units);
  }

  /** Quantises, and builds the root of a tree over `features`. */
  quantise(scales: Quantisation, features: Int32Array): Built & { readonly sum: PairSum } {
    const { rows } = this.#now;
    const sum = rows.quantise(scales);
    rows.setFeatures(features);
    this.#segments.clear();
    this.#segments.set(0, { begin: 0, end: this.#drawn });
    this.#leftCounts = [];
    return { sum, ...this.build(Int32Array.of(0)) };
  }

  partition(orders: readonly SplitOrder[]): void {
    const { rows } = this.#now;
    for (const { node, left, right, split, codesRight } of orders) {
      const { begin, end } = this.#segment(node);
      const middle = codesRight
        ? rows.partitionByCode(split.feature, codesRight, begin, end)
        : rows.partition(split, begin, end);
      this.#segments.delete(node);
      this.#segments.set(left, { begin, end: middle });
      this.#segments.set(right, { begin: middle, end });
      this.#leftCounts.push(middle - begin);
    }
  }

  build(nodes: Int32Array): Built {
    const { rows, table, shared } = this.#now;
    const length = 2 * table.layout.slotCount;
    const histograms = shared ?? new Int32Array(nodes.length * length);
    nodes.forEach((node, i) => {
      const { begin, end } = this.#segment(node);
      const histogram = rows.takeHistogram();
      rows.build(histogram, begin, end);
      histograms.set(rows.pairsOf(histogram), i * length);
      rows.releaseHistogram(histogram);
    });
    const leftCounts = Int32Array.from(this.#leftCounts);
    this.#leftCounts = [];
    return { leftCounts, histograms: shared ? null : histograms };
  }

  /** [2 * nodes] exact gradient and hessian sums. */
  exactSums(nodes: Int32Array, units: Quantisation): Float64Array {
    const sums = new Float64Array(2 * nodes.length);
    nodes.forEach((node, i) => {
      const { begin, end } = this.#segment(node);
      const { gradient, hessian } = this.#now.rows.exactSum(begin, end, units);
      sums[2 * i] = gradient;
      sums[2 * i + 1] = hessian;
    });
    return sums;
  }

  /** Drawn rows of each node, as numbers of this shard. */
  leafRows(nodes: Int32Array): readonly Int32Array[] {
    return Array.from(nodes, (node) => {
      const { begin, end } = this.#segment(node);
      return this.#now.rows.drawnRows(begin, end).slice();
    });
  }

  /** Adds leaf values to the drawn rows of each leaf; the others go down the tree. */
  addLeaves(leaves: Int32Array, tree: BinnedTree): void {
    const { rows, validationCount } = this.#now;
    for (const leaf of leaves) {
      const { begin, end } = this.#segment(leaf);
      rows.addLeaf(begin, end, tree.condition[leaf] as number);
    }
    if (this.#leftOut > 0) rows.addTree(tree, 'leftOut', 0, this.#leftOut);
    if (validationCount > 0) rows.addTree(tree, 'validation', 0, validationCount);
  }

  /** dart: margins anew from these trees. */
  weighAgain(trees: readonly { readonly tree: BinnedTree; readonly output: number }[]): void {
    const { rows, trainRows, validationCount } = this.#now;
    rows.resetMargins();
    for (const { tree, output } of trees) {
      rows.setOutput(output);
      rows.addTree(tree, 'train', 0, trainRows.length);
      if (validationCount > 0) rows.addTree(tree, 'validation', 0, validationCount);
    }
  }

  /** binary:logistic: log loss by blocks of rows. */
  lossSums(set: 'train' | 'validation'): Float64Array {
    const { rows, trainRows, validationCount } = this.#now;
    return lossSums(rows, set, set === 'train' ? trainRows.length : validationCount);
  }

  #segment(node: number): Segment {
    const segment = this.#segments.get(node);
    invariant(segment, () => `node ${node} has no rows`);
    return segment;
  }

  get #now(): Training {
    invariant(this.#training, () => 'a shard was used before it was started');
    return this.#training;
  }
}
