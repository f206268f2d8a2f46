import { boundedGain, boundedWeight, ConstrainedSearch, type SplitRules } from '../kernels/split/constrained';
import type { BestSplit, BinLayout, BoostingRows, PairSum } from '../kernels/types';
import { GrowthQueue } from './growth-queue';
import { NodeFeatures } from './node-features';
import { NodeTable } from './node-table';
import type { Pacer } from './pacer';
import { needsConstrainedSearch } from './tree-rules';
import type { BoosterParams } from './types';

/** XGBoost's kRtEps: a split must gain more than this. */
const LEAST_GAIN = Math.fround(1e-6);
const NONE = -1;
/** Rows between two chances to pause. */
const CHUNK = 131072;
/** What a small node costs, in row visits: clearing, subtracting and searching histograms. */
const LEAST_WORK = 4096;

/** What trees are grown over. */
export interface BuilderSource {
  readonly rows: BoostingRows;
  readonly layout: BinLayout;
  /** Cuts of each column, as the rows were binned. */
  readonly cuts: readonly Float32Array[];
  readonly rules: SplitRules;
  readonly params: BoosterParams;
  /** Step size of each tree: eta over the trees grown at once. */
  readonly eta: number;
}

/** What one tree is grown from: the drawn rows of the work space, already quantised. */
export interface TreeSample {
  /** Number of the tree in the model. */
  readonly tree: number;
  readonly count: number;
  /** Columns that may split, ascending. */
  readonly features: Int32Array;
  readonly gradientUnit: number;
  readonly hessianUnit: number;
  /** Sum of the quantised pairs. */
  readonly sum: PairSum;
}

/** A node with its rows [begin, end) and, once built, its histogram. */
interface OpenNode {
  readonly node: number;
  readonly begin: number;
  readonly end: number;
  readonly histogram: number;
}

/** A split with the categories that go right, when it is one by category. */
interface ChosenSplit extends BestSplit {
  categories: Int32Array | null;
}

/**
 * Grows one tree at a time over quantised gradient pairs. Without max_leaves and depthwise, nodes are worked off depth
 * first, so that at most max_depth + 1 histograms live at once; the order does not change the tree. Else they are split
 * in XGBoost's order (by level and number, or by gain) until max_leaves is reached. The child with fewer rows is built,
 * the other is parent - child; both are exact. Leaf values come from the float gradients
 * of their rows, not from the whole numbers that chose the splits.
 */
export class TreeBuilder {
  readonly nodes = new NodeTable();
  /** Leaves of the last tree: node, and its rows [begin, end). */
  readonly leafNodes: number[] = [];
  readonly leafBegins: number[] = [];
  readonly leafEnds: number[] = [];

  readonly #source: BuilderSource;
  readonly #rows: BoostingRows;
  readonly #pacer: Pacer;
  readonly #maxDepth: number;
  readonly #gamma: number;
  /** What weights are multiplied by. */
  readonly eta: number;
  readonly #nodeFeatures: NodeFeatures;
  readonly #constrained: ConstrainedSearch | null;
  readonly #queue: GrowthQueue<OpenNode & ChosenSplit>;
  readonly #ordered: boolean;
  readonly #best: ChosenSplit = {
    lossChange: 0,
    feature: 0,
    bin: 0,
    defaultLeft: false,
    leftGradient: 0,
    leftHessian: 0,
    categories: null,
  };
  readonly #nodeSum: PairSum = { gradient: 0, hessian: 0 };
  #sample: TreeSample = {
    tree: 0,
    count: 0,
    features: new Int32Array(),
    gradientUnit: 1,
    hessianUnit: 1,
    sum: { gradient: 0, hessian: 0 },
  };

  constructor(source: BuilderSource, pacer: Pacer) {
    const { params, rows, rules } = source;
    this.#source = source;
    this.#rows = rows;
    this.#pacer = pacer;
    this.#maxDepth = params.max_depth === 0 ? Infinity : params.max_depth;
    this.#gamma = Math.fround(params.gamma);
    this.eta = source.eta;
    this.#nodeFeatures = new NodeFeatures(params, source.layout.featureCount);
    this.#constrained = needsConstrainedSearch(rules) ? new ConstrainedSearch(rules) : null;
    this.#ordered = params.grow_policy === 'lossguide' || params.max_leaves > 0;
    this.#queue = new GrowthQueue(params.grow_policy);
  }

  /** Grows a tree into `nodes` and the leaf lists. */
  async grow(sample: TreeSample): Promise<void> {
    this.#begin(sample);
    const root = this.nodes.add(0, sample.sum.gradient, sample.sum.hessian);
    const histogram = this.#canSplit(root, sample.count) ? await this.#build(0, sample.count) : NONE;
    const open = { node: root, begin: 0, end: sample.count, histogram };
    if (this.#ordered) await this.#growInOrder(open);
    else await this.#growDepthFirst(open);
  }

  async #growDepthFirst(root: OpenNode): Promise<void> {
    const stack: OpenNode[] = [root];
    for (let open = stack.pop(); open; open = stack.pop()) {
      if (open.histogram !== NONE && this.#search(open)) {
        const [left, right] = await this.#expand(open, this.#best);
        stack.push(right, left);
      } else this.#finishLeaf(open);
    }
  }

  async #growInOrder(root: OpenNode): Promise<void> {
    const most = this.#source.params.max_leaves === 0 ? Infinity : this.#source.params.max_leaves;
    let leaves = 1;
    this.#offer(root);
    for (let next = this.#queue.pop(); next; next = this.#queue.pop()) {
      if (leaves >= most) {
        this.#finishLeaf(next);
        continue;
      }
      leaves += 1;
      for (const child of await this.#expand(next, next)) this.#offer(child);
    }
  }

  /** Queues a node that has a split, closes one that has none. */
  #offer(open: OpenNode): void {
    if (open.histogram !== NONE && this.#search(open)) this.#queue.push({ ...open, ...this.#best });
    else this.#finishLeaf(open);
  }

  #begin(sample: TreeSample): void {
    this.#sample = sample;
    this.nodes.clear();
    this.leafNodes.length = 0;
    this.leafBegins.length = 0;
    this.leafEnds.length = 0;
    this.#nodeFeatures.begin(sample.tree, sample.features);
    this.#rows.setFeatures(sample.features);
  }

  /** Both children need min_child_weight, so a node below twice that stays a leaf without being searched. */
  #canSplit(node: number, rows: number): boolean {
    const hessian = (this.nodes.hessian[node] as number) * this.#sample.hessianUnit;
    const least = 2 * this.#source.rules.minChildWeight;
    return rows >= 2 && (this.nodes.depth[node] as number) < this.#maxDepth && hessian >= least;
  }

  /** The histogram of rows [begin, end), with pauses when it is long. */
  async #build(begin: number, end: number): Promise<number> {
    const histogram = this.#rows.takeHistogram();
    for (let from = begin; from < end; from += CHUNK) {
      const to = Math.min(from + CHUNK, end);
      this.#rows.build(histogram, from, to);
      const work = (to - from) * (this.#sample.features.length >> 2) + LEAST_WORK;
      if (this.#pacer.due(work)) await this.#pacer.rest();
    }
    return histogram;
  }

  /** Looks for the best split; true when the node is to be split by it. */
  #search({ node, histogram }: OpenNode): boolean {
    const restricted = !this.#nodeFeatures.unrestricted;
    const features = restricted ? this.#nodeFeatures.of(node, this.nodes.depth[node] as number) : this.#sample.features;
    if (this.#constrained) this.#searchConstrained(node, histogram, features);
    else {
      if (restricted) this.#rows.setCandidates(features);
      this.#nodeSum.gradient = this.nodes.gradient[node] as number;
      this.#nodeSum.hessian = this.nodes.hessian[node] as number;
      const [gradient, hessian] = this.#sumsOf(node);
      const gain = Math.fround(boundedGain(gradient, hessian, 0, this.#source.rules));
      this.#rows.search(histogram, this.#nodeSum, gain, this.#best);
    }
    return this.#best.lossChange > LEAST_GAIN && this.#best.lossChange >= this.#gamma;
  }

  #searchConstrained(node: number, histogram: number, features: Int32Array): void {
    const { gradientUnit, hessianUnit } = this.#sample;
    const found = this.#constrained?.find(
      { pairs: this.#rows.pairsOf(histogram), bins: this.#source.layout, gradientUnit, hessianUnit },
      {
        gradient: this.nodes.gradient[node] as number,
        hessian: this.nodes.hessian[node] as number,
        lower: this.nodes.lower[node] as number,
        upper: this.nodes.upper[node] as number,
      },
      features,
    );
    Object.assign(this.#best, found);
  }

  /** Splits a node; its children come with histograms where they may split again. */
  async #expand(open: OpenNode, split: ChosenSplit): Promise<readonly [left: OpenNode, right: OpenNode]> {
    const { begin, end, histogram } = open;
    const [left, right] = this.#addChildren(open.node, split);
    const middle = split.categories
      ? this.#rows.partitionByCode(split.feature, this.#codesRight(split), begin, end)
      : this.#rows.partition(split, begin, end);
    const leftSplits = this.#canSplit(left, middle - begin);
    const rightSplits = this.#canSplit(right, end - middle);
    const leftIsSmall = middle - begin <= end - middle;
    const largeSplits = leftIsSmall ? rightSplits : leftSplits;
    const smallSplits = leftIsSmall ? leftSplits : rightSplits;
    let small = NONE;
    if (smallSplits || largeSplits) {
      small = leftIsSmall ? await this.#build(begin, middle) : await this.#build(middle, end);
      if (largeSplits) this.#rows.subtract(histogram, small);
    }
    if (!largeSplits) this.#rows.releaseHistogram(histogram);
    if (small !== NONE && !smallSplits) this.#rows.releaseHistogram(small);
    const large = largeSplits ? histogram : NONE;
    if (!smallSplits) small = NONE;
    return [
      { node: left, begin, end: middle, histogram: leftIsSmall ? small : large },
      { node: right, begin: middle, end, histogram: leftIsSmall ? large : small },
    ];
  }

  /** [256] 1 where a code goes right; missing where the split says. */
  #codesRight({ feature, categories, defaultLeft }: ChosenSplit): Uint8Array {
    const right = new Uint8Array(256);
    for (const code of categories ?? []) right[code] = 1;
    const missing = this.#source.layout.missingCodes[feature] as number;
    if (missing >= 0) right[missing] = defaultLeft ? 0 : 1;
    return right;
  }

  #sumsOf(node: number): readonly [gradient: number, hessian: number] {
    const { gradientUnit, hessianUnit } = this.#sample;
    return [(this.nodes.gradient[node] as number) * gradientUnit, (this.nodes.hessian[node] as number) * hessianUnit];
  }

  /** The weight of a node within its bounds, before eta. */
  #weightOf(node: number): number {
    const [gradient, hessian] = this.#sumsOf(node);
    const bounds = { lower: this.nodes.lower[node] as number, upper: this.nodes.upper[node] as number };
    return boundedWeight(gradient, hessian, this.#source.rules, bounds);
  }

  #addChildren(node: number, split: ChosenSplit): readonly [left: number, right: number] {
    const { nodes } = this;
    const depth = (nodes.depth[node] as number) + 1;
    const gradient = nodes.gradient[node] as number;
    const hessian = nodes.hessian[node] as number;
    const left = nodes.add(depth, split.leftGradient, split.leftHessian);
    const right = nodes.add(depth, gradient - split.leftGradient, hessian - split.leftHessian);
    nodes.left[node] = left;
    nodes.right[node] = right;
    nodes.feature[node] = split.feature;
    nodes.bin[node] = split.bin;
    nodes.defaultLeft[node] = split.defaultLeft ? 1 : 0;
    nodes.condition[node] = this.#source.cuts[split.feature]?.[split.bin] ?? 0;
    nodes.lossChange[node] = split.lossChange;
    nodes.baseWeight[node] = this.#weightOf(node);
    if (split.categories) nodes.categories.set(node, split.categories);
    this.#boundChildren(node, split.feature, left, right);
    this.#nodeFeatures.split(node, split.feature, [left, right]);
    return [left, right];
  }

  /** Children inherit the bounds of weights; a monotone split parts them at the middle of the two weights. */
  #boundChildren(node: number, feature: number, left: number, right: number): void {
    const { lower, upper } = this.nodes;
    for (const child of [left, right]) {
      lower[child] = lower[node] as number;
      upper[child] = upper[node] as number;
    }
    const direction = this.#source.rules.monotone?.[feature] ?? 0;
    if (direction === 0) return;
    const middle = Math.fround(Math.fround(this.#weightOf(left) + this.#weightOf(right)) / 2);
    const [above, below] = direction > 0 ? [right, left] : [left, right];
    upper[below] = middle;
    lower[above] = middle;
  }

  #finishLeaf({ node, begin, end, histogram }: OpenNode): void {
    const sum = this.#rows.exactSum(begin, end);
    const bounds = { lower: this.nodes.lower[node] as number, upper: this.nodes.upper[node] as number };
    const weight = boundedWeight(sum.gradient, sum.hessian, this.#source.rules, bounds);
    const value = Math.fround(weight * this.eta);
    this.nodes.condition[node] = value;
    this.nodes.baseWeight[node] = node === 0 ? weight : value;
    this.leafNodes.push(node);
    this.leafBegins.push(begin);
    this.leafEnds.push(end);
    if (histogram !== NONE) this.#rows.releaseHistogram(histogram);
  }
}
