import type { BinnedTree } from '../../kernels/types';
import type { RegTree } from '../types';

const ROOT_PARENT = 2147483647;

/** Nodes of a tree while it grows, in order of creation. Arrays grow; nothing is allocated a node. */
export class NodeTable {
  count = 0;
  left = new Int32Array(64);
  right = new Int32Array(64);
  depth = new Int32Array(64);
  feature = new Int32Array(64);
  /** Bins up to and including this one go left. */
  bin = new Int32Array(64);
  defaultLeft = new Uint8Array(64);
  /** Split condition, or leaf value. */
  condition = new Float32Array(64);
  lossChange = new Float32Array(64);
  baseWeight = new Float32Array(64);
  /** Bounds of its weight under monotone constraints. */
  lower = new Float32Array(64).fill(-Infinity);
  upper = new Float32Array(64).fill(Infinity);
  /** Codes that go right, of nodes split by category. */
  readonly categories = new Map<number, Int32Array>();
  /** Sums of quantised pairs. */
  gradient = new Float64Array(64);
  hessian = new Float64Array(64);

  /** Forgets all nodes. */
  clear(): void {
    this.count = 0;
    this.categories.clear();
  }

  /** Adds a leaf and returns its number. */
  add(depth: number, gradient: number, hessian: number): number {
    const node = this.count++;
    if (node === this.left.length) this.#grow();
    this.left[node] = -1;
    this.right[node] = -1;
    this.depth[node] = depth;
    this.feature[node] = 0;
    this.bin[node] = 0;
    this.defaultLeft[node] = 0;
    this.condition[node] = 0;
    this.lossChange[node] = 0;
    this.baseWeight[node] = 0;
    this.lower[node] = -Infinity;
    this.upper[node] = Infinity;
    this.gradient[node] = gradient;
    this.hessian[node] = hessian;
    return node;
  }

  #grow(): void {
    const length = this.left.length * 2;
    const longer = <A extends Int32Array | Uint8Array | Float32Array | Float64Array>(old: A, fresh: A): A => {
      fresh.set(old);
      return fresh;
    };
    this.left = longer(this.left, new Int32Array(length));
    this.right = longer(this.right, new Int32Array(length));
    this.depth = longer(this.depth, new Int32Array(length));
    this.feature = longer(this.feature, new Int32Array(length));
    this.bin = longer(this.bin, new Int32Array(length));
    this.defaultLeft = longer(this.defaultLeft, new Uint8Array(length));
    this.condition = longer(this.condition, new Float32Array(length));
    this.lossChange = longer(this.lossChange, new Float32Array(length));
    this.baseWeight = longer(this.baseWeight, new Float32Array(length));
    this.lower = longer(this.lower, new Float32Array(length));
    this.upper = longer(this.upper, new Float32Array(length));
    this.gradient = longer(this.gradient, new Float64Array(length));
    this.hessian = longer(this.hessian, new Float64Array(length));
  }

  /**
   * The finished tree, numbered as XGBoost does: level by level, left before right, or with `inOrder` as its nodes were
   * made.
   */
  toTree(hessianUnit: number, inOrder: boolean): RegTree {
    const n = this.count;
    const order = inOrder ? Int32Array.from({ length: n }, (_, node) => node) : this.#levelOrder();
    const place = new Int32Array(n);
    order.forEach((node, id) => (place[node] = id));
    const picked = (values: Float32Array) => Float32Array.from(order, (node) => values[node] as number);
    const parents = new Int32Array(n).fill(ROOT_PARENT);
    const moved = (links: Int32Array) =>
      order.map((node, id) => {
        const child = links[node] as number;
        if (child < 0) return -1;
        parents[place[child] as number] = id;
        return place[child] as number;
      });
    return {
      leftChildren: moved(this.left),
      rightChildren: moved(this.right),
      parents,
      splitIndices: order.map((node) => this.feature[node] as number),
      splitConditions: picked(this.condition),
      defaultLeft: Uint8Array.from(order, (node) => this.defaultLeft[node] as number),
      lossChanges: picked(this.lossChange),
      sumHessian: Float32Array.from(order, (node) => (this.hessian[node] as number) * hessianUnit),
      baseWeights: picked(this.baseWeight),
      ...(this.categories.size === 0
        ? {}
        : { categories: new Map([...this.categories].map(([node, codes]) => [place[node] as number, codes])) }),
    };
  }

  /** A copy that later trees do not touch. */
  toBinned(): BinnedTree {
    const { count } = this;
    return {
      count,
      left: this.left.slice(0, count),
      right: this.right.slice(0, count),
      feature: this.feature.slice(0, count),
      bin: this.bin.slice(0, count),
      defaultLeft: this.defaultLeft.slice(0, count),
      condition: this.condition.slice(0, count),
      categories: new Map(this.categories),
    };
  }

  #levelOrder(): Int32Array {
    const order = new Int32Array(this.count);
    let placed = 1;
    for (let id = 0; id < this.count; id++) {
      const left = this.left[order[id] as number] as number;
      if (left < 0) continue;
      order[placed] = left;
      order[placed + 1] = this.right[order[id] as number] as number;
      placed += 2;
    }
    return order;
  }
}
