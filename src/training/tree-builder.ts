import { gainOf, weightOf } from '../kernels/split/reference';
import type { BestSplit, BoostingRows, PairSum, SplitLimits } from '../kernels/types';
import { NodeTable } from './node-table';
import type { Pacer } from './pacer';
import type { BoosterParams } from './types';

/** XGBoost's kRtEps: a split must gain more than this. */
const LEAST_GAIN = Math.fround(1e-6);
const NONE = -1;
/** Rows between two chances to pause. */
const CHUNK = 131072;
/** What a small node costs, in row visits: clearing, subtracting and searching histograms. */
const LEAST_WORK = 4096;

/** What one tree is grown from: the drawn rows of the work space, already quantised. */
export interface TreeSample {
  readonly count: number;
  /** Columns that may split, ascending. */
  readonly features: Int32Array;
  readonly gradientUnit: number;
  readonly hessianUnit: number;
  /** Sum of the quantised pairs. */
  readonly sum: PairSum;
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

  readonly #cuts: readonly Float32Array[];
  readonly #rows: BoostingRows;
  readonly #pacer: Pacer;
  readonly #limits: SplitLimits;
  readonly #maxDepth: number;
  readonly #gamma: number;
  readonly #eta: number;
  readonly #best: BestSplit = {
    lossChange: 0,
    feature: 0,
    bin: 0,
    defaultLeft: false,
    leftGradient: 0,
    leftHessian: 0,
  };
  /** The histogram to build before the next node is searched, its rows, and the histogram to take it from. */
  readonly #pending = { histogram: NONE, begin: 0, end: 0, parent: NONE };
  /** Four numbers a node: node, begin, end, histogram. */
  readonly #stack: number[] = [];
  readonly #nodeSum: PairSum = { gradient: 0, hessian: 0 };
  #gradientUnit = 1;
  #hessianUnit = 1;
  #columns = 0;

  /** @param cuts of each column, as the rows were binned. */
  constructor(rows: BoostingRows, cuts: readonly Float32Array[], params: BoosterParams, pacer: Pacer) {
    this.#rows = rows;
    this.#cuts = cuts;
    this.#pacer = pacer;
    this.#maxDepth = params.max_depth;
    this.#gamma = Math.fround(params.gamma);
    this.#eta = Math.fround(params.eta);
    this.#limits = splitLimits(params);
  }

  /** Grows a tree into `nodes` and the leaf lists. */
  async grow(sample: TreeSample): Promise<void> {
    this.#begin(sample);
    const stack = this.#stack;
    const root = this.nodes.add(0, sample.sum.gradient, sample.sum.hessian);
    const splits = this.#canSplit(root, sample.count);
    stack.push(root, 0, sample.count, splits ? this.#plan(0, sample.count) : NONE);
    while (stack.length > 0) {
      if (this.#pending.histogram !== NONE) await this.#buildPending();
      const histogram = stack.pop() as number;
      const end = stack.pop() as number;
      const begin = stack.pop() as number;
      const node = stack.pop() as number;
      if (histogram !== NONE && this.#search(node, histogram)) this.#expand(node, begin, end, histogram);
      else this.#finishLeaf(node, begin, end, histogram);
    }
  }

  #begin(sample: TreeSample): void {
    this.nodes.clear();
    this.leafNodes.length = 0;
    this.leafBegins.length = 0;
    this.leafEnds.length = 0;
    this.#stack.length = 0;
    this.#pending.histogram = NONE;
    this.#columns = sample.features.length;
    this.#gradientUnit = sample.gradientUnit;
    this.#hessianUnit = sample.hessianUnit;
    this.#rows.setFeatures(sample.features);
  }

  /** Both children need min_child_weight, so a node below twice that stays a leaf without being searched. */
  #canSplit(node: number, rows: number): boolean {
    const hessian = (this.nodes.hessian[node] as number) * this.#hessianUnit;
    return (
      rows >= 2 && (this.nodes.depth[node] as number) < this.#maxDepth && hessian >= 2 * this.#limits.minChildWeight
    );
  }

  /** A fresh histogram of rows [begin, end), built before the next node is searched. */
  #plan(begin: number, end: number, parent = NONE): number {
    const histogram = this.#rows.takeHistogram();
    this.#pending.histogram = histogram;
    this.#pending.begin = begin;
    this.#pending.end = end;
    this.#pending.parent = parent;
    return histogram;
  }

  /** Builds the planned histogram, with pauses when it is long, and takes it from its parent. */
  async #buildPending(): Promise<void> {
    const { histogram, begin, end, parent } = this.#pending;
    for (let from = begin; from < end; from += CHUNK) {
      const to = Math.min(from + CHUNK, end);
      this.#rows.build(histogram, from, to);
      if (this.#pacer.due((to - from) * (this.#columns >> 2) + LEAST_WORK)) await this.#pacer.rest();
    }
    if (parent !== NONE) this.#rows.subtract(parent, histogram);
    this.#pending.histogram = NONE;
  }

  /** Looks for the best split; true when the node is to be split by it. */
  #search(node: number, histogram: number): boolean {
    const sum = this.#nodeSum;
    sum.gradient = this.nodes.gradient[node] as number;
    sum.hessian = this.nodes.hessian[node] as number;
    const gain = gainOf(sum.gradient * this.#gradientUnit, sum.hessian * this.#hessianUnit, this.#limits);
    this.#rows.search(histogram, sum, Math.fround(gain), this.#best);
    return this.#best.lossChange > LEAST_GAIN && this.#best.lossChange >= this.#gamma;
  }

  #expand(node: number, begin: number, end: number, histogram: number): void {
    const best = this.#best;
    const [left, right] = this.#addChildren(node);
    const middle = this.#rows.partition(best, begin, end);
    const leftSplits = this.#canSplit(left, middle - begin);
    const rightSplits = this.#canSplit(right, end - middle);
    const leftIsSmall = middle - begin <= end - middle;
    const smallSplits = leftIsSmall ? leftSplits : rightSplits;
    const largeSplits = leftIsSmall ? rightSplits : leftSplits;
    let small = NONE;
    if (smallSplits || largeSplits) {
      const parent = largeSplits ? histogram : NONE;
      small = leftIsSmall ? this.#plan(begin, middle, parent) : this.#plan(middle, end, parent);
    }
    if (!largeSplits) this.#rows.releaseHistogram(histogram);
    const large = largeSplits ? histogram : NONE;
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
    nodes.bin[node] = best.bin;
    nodes.defaultLeft[node] = best.defaultLeft ? 1 : 0;
    nodes.condition[node] = this.#cuts[best.feature]?.[best.bin] ?? 0;
    nodes.lossChange[node] = best.lossChange;
    nodes.baseWeight[node] = weightOf(gradient * this.#gradientUnit, hessian * this.#hessianUnit, this.#limits);
    return [left, right];
  }

  #finishLeaf(node: number, begin: number, end: number, histogram: number): void {
    const gradient = (this.nodes.gradient[node] as number) * this.#gradientUnit;
    const weight = weightOf(gradient, (this.nodes.hessian[node] as number) * this.#hessianUnit, this.#limits);
    const value = Math.fround(weight * this.#eta);
    this.nodes.condition[node] = value;
    this.nodes.baseWeight[node] = node === 0 ? weight : value;
    this.leafNodes.push(node);
    this.leafBegins.push(begin);
    this.leafEnds.push(end);
    if (histogram !== NONE) this.#rows.releaseHistogram(histogram);
  }
}

/** The limits of a split in float32, as XGBoost keeps them. */
export function splitLimits({ lambda, alpha, min_child_weight }: BoosterParams): SplitLimits {
  return {
    lambda: Math.fround(lambda),
    alpha: Math.fround(alpha),
    minChildWeight: Math.fround(min_child_weight),
  };
}
