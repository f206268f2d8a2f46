import { findBestSplit } from '../../kernels/split/reference';
import type { BinLayout, BoostingRows } from '../../kernels/types';
import type { SplitOrder } from '../shards/types';
import type { TreeStart } from '../training-rows';
import {
  MASK_WORDS,
  type DeviceOrder,
  type DeviceSearch,
  type DeviceSplit,
  type Found,
  type GrowthTable,
} from './device';
import type { ChosenSplit } from './growing-tree';
import { chooseSplit, deviceGain, narrowingLimits, type WeighedNode } from './narrowed-split';
import type { NodeSplits } from './node-splits';
import { NONE, type BuilderSource, type GrownNode, type Growth, type SplitNode } from './types';

/** Nodes split together: one exchange with the device each time. */
const MOST_AT_ONCE = 256;
/** Slots of a column on the device. */
const CODES = 256;

/** A node of the device, not yet searched here. */
interface Proposed {
  readonly node: Omit<GrownNode, 'split'>;
  readonly found: Found;
  readonly open: boolean;
}

/** A child's histogram and what the device found in it. */
interface Child {
  readonly node: number;
  readonly begin: number;
  readonly end: number;
  readonly histogram: number;
  readonly found: Found;
}

/**
 * Growth on a device. It keeps the histograms and the order of rows and sends back where rows were parted and the splits
 * that may be best; which one is, is decided here from their whole-number sums, so trees are those of the other ways of
 * growing, bit for bit.
 */
export class DeviceGrowth implements Growth {
  readonly atOnce: number;
  readonly mostWaiting: number;
  readonly #source: BuilderSource;
  readonly #table: GrowthTable;
  readonly #local: BoostingRows;
  readonly #splits: NodeSplits;
  /** Of the device's histograms. */
  readonly #layout: BinLayout;
  readonly #free: number[] = [];
  #count = 0;
  #narrows = false;

  /** @param table holds at least 3 histograms. */
  constructor(source: BuilderSource, splits: NodeSplits, table: GrowthTable) {
    const { layout } = source;
    this.#source = source;
    this.#splits = splits;
    this.#table = table;
    this.#local = source.rows.source.local;
    this.atOnce = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(table.slots / 4)));
    this.mostWaiting = Math.min(source.mostWaiting ?? Infinity, table.slots - 2 * this.atOnce);
    const slotOffsets = layout.slotOffsets.map((_, feature) => CODES * feature);
    this.#layout = { ...layout, slotOffsets, slotCount: CODES * layout.featureCount, padded: true };
  }

  async begin(features: Int32Array, start: TreeStart, node: number): Promise<GrownNode> {
    const { gradientScale, hessianScale } = start.scales;
    const units = { gradientUnit: 1 / gradientScale, hessianUnit: 1 / hessianScale };
    const limits = this.#splits.isConstrained ? null : narrowingLimits(this.#source.rules, units);
    this.#narrows = limits !== null;
    this.#count = start.count;
    this.#free.splice(0, Infinity, ...Array(this.#table.slots).keys());
    this.#table.begin({
      pairs: this.#local.quantised(),
      drawn: this.#local.drawnRows(0, start.count),
      features,
      limits,
    });
    const open = start.count > 1 && this.#splits.canSplit(node);
    const root = { node, rows: start.count, begin: 0, end: start.count, histogram: open ? this.#take() : NONE };
    const found = open ? await this.#table.root(root.histogram, this.#searchOf(node)) : null;
    const [grown] = await this.#searched([{ node: root, found, open }]);
    return grown as GrownNode;
  }

  async expand(parents: readonly SplitNode[]): Promise<readonly GrownNode[]> {
    const orders = parents.map((parent) => this.#splits.order(parent));
    const sent = parents.map((parent, i) => this.#deviceOrder(parent, orders[i] as SplitOrder));
    const splits = await this.#table.expand(sent);
    const proposed = parents.flatMap((parent, i) =>
      this.#children(parent, orders[i] as SplitOrder, sent[i] as DeviceOrder, splits[i] as DeviceSplit),
    );
    return this.#searched(proposed);
  }

  withoutHistogram<T extends GrownNode>(open: T): T {
    if (open.histogram === NONE) return open;
    this.#free.push(open.histogram);
    return { ...open, histogram: NONE };
  }

  async finish(): Promise<void> {
    if (this.#splits.tree.nodes.count === 1) return;
    this.#local.drawnRows(0, this.#count).set(await this.#table.order());
  }

  #deviceOrder(parent: SplitNode, order: SplitOrder): DeviceOrder {
    const { begin, end, histogram } = parent;
    const left = this.#splits.canSplit(order.left) ? this.#searchOf(order.left) : null;
    const rightSearch = this.#splits.canSplit(order.right) ? this.#searchOf(order.right) : null;
    const wanted = left !== null || rightSearch !== null;
    const subtracts = wanted && histogram !== NONE;
    return {
      begin,
      end,
      feature: order.split.feature,
      right: this.#rightMask(order),
      built: wanted ? this.#take() : NONE,
      rest: wanted && histogram === NONE ? this.#take() : histogram,
      subtracts,
      left,
      rightSearch,
    };
  }

  #children(parent: SplitNode, order: SplitOrder, sent: DeviceOrder, split: DeviceSplit): Proposed[] {
    const { begin, end } = parent;
    const { middle } = split;
    const buildsLeft = middle - begin <= end - middle;
    const [leftHistogram, rightHistogram] = buildsLeft ? [sent.built, sent.rest] : [sent.rest, sent.built];
    const child = ({ node, begin: from, end: to, histogram, found }: Child, searched: boolean): Proposed => ({
      node: { node, rows: to - from, begin: from, end: to, histogram },
      found,
      open: searched && to - from > 1,
    });
    return [
      child({ node: order.left, begin, end: middle, histogram: leftHistogram, found: split.left }, sent.left !== null),
      child(
        { node: order.right, begin: middle, end, histogram: rightHistogram, found: split.right },
        sent.rightSearch !== null,
      ),
    ];
  }

  /** Nodes with their splits; histograms without candidates are read back, all in one go. */
  async #searched(proposed: readonly Proposed[]): Promise<readonly GrownNode[]> {
    const unclear = proposed.filter(({ open, found }) => open && found === null);
    const read = unclear.length === 0 ? [] : await this.#table.histograms(unclear.map(({ node }) => node.histogram));
    const histograms = new Map(unclear.map(({ node }, i) => [node.node, read[i] as Int32Array]));
    return proposed.map(({ node, found, open }) => {
      const split = open ? this.#bestOf(node.node, found, histograms.get(node.node)) : null;
      const grown = { ...node, split };
      return split ? grown : this.withoutHistogram(grown);
    });
  }

  #bestOf(node: number, found: Found, histogram: Int32Array | undefined): ChosenSplit | null {
    const best = found
      ? chooseSplit(found, this.#weighed(node), this.#source.rules, this.#units)
      : this.#searchHere(node, histogram ?? new Int32Array());
    return best && this.#splits.counts(best) ? best : null;
  }

  #searchHere(node: number, histogram: Int32Array): ChosenSplit | null {
    if (this.#splits.isConstrained) return this.#splits.searchConstrained(node, histogram, this.#layout);
    const { gradient, hessian } = this.#splits.sumOf(node);
    const best = { lossChange: 0, feature: 0, bin: 0, defaultLeft: false, leftGradient: 0, leftHessian: 0 };
    const task = {
      bins: this.#layout,
      limits: this.#source.rules,
      features: this.#splits.columnsOf(node) ?? this.#splits.features,
      ...this.#units,
      nodeGradient: gradient,
      nodeHessian: hessian,
      nodeGain: this.#splits.gainOf(node),
    };
    findBestSplit(histogram, task, best);
    return { ...best, categories: null };
  }

  #weighed(node: number): WeighedNode {
    return { sum: this.#splits.sumOf(node), gain: this.#splits.gainOf(node) };
  }

  get #units() {
    return this.#splits.tree.units;
  }

  #searchOf(node: number): DeviceSearch {
    const { gradient, hessian } = this.#splits.sumOf(node);
    const columns = this.#narrows ? this.#splits.columnsOf(node) : null;
    const leastGain = deviceGain(this.#splits.gainOf(node) + this.#splits.leastGain, this.#units);
    return { gradient, hessian, leastGain, columns: columns && bitsOf(columns, this.#source.layout.featureCount) };
  }

  /** Bit c: code c goes right. */
  #rightMask({ split, codesRight }: SplitOrder): Uint32Array {
    const missing = this.#source.layout.missingCodes[split.feature] as number;
    const goesRight = (code: number) => {
      if (codesRight) return codesRight[code] === 1;
      return code === missing ? !split.defaultLeft : code > split.bin;
    };
    const codes = Int32Array.from(Array(CODES).keys()).filter(goesRight);
    return bitsOf(codes, 32 * MASK_WORDS);
  }

  #take(): number {
    return this.#free.pop() ?? NONE;
  }
}

/** Bits of whole numbers below `count`. */
function bitsOf(numbers: Int32Array, count: number): Uint32Array {
  const bits = new Uint32Array(Math.ceil(count / 32));
  for (const number of numbers) bits[number >>> 5] = (bits[number >>> 5] as number) | (1 << (number & 31));
  return bits;
}
