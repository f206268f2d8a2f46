import { binColumn, codeAt, makePackedBins, setCodes, type PackedBins } from './binning/reference';
import { sortFloat32 } from './cuts/reference';
import { referencePredictor } from './forest/reference';
import { logisticGradients, logLossSum, type GradientTask } from './gradients/reference';
import { accumulateGroup, histogramLength, subtractHistogram } from './histogram/reference';
import { partitionRows, partitionRowsByCode } from './partition/reference';
import { addBinnedTree } from './predict/reference';
import { exactSum, largestPair, quantisePairs, sumPairs } from './quantise/reference';
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
  SideSums,
} from './types';

/** The twin in plain TypeScript, which says what the others must answer. */
export const referenceKernels: Kernels = {
  name: 'js',
  mostBytes: Infinity,
  sortFloat32,
  makePredictor: (forest) => referencePredictor(forest),
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

  setCodes(feature: number, codes: Uint8Array): void {
    setCodes(this.#bins, feature, codes);
  }

  codes(feature: number, rows?: Int32Array): Uint8Array {
    if (rows) return Uint8Array.from(rows, (row) => codeAt(this.#bins, feature, row));
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
  readonly #pairs: readonly Float32Array[];
  readonly #base: Float32Array;
  readonly #outputs: number;
  readonly #quantised: Int32Array;
  readonly #drawn: { readonly rows: Int32Array; count: number };
  readonly #leftOut: Int32Array;
  readonly #spare: Int32Array;
  readonly #histograms: Int32Array[] = [];
  readonly #free: number[] = [];
  readonly #split: SplitTask;
  #groups: readonly number[] = [];
  #output = 0;

  constructor(bins: PackedBins, source: BoostingSource) {
    const { labels, weights, trainRows, validationRows, limits } = source;
    this.#bins = bins;
    this.#base = source.base;
    this.#outputs = source.outputs;
    this.#margins = new Float32Array(bins.rowCount * source.outputs);
    this.#pairs = Array.from({ length: source.outputs }, () => new Float32Array(2 * bins.rowCount));
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
    this.resetMargins();
    this.#split = { bins, limits, features: new Int32Array(), ...sums };
  }

  logisticGradients(from: number, to: number): void {
    logisticGradients(this.#tasks.train, this.pairs(0), from, to);
  }

  logisticStep(from: number, to: number): number {
    this.logisticGradients(from, to);
    return this.logLossSum('train', from, to);
  }

  margins(): Float32Array {
    return this.#margins;
  }

  pairs(output: number): Float32Array {
    return this.#pairs[output] as Float32Array;
  }

  setOutput(output: number): void {
    this.#output = output;
  }

  resetMargins(): void {
    this.#margins.forEach((_, i) => (this.#margins[i] = this.#base[i % this.#outputs] as number));
  }

  draw(drawn: Int32Array = this.#tasks.train.rows, leftOut?: Int32Array): void {
    this.#drawn.rows.set(drawn);
    this.#drawn.count = drawn.length;
    if (leftOut) this.#leftOut.set(leftOut);
  }

  drawnRows(begin: number, end: number): Int32Array {
    return this.#drawn.rows.subarray(begin, end);
  }

  largestPair(): PairSum {
    return largestPair(this.pairs(this.#output), this.#drawn);
  }

  sideSums(units: Quantisation): SideSums {
    return sumPairs(this.pairs(this.#output), this.#drawn, units);
  }

  quantise(scales: Quantisation): PairSum {
    this.#split.gradientUnit = 1 / scales.gradientScale;
    this.#split.hessianUnit = 1 / scales.hessianScale;
    return quantisePairs(this.pairs(this.#output), this.#drawn, scales, this.#quantised);
  }

  quantised(): Int32Array {
    return this.#quantised;
  }

  setFeatures(features: Int32Array): void {
    this.#split.features = features;
    this.#groups = [...new Set(Array.from(features, (feature) => feature >> 2))];
  }

  setCandidates(features: Int32Array): void {
    this.#split.features = features;
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

  merge(histogram: number, pairs: Int32Array): void {
    const into = this.#at(histogram);
    for (let i = 0; i < pairs.length; i++) into[i] = (into[i] as number) + (pairs[i] as number);
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

  partitionByCode(feature: number, right: Uint8Array, begin: number, end: number): number {
    const segment = { rows: this.#drawn.rows, begin, end };
    return partitionRowsByCode(this.#bins, { feature, right }, segment, this.#spare);
  }

  exactSum(begin: number, end: number, units: Quantisation): PairSum {
    return exactSum(this.pairs(this.#output), { rows: this.#drawn.rows, begin, end }, units);
  }

  addLeaf(begin: number, end: number, value: number): void {
    const { rows } = this.#drawn;
    for (let i = begin; i < end; i++) {
      const at = (rows[i] as number) * this.#outputs + this.#output;
      this.#margins[at] = (this.#margins[at] as number) + value;
    }
  }

  addTree(tree: BinnedTree, set: RowSet, from: number, to: number): void {
    const place = { margins: this.#margins, stride: this.#outputs, offset: this.#output };
    addBinnedTree(tree, this.#bins, { rows: this.#tasks[set].rows, begin: from, end: to }, place);
  }

  logLossSum(set: RowSet, from: number, to: number): number {
    return logLossSum(this.#tasks[set], from, to);
  }

  pairsOf(histogram: number): Int32Array {
    return this.#at(histogram).subarray(0, 2 * this.#bins.slotCount);
  }

  close(): void {
    this.#histograms.length = 0;
  }

  #at(histogram: number): Int32Array {
    return this.#histograms[histogram] as Int32Array;
  }
}
