import { logLossSum, negativeLog } from './gradients/reference';
import { quantisationFor, summingUnits } from './quantise/reference';
import type {
  BestSplit,
  BinnedTree,
  BinSplit,
  BoostingRows,
  BoostingSource,
  PairSum,
  Quantisation,
  RowSet,
} from './types';
import type { WasmBinTable } from './wasm';
import type { KernelExports } from './wasm-exports';
import type { WasmMemory } from './wasm-memory';

const NO_CODE = 256;
const NODE_WORDS = 4;

/** Rows of a set: where their list is and how long. */
interface RowList {
  start: number;
  length: number;
}

/** Work space of one training in linear memory. */
export class WasmBoosting implements BoostingRows {
  readonly #room: WasmMemory;
  readonly #exports: KernelExports;
  readonly #table: WasmBinTable;
  readonly #source: BoostingSource;
  readonly #blocks: number[] = [];
  readonly #sets: Readonly<Record<RowSet, RowList>>;
  readonly #drawn: number;
  readonly #spare: number;
  readonly #margins: number;
  readonly #pairs: number;
  readonly #packed: number;
  readonly #labels: number;
  readonly #weights: number;
  readonly #features: number;
  readonly #groups: number;
  readonly #out: number;
  readonly #histogramBytes: number;
  readonly #histograms: number[] = [];
  readonly #free: number[] = [];
  #gradientUnit = 1;
  #hessianUnit = 1;
  #nodes = { start: 0, count: 0 };
  #drawnCount = 0;
  #featureCount = 0;
  #chosenGroups = 0;

  constructor(room: WasmMemory, exports: KernelExports, table: WasmBinTable, source: BoostingSource) {
    this.#room = room;
    this.#exports = exports;
    this.#table = table;
    this.#source = source;
    const { rowCount, featureCount, groupCount, slotCount } = table.layout;
    const { trainRows, validationRows = new Int32Array(), labels, weights } = source;
    this.#sets = {
      train: this.#list(trainRows),
      leftOut: { start: 0, length: 0 },
      validation: this.#list(validationRows),
    };
    this.#drawn = this.#take(4 * trainRows.length);
    this.#spare = this.#take(4 * trainRows.length);
    this.#margins = this.#take(4 * rowCount);
    this.#pairs = this.#take(8 * rowCount);
    this.#packed = this.#take(8 * rowCount);
    this.#labels = this.#take(rowCount);
    this.#weights = weights ? this.#take(4 * rowCount) : 0;
    this.#features = this.#take(4 * featureCount);
    this.#groups = this.#take(4 * groupCount);
    this.#out = this.#take(64);
    this.#histogramBytes = 16 * Math.ceil((slotCount + 1) / 2);
    room.floats(this.#margins, rowCount).fill(source.base);
    room.bytes(this.#labels, rowCount).set(labels);
    if (weights) room.floats(this.#weights, rowCount).set(weights);
  }

  gradients(from: number, to: number): void {
    this.#exports.logisticGradients(
      this.#sets.train.start,
      from,
      to,
      this.#margins,
      this.#labels,
      this.#weights,
      Math.fround(this.#source.positiveWeight),
      this.#pairs,
    );
  }

  draw(drawn: Int32Array = this.#source.trainRows, leftOut?: Int32Array): void {
    this.#room.ints(this.#drawn, drawn.length).set(drawn);
    this.#drawnCount = drawn.length;
    if (!leftOut) return;
    const set = this.#sets.leftOut;
    if (set.start === 0) set.start = this.#take(4 * this.#source.trainRows.length);
    set.length = leftOut.length;
    this.#room.ints(set.start, leftOut.length).set(leftOut);
  }

  chooseQuantisation(): Quantisation {
    const count = this.#drawnCount;
    this.#exports.largestPair(this.#pairs, this.#drawn, count, this.#out);
    const [gradient = 0, hessian = 0] = this.#room.floats(this.#out, 2);
    const units = summingUnits({ gradient, hessian }, count);
    this.#exports.sumPairs(this.#pairs, this.#drawn, count, units.gradientScale, units.hessianScale, this.#out);
    const [positive = 0, negative = 0, hessians = 0] = this.#room.doubles(this.#out, 3);
    return quantisationFor({ positive, negative, hessian: hessians }, units, count);
  }

  quantise({ gradientScale, hessianScale }: Quantisation): PairSum {
    this.#gradientUnit = 1 / gradientScale;
    this.#hessianUnit = 1 / hessianScale;
    this.#exports.quantisePairs(
      this.#pairs,
      this.#drawn,
      this.#drawnCount,
      gradientScale,
      hessianScale,
      this.#packed,
      this.#out,
    );
    const [gradient = 0, hessian = 0] = this.#room.doubles(this.#out, 2);
    return { gradient, hessian };
  }

  setFeatures(features: Int32Array): void {
    const groups = new Set(Array.from(features, (feature) => feature >> 2));
    this.#featureCount = features.length;
    this.#chosenGroups = groups.size;
    this.#room.ints(this.#features, features.length).set(features);
    this.#room.ints(this.#groups, groups.size).set([...groups]);
  }

  takeHistogram(): number {
    const free = this.#free.pop();
    if (free === undefined) return this.#histograms.push(this.#take(this.#histogramBytes)) - 1;
    this.#exports.clearBytes(this.#at(free), this.#histogramBytes);
    return free;
  }

  releaseHistogram(histogram: number): void {
    this.#free.push(histogram);
  }

  build(histogram: number, begin: number, end: number): void {
    const { rowMajor, stride, offsets, layout } = this.#table;
    const into = this.#at(histogram);
    if (this.#chosenGroups === layout.groupCount) {
      this.#exports.buildHistogram(rowMajor, stride, this.#drawn, begin, end, this.#packed, offsets, into);
      return;
    }
    this.#exports.buildHistogramOfGroups(
      rowMajor,
      stride,
      this.#drawn,
      begin,
      end,
      this.#packed,
      offsets,
      into,
      this.#groups,
      this.#chosenGroups,
    );
  }

  subtract(parent: number, child: number): void {
    this.#exports.subtractHistogram(this.#at(parent), this.#at(child), this.#histogramBytes);
  }

  search(histogram: number, node: PairSum, gain: number, best: BestSplit): void {
    const { lambda, alpha, minChildWeight } = this.#source.limits;
    this.#exports.setSplitTask(lambda, alpha, minChildWeight, this.#gradientUnit, this.#hessianUnit);
    this.#exports.findBestSplit(
      this.#at(histogram),
      this.#features,
      this.#featureCount,
      this.#table.offsets,
      this.#table.binCounts,
      this.#table.missingCodes,
      node.gradient,
      node.hessian,
      gain,
      this.#out,
    );
    const words = this.#room.ints(this.#out, 6);
    best.lossChange = this.#room.floats(this.#out, 1)[0] as number;
    best.feature = words[1] as number;
    best.bin = words[2] as number;
    best.defaultLeft = words[3] === 1;
    best.leftGradient = words[4] as number;
    best.leftHessian = words[5] as number;
  }

  partition({ feature, bin, defaultLeft }: BinSplit, begin: number, end: number): number {
    const { columns, layout } = this.#table;
    const missing = layout.missingCodes[feature] as number;
    return this.#exports.partitionRows(
      columns + feature * layout.rowCount,
      this.#drawn,
      begin,
      end,
      bin,
      missing < 0 ? NO_CODE : missing,
      defaultLeft ? 1 : 0,
      this.#spare,
    );
  }

  addLeaf(begin: number, end: number, value: number): void {
    this.#exports.addLeaf(this.#drawn, begin, end, this.#margins, value);
  }

  addTree(tree: BinnedTree, set: RowSet, from: number, to: number): void {
    const { rowMajor, stride } = this.#table;
    this.#writeTree(tree);
    this.#exports.addBinnedTree(this.#nodes.start, rowMajor, stride, this.#sets[set].start, from, to, this.#margins);
  }

  logLossSum(set: RowSet, from: number, to: number): number {
    const list = this.#sets[set];
    const { labels, weights } = this.#source;
    if (weights) {
      const rows = this.#room.ints(list.start, list.length);
      return logLossSum({ rows, margins: this.#room.floats(this.#margins, labels.length), labels, weights }, from, to);
    }
    const rescaled = this.#exports.likelihood(list.start, from, to, this.#margins, this.#labels, this.#out);
    return negativeLog({ product: this.#room.doubles(this.#out, 1)[0] as number, rescaled });
  }

  pairsOf(histogram: number): Int32Array {
    return this.#room.ints(this.#at(histogram), 2 * this.#table.layout.slotCount).slice();
  }

  close(): void {
    for (const block of this.#blocks.splice(0)) this.#room.give(block);
  }

  /** Nodes as addBinnedTree reads them. */
  #writeTree(tree: BinnedTree): void {
    if (tree.count > this.#nodes.count) this.#nodes = { start: this.#take(16 * 2 * tree.count), count: 2 * tree.count };
    const { missingCodes } = this.#table.layout;
    const words = this.#room.ints(this.#nodes.start, NODE_WORDS * tree.count);
    const values = this.#room.floats(this.#nodes.start, NODE_WORDS * tree.count);
    for (let node = 0, at = 0; node < tree.count; node++, at += NODE_WORDS) {
      const feature = tree.feature[node] as number;
      const missing = missingCodes[feature] as number;
      words[at] = tree.left[node] as number;
      words[at + 1] = tree.right[node] as number;
      words[at + 2] = feature;
      words[at + 3] =
        (tree.bin[node] as number) |
        ((missing < 0 ? NO_CODE : missing) << 9) |
        ((tree.defaultLeft[node] as number) << 18);
      if ((tree.left[node] as number) < 0) values[at + 2] = tree.condition[node] as number;
    }
  }

  #at(histogram: number): number {
    return this.#histograms[histogram] as number;
  }

  #take(bytes: number): number {
    const start = this.#room.take(bytes);
    this.#blocks.push(start);
    return start;
  }

  #list(rows: Int32Array): RowList {
    const start = this.#take(4 * rows.length);
    this.#room.ints(start, rows.length).set(rows);
    return { start, length: rows.length };
  }
}
