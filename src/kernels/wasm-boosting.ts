import { histogramLength } from './histogram/reference';
import { logLossSum, negativeLog } from './gradients/reference';
import type {
  BestSplit,
  BinnedTree,
  BinSplit,
  BoostingRows,
  BoostingSource,
  PairSum,
  Quantisation,
  RowSet,
  SideSums,
} from './types';
import type { WasmBinTable } from './wasm';
import type { KernelExports } from './wasm-exports';
import type { WasmMemory } from './wasm-memory';

const NO_CODE = 256;
const NODE_WORDS = 4;
const BY_CODE = 0x80000000 | 0;

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
  readonly #pairs: readonly number[];
  readonly #packed: number;
  readonly #labels: number;
  readonly #weights: number;
  readonly #features: number;
  readonly #codesRight: number;
  readonly #groups: number;
  readonly #out: number;
  readonly #histogramBytes: number;
  readonly #histograms: number[] = [];
  readonly #free: number[] = [];
  /** Room for another worker's histogram. */
  #merged = 0;
  #gradientUnit = 1;
  #hessianUnit = 1;
  #nodes = { start: 0, count: 0 };
  #tables = { start: 0, count: 0 };
  #output = 0;
  #drawnCount = 0;
  #featureCount = 0;
  #chosenGroups = 0;

  constructor(room: WasmMemory, exports: KernelExports, table: WasmBinTable, source: BoostingSource) {
    this.#room = room;
    this.#exports = exports;
    this.#table = table;
    this.#source = source;
    const { rowCount, featureCount, groupCount } = table.layout;
    const { trainRows, validationRows = new Int32Array(), labels, weights } = source;
    this.#sets = {
      train: this.#list(trainRows),
      leftOut: { start: 0, length: 0 },
      validation: this.#list(validationRows),
    };
    this.#drawn = this.#take(4 * trainRows.length);
    this.#spare = this.#take(4 * trainRows.length);
    this.#margins = this.#take(4 * rowCount * source.outputs);
    this.#pairs = Array.from({ length: source.outputs }, () => this.#take(8 * rowCount));
    this.#packed = this.#take(8 * rowCount);
    this.#labels = this.#take(4 * rowCount);
    this.#weights = weights ? this.#take(4 * rowCount) : 0;
    this.#features = this.#take(4 * featureCount);
    this.#groups = this.#take(4 * groupCount);
    this.#out = this.#take(64);
    this.#histogramBytes = 16 * Math.ceil(histogramLength(table.layout) / 4);
    this.#codesRight = this.#take(256);
    room.floats(this.#labels, rowCount).set(labels);
    this.resetMargins();
    if (weights) room.floats(this.#weights, rowCount).set(weights);
  }

  logisticGradients(from: number, to: number): void {
    this.#pairsAndLikelihood(from, to);
  }

  logisticStep(from: number, to: number): number {
    const rescaled = this.#pairsAndLikelihood(from, to);
    if (this.#weights !== 0) return this.logLossSum('train', from, to);
    return negativeLog({ product: this.#room.doubles(this.#out, 1)[0] as number, rescaled });
  }

  /** Leaves the product of likelihoods at `out`. */
  #pairsAndLikelihood(from: number, to: number): number {
    return this.#exports.logisticGradients(
      this.#sets.train.start,
      from,
      to,
      this.#margins,
      this.#labels,
      this.#weights,
      Math.fround(this.#source.positiveWeight),
      this.#pairs[0] as number,
      this.#out,
    );
  }

  draw(drawn: Int32Array = this.#source.trainRows, leftOut?: Int32Array): void {
    this.#room.ints(this.#drawn, drawn.length).set(drawn);
    this.#drawnCount = drawn.length;
    const set = this.#sets.leftOut;
    set.length = 0;
    if (!leftOut || leftOut.length === 0) return;
    if (set.start === 0) set.start = this.#take(4 * this.#source.trainRows.length);
    set.length = leftOut.length;
    this.#room.ints(set.start, leftOut.length).set(leftOut);
  }

  drawnRows(begin: number, end: number): Int32Array {
    return this.#room.ints(this.#drawn + 4 * begin, end - begin);
  }

  largestPair(): PairSum {
    this.#exports.largestPair(this.#pairs[this.#output] as number, this.#drawn, this.#drawnCount, this.#out);
    const [gradient = 0, hessian = 0] = this.#room.floats(this.#out, 2);
    return { gradient, hessian };
  }

  sideSums({ gradientScale, hessianScale }: Quantisation): SideSums {
    const pairs = this.#pairs[this.#output] as number;
    this.#exports.sumPairs(pairs, this.#drawn, this.#drawnCount, gradientScale, hessianScale, this.#out);
    const [positive = 0, negative = 0, hessian = 0] = this.#room.doubles(this.#out, 3);
    return { positive, negative, hessian };
  }

  quantise({ gradientScale, hessianScale }: Quantisation): PairSum {
    this.#gradientUnit = 1 / gradientScale;
    this.#hessianUnit = 1 / hessianScale;
    this.#exports.quantisePairs(
      this.#pairs[this.#output] as number,
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

  quantised(): Int32Array {
    return this.#room.ints(this.#packed, 2 * this.#table.layout.rowCount);
  }

  margins(): Float32Array {
    return this.#room.floats(this.#margins, this.#table.layout.rowCount * this.#source.outputs);
  }

  pairs(output: number): Float32Array {
    return this.#room.floats(this.#pairs[output] as number, 2 * this.#table.layout.rowCount);
  }

  setOutput(output: number): void {
    this.#output = output;
  }

  resetMargins(): void {
    const { base, outputs } = this.#source;
    const margins = this.margins();
    if (outputs === 1) margins.fill(base[0] as number);
    else margins.forEach((_, i) => (margins[i] = base[i % outputs] as number));
  }

  setCandidates(features: Int32Array): void {
    this.#featureCount = features.length;
    this.#room.ints(this.#features, features.length).set(features);
  }

  setFeatures(features: Int32Array): void {
    const groups = new Set(Array.from(features, (feature) => feature >> 2));
    this.setCandidates(features);
    this.#chosenGroups = groups.size;
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
    if (this.#chosenGroups === layout.groupCount && layout.padded) {
      this.#exports.buildPaddedHistogram(rowMajor, stride, this.#drawn, begin, end, this.#packed, into);
      return;
    }
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

  merge(histogram: number, pairs: Int32Array): void {
    this.#merged ||= this.#take(this.#histogramBytes);
    this.#room.ints(this.#merged, pairs.length).set(pairs);
    this.#exports.addHistogram(this.#at(histogram), this.#merged, this.#histogramBytes);
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
    return this.#exports.partitionRows(
      columns + feature * layout.rowCount,
      this.#drawn,
      begin,
      end,
      bin,
      this.#missingCode(feature),
      defaultLeft ? 1 : 0,
      this.#spare,
    );
  }

  partitionByCode(feature: number, right: Uint8Array, begin: number, end: number): number {
    const { columns, layout } = this.#table;
    this.#room.bytes(this.#codesRight, 256).set(right);
    const column = columns + feature * layout.rowCount;
    return this.#exports.partitionRowsByCode(column, this.#drawn, begin, end, this.#codesRight, this.#spare);
  }

  exactSum(begin: number, end: number, { gradientScale, hessianScale }: Quantisation): PairSum {
    const pairs = this.#pairs[this.#output] as number;
    this.#exports.exactSum(pairs, this.#drawn, begin, end, gradientScale, hessianScale, this.#out);
    const [gradient = 0, hessian = 0] = this.#room.doubles(this.#out, 2);
    return { gradient: gradient / gradientScale, hessian: hessian / hessianScale };
  }

  addLeaf(begin: number, end: number, value: number): void {
    this.#exports.addLeaf(this.#drawn, begin, end, this.#marginsOfOutput, this.#marginStride, value);
  }

  addTree(tree: BinnedTree, set: RowSet, from: number, to: number): void {
    const { rowMajor, stride } = this.#table;
    this.#writeTree(tree);
    this.#exports.addBinnedTree(
      this.#nodes.start,
      this.#tables.start,
      rowMajor,
      stride,
      this.#sets[set].start,
      from,
      to,
      this.#marginsOfOutput,
      this.#marginStride,
    );
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
    return this.#room.ints(this.#at(histogram), 2 * this.#table.layout.slotCount);
  }

  close(): void {
    for (const block of this.#blocks.splice(0)) this.#room.give(block);
  }

  /** Nodes as addBinnedTree reads them. */
  #writeTree(tree: BinnedTree): void {
    const tables = this.#writeTables(tree);
    if (tree.count > this.#nodes.count) this.#nodes = { start: this.#take(16 * 2 * tree.count), count: 2 * tree.count };
    const words = this.#room.ints(this.#nodes.start, NODE_WORDS * tree.count);
    const values = this.#room.floats(this.#nodes.start, NODE_WORDS * tree.count);
    for (let node = 0, at = 0; node < tree.count; node++, at += NODE_WORDS) {
      words[at] = tree.left[node] as number;
      words[at + 1] = tree.right[node] as number;
      words[at + 2] = tree.feature[node] as number;
      words[at + 3] = this.#ruleOf(tree, node, tables.get(node));
      if ((tree.left[node] as number) < 0) values[at + 2] = tree.condition[node] as number;
    }
    for (const [node, table] of tables) this.#sendMissing(tree, node, table);
  }

  #ruleOf(tree: BinnedTree, node: number, table: number | undefined): number {
    if (table !== undefined) return BY_CODE | table;
    const missing = this.#missingCode(tree.feature[node] as number);
    return (tree.bin[node] as number) | (missing << 9) | ((tree.defaultLeft[node] as number) << 18);
  }

  /** A node by category sends missing where it says, through its table. */
  #sendMissing(tree: BinnedTree, node: number, table: number): void {
    const missing = this.#missingCode(tree.feature[node] as number);
    if (missing === NO_CODE || tree.defaultLeft[node] === 1) return;
    this.#room.bytes(this.#tables.start + 256 * table + missing, 1).fill(1);
  }

  #missingCode(feature: number): number {
    const missing = this.#table.layout.missingCodes[feature] as number;
    return missing < 0 ? NO_CODE : missing;
  }

  /** Tables of codes that go right, in the order of the tree's category nodes. */
  #writeTables({ categories }: BinnedTree): ReadonlyMap<number, number> {
    const count = categories.size;
    if (count > this.#tables.count) this.#tables = { start: this.#take(256 * 2 * count), count: 2 * count };
    const bytes = this.#room.bytes(this.#tables.start, 256 * count).fill(0);
    const numbers = new Map([...categories.keys()].map((node, table) => [node, table]));
    for (const [node, codes] of categories) {
      for (const code of codes) bytes[256 * (numbers.get(node) ?? 0) + code] = 1;
    }
    return numbers;
  }

  get #marginsOfOutput(): number {
    return this.#margins + 4 * this.#output;
  }

  get #marginStride(): number {
    return 4 * this.#source.outputs;
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
