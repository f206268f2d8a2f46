import { boundedGain, ConstrainedSearch } from '../../kernels/split/constrained';
import type { BinLayout, PairSum } from '../../kernels/types';
import type { SplitOrder } from '../shards/types';
import { GrowingTree, type ChosenSplit } from './growing-tree';
import { NodeFeatures } from './node-features';
import { needsConstrainedSearch } from './tree-rules';
import type { BuilderSource, SplitNode } from './types';

/** XGBoost's kRtEps: a split must gain more than this. */
const LEAST_GAIN = Math.fround(1e-6);

/** What every way of growing has to know: which nodes may split, on which columns, and which split counts. */
export class NodeSplits {
  readonly tree: GrowingTree;
  readonly #source: BuilderSource;
  readonly #maxDepth: number;
  readonly #gamma: number;
  readonly #nodeFeatures: NodeFeatures;
  readonly #constrained: ConstrainedSearch | null;
  /** Columns of the tree. */
  #features: Int32Array = new Int32Array();

  constructor(source: BuilderSource) {
    const { params, rules, layout } = source;
    this.#source = source;
    this.tree = new GrowingTree(source.cuts, rules, source.eta);
    this.#maxDepth = params.max_depth === 0 ? Infinity : params.max_depth;
    this.#gamma = Math.fround(params.gamma);
    this.#nodeFeatures = new NodeFeatures(params, layout.featureCount);
    this.#constrained = needsConstrainedSearch(rules) ? new ConstrainedSearch(rules) : null;
  }

  /** @param tree its number in the model. */
  begin(tree: number, features: Int32Array): void {
    this.#features = features;
    this.#nodeFeatures.begin(tree, features);
  }

  get features(): Int32Array {
    return this.#features;
  }

  /** Whether splits are bound by more than penalties, so that `constrained` must search. */
  get isConstrained(): boolean {
    return this.#constrained !== null;
  }

  /** Both children need min_child_weight, so a node below twice that stays a leaf without being searched. */
  canSplit(node: number): boolean {
    const [, hessian] = this.tree.sumsOf(node);
    return (this.tree.nodes.depth[node] as number) < this.#maxDepth && hessian >= 2 * this.#source.rules.minChildWeight;
  }

  /** Columns that a node may split on; null when these are all of the tree's. */
  columnsOf(node: number): Int32Array | null {
    if (this.#nodeFeatures.unrestricted) return null;
    return this.#nodeFeatures.of(node, this.tree.nodes.depth[node] as number);
  }

  /** Whole-number sums of a node. */
  sumOf(node: number): PairSum {
    const { gradient, hessian } = this.tree.nodes;
    return { gradient: gradient[node] as number, hessian: hessian[node] as number };
  }

  /** Gain of a node unsplit. */
  gainOf(node: number): number {
    const [gradient, hessian] = this.tree.sumsOf(node);
    return Math.fround(boundedGain(gradient, hessian, 0, this.#source.rules));
  }

  /** The best split under constraints, of a histogram laid out as `bins`. */
  searchConstrained(node: number, pairs: Int32Array, bins: BinLayout): ChosenSplit | null {
    const { lower, upper } = this.tree.nodes;
    const bounded = { ...this.sumOf(node), lower: lower[node] as number, upper: upper[node] as number };
    const columns = this.columnsOf(node) ?? this.#features;
    return this.#constrained?.find({ pairs, bins, ...this.tree.units }, bounded, columns) ?? null;
  }

  /** Whether a split gains enough. */
  counts({ lossChange }: Pick<ChosenSplit, 'lossChange'>): boolean {
    return lossChange > LEAST_GAIN && lossChange >= this.#gamma;
  }

  /** Least gain of a split that counts. */
  get leastGain(): number {
    return Math.max(LEAST_GAIN, this.#gamma);
  }

  /** Gives a node its two children. */
  order({ node, split }: SplitNode): SplitOrder {
    const [left, right] = this.tree.split(node, split);
    this.#nodeFeatures.split(node, split.feature, [left, right]);
    const { feature, bin, defaultLeft } = split;
    const codesRight = split.categories ? this.#codesRight(split, split.categories) : null;
    return { node, left, right, split: { feature, bin, defaultLeft }, codesRight };
  }

  /** [256] 1 where a code goes right; missing where the split says. */
  #codesRight({ feature, defaultLeft }: ChosenSplit, categories: Int32Array): Uint8Array {
    const right = new Uint8Array(256);
    for (const code of categories) right[code] = 1;
    const missing = this.#source.layout.missingCodes[feature] as number;
    if (missing >= 0) right[missing] = defaultLeft ? 0 : 1;
    return right;
  }
}
