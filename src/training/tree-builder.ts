import { accumulateGroup, histogramLength, subtractHistogram, type RowSegment } from '../kernels/histogram/reference';
import { partitionRows } from '../kernels/partition/reference';
import {
  findBestSplit,
  gainOf,
  weightOf,
  type BestSplit,
  type SplitLimits,
  type SplitTask,
} from '../kernels/split/reference';
import type { BinnedMatrix } from './bin-matrix';
import { HistogramPool } from './histogram-pool';
import { NodeTable } from './node-table';
import type { Pacer } from './pacer';
import type { BoosterParams } from './types';

/** XGBoost's kRtEps: a split must gain more than this. */
const LEAST_GAIN = Math.fround(1e-6);
const NONE = -1;

/** Rows and columns of one tree. */
export interface TreeSample {
  /** The tree grows from rows[0..count) and leaves them reordered, leaf by leaf. */
  readonly rows: Int32Array;
  readonly count: number;
  /** Columns that may split, ascending. */
  readonly features: Int32Array;
  readonly gradientUnit: number;
  readonly hessianUnit: number;
}

/** What a builder works on: `quantised` is [2 * rowCount], filled anew before each tree. */
export interface BuilderSource {
  readonly binned: BinnedMatrix;
  readonly quantised: Int32Array;
  /** The longest sample to come. */
  readonly mostRows: number;
}

/**
 * Grows one tree at a time over quantised gradient pairs. Nodes are worked off depth first, so that at most
 * max_depth + 1 histograms live at once; the order does not change the tree. The child with fewer rows is built, the
 * other is parent - child; both are exact.
 */
export class TreeBuilder {
  readonly nodes = new NodeTable();
  /** Leaves of the last tree: node, and its rows [begin, end). */
  readonly leafNodes: number[] = [];
  readonly leafBegins: number[] = [];
  readonly leafEnds: number[] = [];

  readonly #binned: BinnedMatrix;
  readonly #quantised: Int32Array;
  readonly #pacer: Pacer;
  readonly #limits: SplitLimits;
  readonly #maxDepth: number;
  readonly #gamma: number;
  readonly #eta: number;
  readonly #spare: Int32Array;
  readonly #pool: HistogramPool;
  readonly #task: SplitTask;
  readonly #best: BestSplit = {
    lossChange: 0,
    feature: 0,
    bin: 0,
    defaultLeft: false,
    leftGradient: 0,
    leftHessian: 0,
  };
  readonly #job: { quantised: Int32Array; group: number };
  /** The histogram to build before the next node is searched: its slot, its rows, and the slot to take it from. */
  readonly #pending = { slot: NONE, begin: 0, end: 0, parent: NONE };
  /** Four numbers a node: node, begin, end, histogram slot. */
  readonly #stack: number[] = [];
  #groups: readonly number[] = [];
  #slots = 0;
  #segment: RowSegment = { rows: new Int32Array(), begin: 0, end: 0 };

  constructor({ binned, quantised, mostRows }: BuilderSource, params: BoosterParams, pacer: Pacer) {
    this.#binned = binned;
    this.#quantised = quantised;
    this.#pacer = pacer;
    this.#maxDepth = params.max_depth;
    this.#gamma = Math.fround(params.gamma);
    this.#eta = Math.fround(params.eta);
    this.#limits = {
      lambda: Math.fround(params.lambda),
      alpha: Math.fround(params.alpha),
      minChildWeight: Math.fround(params.min_child_weight),
    };
    this.#spare = new Int32Array(mostRows);
    this.#pool = new HistogramPool(histogramLength(binned.bins));
    this.#job = { quantised, group: 0 };
    const sums = { gradientUnit: 1, hessianUnit: 1, nodeGradient: 0, nodeHessian: 0, nodeGain: 0 };
    this.#task = { bins: binned.bins, limits: this.#limits, features: new Int32Array(), ...sums };
  }

  /** Grows a tree into `nodes` and the leaf lists. */
  async grow(sample: TreeSample): Promise<void> {
    this.#begin(sample);
    const stack = this.#stack;
    const root = this.#addRoot(sample);
    const splits = this.#canSplit(root, sample.count);
    stack.push(root, 0, sample.count, splits ? this.#plan(0, sample.count) : NONE);
    while (stack.length > 0) {
      if (this.#pending.slot !== NONE) {
        const work = (this.#pending.end - this.#pending.begin) * this.#groups.length + this.#slots;
        if (this.#pacer.due(work)) await this.#buildInSteps();
        else this.#build(0, this.#groups.length);
        this.#finishPending();
      }
      const slot = stack.pop() as number;
      const end = stack.pop() as number;
      const begin = stack.pop() as number;
      const node = stack.pop() as number;
      if (slot !== NONE && this.#search(node, slot)) this.#expand(node, begin, end, slot);
      else this.#finishLeaf(node, begin, end, slot);
    }
  }

  #begin(sample: TreeSample): void {
    this.nodes.clear();
    this.leafNodes.length = 0;
    this.leafBegins.length = 0;
    this.leafEnds.length = 0;
    this.#pool.releaseAll();
    this.#task.features = sample.features;
    this.#task.gradientUnit = sample.gradientUnit;
    this.#task.hessianUnit = sample.hessianUnit;
    this.#groups = [...new Set(Array.from(sample.features, (feature) => feature >> 2))];
    this.#slots = sample.features.reduce((sum, feature) => sum + (this.#binned.bins.binCounts[feature] ?? 0), 0);
    this.#segment = { rows: sample.rows, begin: 0, end: sample.count };
  }

  #addRoot({ rows, count }: TreeSample): number {
    let gradient = 0;
    let hessian = 0;
    for (let i = 0; i < count; i++) {
      const at = 2 * (rows[i] as number);
      gradient += this.#quantised[at] as number;
      hessian += this.#quantised[at + 1] as number;
    }
    return this.nodes.add(0, gradient, hessian);
  }

  /** Both children need min_child_weight, so a node below twice that stays a leaf without being searched. */
  #canSplit(node: number, rows: number): boolean {
    const hessian = (this.nodes.hessian[node] as number) * this.#task.hessianUnit;
    return (
      rows >= 2 && (this.nodes.depth[node] as number) < this.#maxDepth && hessian >= 2 * this.#limits.minChildWeight
    );
  }

  /** A fresh histogram of rows [begin, end), built before the next node is searched. */
  #plan(begin: number, end: number, parent = NONE): number {
    const slot = this.#pool.take();
    this.#pending.slot = slot;
    this.#pending.begin = begin;
    this.#pending.end = end;
    this.#pending.parent = parent;
    return slot;
  }

  #build(firstGroup: number, lastGroup: number): void {
    const histogram = this.#pool.at(this.#pending.slot);
    this.#segment.begin = this.#pending.begin;
    this.#segment.end = this.#pending.end;
    for (let i = firstGroup; i < lastGroup; i++) {
      this.#job.group = this.#groups[i] as number;
      accumulateGroup(histogram, this.#binned.bins, this.#job, this.#segment);
    }
  }

  async #buildInSteps(): Promise<void> {
    await this.#pacer.rest();
    for (let i = 0; i < this.#groups.length; i++) {
      this.#build(i, i + 1);
      if (this.#pacer.due(this.#pending.end - this.#pending.begin)) await this.#pacer.rest();
    }
  }

  #finishPending(): void {
    const { slot, parent } = this.#pending;
    if (parent !== NONE) subtractHistogram(this.#pool.at(parent), this.#pool.at(slot));
    this.#pending.slot = NONE;
  }

  /** Looks for the best split; true when the node is to be split by it. */
  #search(node: number, slot: number): boolean {
    const task = this.#task;
    task.nodeGradient = this.nodes.gradient[node] as number;
    task.nodeHessian = this.nodes.hessian[node] as number;
    task.nodeGain = Math.fround(
      gainOf(task.nodeGradient * task.gradientUnit, task.nodeHessian * task.hessianUnit, this.#limits),
    );
    findBestSplit(this.#pool.at(slot), task, this.#best);
    return this.#best.lossChange > LEAST_GAIN && this.#best.lossChange >= this.#gamma;
  }

  #expand(node: number, begin: number, end: number, slot: number): void {
    const best = this.#best;
    const [left, right] = this.#addChildren(node);
    this.#segment.begin = begin;
    this.#segment.end = end;
    const middle = partitionRows(this.#binned.bins, best, this.#segment, this.#spare);
    const leftSplits = this.#canSplit(left, middle - begin);
    const rightSplits = this.#canSplit(right, end - middle);
    const leftIsSmall = middle - begin <= end - middle;
    const smallSplits = leftIsSmall ? leftSplits : rightSplits;
    const largeSplits = leftIsSmall ? rightSplits : leftSplits;
    let small = NONE;
    if (smallSplits || largeSplits) {
      const parent = largeSplits ? slot : NONE;
      small = leftIsSmall ? this.#plan(begin, middle, parent) : this.#plan(middle, end, parent);
    }
    if (!largeSplits) this.#pool.release(slot);
    const large = largeSplits ? slot : NONE;
    this.#stack.push(right, middle, end, leftIsSmall ? large : small, left, begin, middle, leftIsSmall ? small : large);
  }

  #addChildren(node: number): readonly [left: number, right: number] {
    const { nodes } = this;
    const best = this.#best;
    const depth = (nodes.depth[node] as number) + 1;
    const gradient = nodes.gradient[node] as number;
    const hessian = nodes.hessian[node] as number;
    const left = nodes.add(depth, best.leftGradient, best.leftHessian);
    const right = nodes.add(depth, gradient - best.leftGradient, hessian - best.leftHessian);
    nodes.left[node] = left;
    nodes.right[node] = right;
    nodes.feature[node] = best.feature;
    nodes.defaultLeft[node] = best.defaultLeft ? 1 : 0;
    nodes.condition[node] = this.#binned.cuts[best.feature]?.[best.bin] ?? 0;
    nodes.lossChange[node] = best.lossChange;
    nodes.baseWeight[node] = weightOf(
      gradient * this.#task.gradientUnit,
      hessian * this.#task.hessianUnit,
      this.#limits,
    );
    return [left, right];
  }

  #finishLeaf(node: number, begin: number, end: number, slot: number): void {
    const { gradientUnit, hessianUnit } = this.#task;
    const gradient = (this.nodes.gradient[node] as number) * gradientUnit;
    const weight = weightOf(gradient, (this.nodes.hessian[node] as number) * hessianUnit, this.#limits);
    const value = Math.fround(weight * this.#eta);
    this.nodes.condition[node] = value;
    this.nodes.baseWeight[node] = node === 0 ? weight : value;
    this.leafNodes.push(node);
    this.leafBegins.push(begin);
    this.leafEnds.push(end);
    if (slot !== NONE) this.#pool.release(slot);
  }
}
