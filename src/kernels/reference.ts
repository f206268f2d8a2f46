import { binColumn, codeAt, makePackedBins, type PackedBins } from './binning/reference';
import { sortFloat32 } from './cuts/reference';
import { logisticGradients, logLossSum, type GradientTask } from './gradients/reference';
import { accumulateGroup, histogramLength, subtractHistogram } from './histogram/reference';
import { partitionRows } from './partition/reference';
import { addBinnedTree } from './predict/reference';
import { largestPair, quantisationFor, quantisePairs, sumPairs, summingUnits } from './quantise/reference';
import { findBestSplit, type SplitTask } from './split/reference';
import type {
  BestSplit,
  BinLayout,
  BinnedTree,
  BinSplit,
  BinTable,
  BoostingRows,
  BoostingSource,
  Kernels,
  PairSum,
  Quantisation,
  RowSet,
} from './types';

/** The twin in plain TypeScript, which says what the others must answer. */
export const referenceKernels: Kernels = {
  name: 'js',
  sortFloat32,
  makeBinTable: (layout) => new ReferenceBinTable(layout),
};

class ReferenceBinTable implements BinTable {
  readonly layout: BinLayout;
  readonly #bins: PackedBins;

  constructor(layout: BinLayout) {
    this.layout = layout;
    this.#bins = makePackedBins(layout);
  }

  binColumn(feature: number, values: Float32Array, cuts: Float32Array): boolean {
    return binColumn(this.#bins, feature, values, cuts);
  }

  codes(feature: number): Uint8Array {
    return Uint8Array.from({ length: this.layout.rowCount }, (_, row) => codeAt(this.#bins, feature, row));
  }

  startBoosting(source: BoostingSource): BoostingRows {
    return new ReferenceBoosting(this.#bins, source);
  }

  close(): void {
    // Memory is the garbage collector's.
  }
}

class ReferenceBoosting implements BoostingRows {
  readonly #bins: PackedBins;
  readonly #tasks: Readonly<Record<RowSet, GradientTask>>;
  readonly #margins: Float32Array;
  readonly #pairs: Float32Array;
  readonly #quantised: Int32Array;
  readonly #drawn: { readonly rows: Int32Array; count: number };
  readonly #leftOut: Int32Array;
  readonly #spare: Int32Array;
  readonly #histograms: Int32Array[] = [];
  readonly #free: number[] = [];
  readonly #split: SplitTask;
  #groups: readonly number[] = [];

  constructor(bins: PackedBins, source: BoostingSource) {
    const { labels, weights, trainRows, validationRows, limits } = source;
    this.#bins = bins;
    this.#margins = new Float32Array(bins.rowCount).fill(source.base);
    this.#pairs = new Float32Array(2 * bins.rowCount);
    this.#quantised = new Int32Array(2 * bins.rowCount);
    this.#drawn = { rows: new Int32Array(trainRows.length), count: 0 };
    this.#leftOut = new Int32Array(trainRows.length);
    this.#spare = new Int32Array(trainRows.length);
    const shared = { margins: this.#margins, labels, weights, positiveWeight: Math.fround(source.positiveWeight) };
    this.#tasks = {
      train: { ...shared, rows: trainRows },
      leftOut: { ...shared, rows: this.#leftOut },
      validation: { ...shared, rows: validationRows ?? new Int32Array() },
    };
    const sums = { gradientUnit: 1, hessianUnit: 1, nodeGradient: 0, nodeHessian: 0, nodeGain: 0 };
    this.#split = { bins, limits, features: new Int32Array(), ...sums };
  }

  gradients(from: number, to: number): void {
    logisticGradients(this.#tasks.train, this.#pairs, from, to);
  }

  draw(drawn: Int32Array = this.#tasks.train.rows, leftOut?: Int32Array): void {
    this.#drawn.rows.set(drawn);
    this.#drawn.count = drawn.length;
    if (leftOut) this.#leftOut.set(leftOut);
  }

  chooseQuantisation(): Quantisation {
    const { count } = this.#drawn;
    const units = summingUnits(largestPair(this.#pairs, this.#drawn), count);
    return quantisationFor(sumPairs(this.#pairs, this.#drawn, units), units, count);
  }

  quantise(scales: Quantisation): PairSum {
    this.#split.gradientUnit = 1 / scales.gradientScale;
    this.#split.hessianUnit = 1 / scales.hessianScale;
    return quantisePairs(this.#pairs, this.#drawn, scales, this.#quantised);
  }

  setFeatures(features: Int32Array): void {
    this.#split.features = features;
    this.#groups = [...new Set(Array.from(features, (feature) => feature >> 2))];
  }

  takeHistogram(): number {
    const free = this.#free.pop();
    if (free === undefined) return this.#histograms.push(new Int32Array(histogramLength(this.#bins))) - 1;
    this.#at(free).fill(0);
    return free;
  }

  releaseHistogram(histogram: number): void {
    this.#free.push(histogram);
  }

  build(histogram: number, begin: number, end: number): void {
    const segment = { rows: this.#drawn.rows, begin, end };
    const into = this.#at(histogram);
    for (const group of this.#groups) {
      accumulateGroup(into, this.#bins, { quantised: this.#quantised, group }, segment);
    }
  }

  subtract(parent: number, child: number): void {
    subtractHistogram(this.#at(parent), this.#at(child));
  }

  search(histogram: number, node: PairSum, gain: number, best: BestSplit): void {
    const task = this.#split;
    task.nodeGradient = node.gradient;
    task.nodeHessian = node.hessian;
    task.nodeGain = gain;
    findBestSplit(this.#at(histogram), task, best);
  }

  partition(split: BinSplit, begin: number, end: number): number {
    return partitionRows(this.#bins, split, { rows: this.#drawn.rows, begin, end }, this.#spare);
  }

  addLeaf(begin: number, end: number, value: number): void {
    const { rows } = this.#drawn;
    for (let i = begin; i < end; i++) {
      const row = rows[i] as number;
      this.#margins[row] = (this.#margins[row] as number) + value;
    }
  }

  addTree(tree: BinnedTree, set: RowSet, from: number, to: number): void {
    addBinnedTree(tree, this.#bins, { rows: this.#tasks[set].rows, begin: from, end: to }, this.#margins);
  }

  logLossSum(set: RowSet, from: number, to: number): number {
    return logLossSum(this.#tasks[set], from, to);
  }

  pairsOf(histogram: number): Int32Array {
    return this.#at(histogram).slice(0, 2 * this.#bins.slotCount);
  }

  close(): void {
    this.#histograms.length = 0;
  }

  #at(histogram: number): Int32Array {
    return this.#histograms[histogram] as Int32Array;
  }
}
