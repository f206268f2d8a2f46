import { boundedWeight, type SplitRules } from '../../kernels/split/constrained';
import type { BestSplit, PairSum } from '../../kernels/types';
import { NodeTable } from './node-table';

/** A split with the categories that go right, when it is one by category. */
export interface ChosenSplit extends BestSplit {
  categories: Int32Array | null;
}

/** What the whole numbers of a tree's gradient pairs stand for. */
export interface PairUnits {
  readonly gradientUnit: number;
  readonly hessianUnit: number;
}

/** Nodes of the tree that grows, with their sums, weights and the bounds that monotone splits set. */
export class GrowingTree {
  readonly nodes = new NodeTable();
  readonly #cuts: readonly Float32Array[];
  readonly #rules: SplitRules;
  readonly #eta: number;
  #units: PairUnits = { gradientUnit: 1, hessianUnit: 1 };

  /** @param eta what weights are multiplied by. */
  constructor(cuts: readonly Float32Array[], rules: SplitRules, eta: number) {
    this.#cuts = cuts;
    this.#rules = rules;
    this.#eta = eta;
  }

  /** Forgets the last tree; returns the root of the next. */
  begin(sum: PairSum, units: PairUnits): number {
    this.#units = units;
    this.nodes.clear();
    return this.nodes.add(0, sum.gradient, sum.hessian);
  }

  get units(): PairUnits {
    return this.#units;
  }

  /** Gradient and hessian of a node. */
  sumsOf(node: number): readonly [gradient: number, hessian: number] {
    const { gradientUnit, hessianUnit } = this.#units;
    return [(this.nodes.gradient[node] as number) * gradientUnit, (this.nodes.hessian[node] as number) * hessianUnit];
  }

  /** Gives a node its split and two children. */
  split(node: number, split: ChosenSplit): readonly [left: number, right: number] {
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
    nodes.condition[node] = this.#cuts[split.feature]?.[split.bin] ?? 0;
    nodes.lossChange[node] = split.lossChange;
    nodes.baseWeight[node] = this.#weightOf(node);
    if (split.categories) nodes.categories.set(node, split.categories);
    this.#boundChildren(node, split.feature, left, right);
    return [left, right];
  }

  /** Gives a leaf its value, from the exact sums of its rows. */
  finishLeaf(node: number, gradient: number, hessian: number): void {
    const { nodes } = this;
    const bounds = { lower: nodes.lower[node] as number, upper: nodes.upper[node] as number };
    const weight = boundedWeight(gradient, hessian, this.#rules, bounds);
    const value = Math.fround(weight * this.#eta);
    nodes.condition[node] = value;
    nodes.baseWeight[node] = node === 0 ? weight : value;
  }

  /** The weight of a node within its bounds, before eta. */
  #weightOf(node: number): number {
    const [gradient, hessian] = this.sumsOf(node);
    const bounds = { lower: this.nodes.lower[node] as number, upper: this.nodes.upper[node] as number };
    return boundedWeight(gradient, hessian, this.#rules, bounds);
  }

  /** Children inherit the bounds of weights; a monotone split parts them at the middle of the two weights. */
  #boundChildren(node: number, feature: number, left: number, right: number): void {
    const { lower, upper } = this.nodes;
    for (const child of [left, right]) {
      lower[child] = lower[node] as number;
      upper[child] = upper[node] as number;
    }
    const direction = this.#rules.monotone?.[feature] ?? 0;
    if (direction === 0) return;
    const middle = Math.fround(Math.fround(this.#weightOf(left) + this.#weightOf(right)) / 2);
    const [above, below] = direction > 0 ? [right, left] : [left, right];
    upper[below] = middle;
    lower[above] = middle;
  }
}
