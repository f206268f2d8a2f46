import type { RegTree } from './types';

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
  /** Sums of quantised pairs. */
  gradient = new Float64Array(64);
  hessian = new Float64Array(64);

  /** Forgets all nodes. */
  clear(): void {
    this.count = 0;
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
    this.gradient = longer(this.gradient, new Float64Array(length));
    this.hessian = longer(this.hessian, new Float64Array(length));
  }

  /** The finished tree, numbered level by level, left before right, as XGBoost's depthwise growth does. */
  toTree(hessianUnit: number): RegTree {
    const n = this.count;
    const order = new Int32Array(n);
    const tree: RegTree = {
      leftChildren: new Int32Array(n).fill(-1),
      rightChildren: new Int32Array(n).fill(-1),
      parents: new Int32Array(n).fill(ROOT_PARENT),
      splitIndices: new Int32Array(n),
      splitConditions: new Float32Array(n),
      defaultLeft: new Uint8Array(n),
      lossChanges: new Float32Array(n),
      sumHessian: new Float32Array(n),
      baseWeights: new Float32Array(n),
    };
    let placed = 1;
    for (let id = 0; id < n; id++) {
      const node = order[id] as number;
      tree.splitIndices[id] = this.feature[node] as number;
      tree.splitConditions[id] = this.condition[node] as number;
      tree.defaultLeft[id] = this.defaultLeft[node] as number;
      tree.lossChanges[id] = this.lossChange[node] as number;
      tree.sumHessian[id] = (this.hessian[node] as number) * hessianUnit;
      tree.baseWeights[id] = this.baseWeight[node] as number;
      const left = this.left[node] as number;
      if (left < 0) continue;
      order[placed] = left;
      order[placed + 1] = this.right[node] as number;
      tree.leftChildren[id] = placed;
      tree.rightChildren[id] = placed + 1;
      tree.parents[placed] = id;
      tree.parents[placed + 1] = id;
      placed += 2;
    }
    return tree;
  }
}
