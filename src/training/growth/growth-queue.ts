import type { BoosterParams } from '../types';

/** What decides a node's turn. */
interface Waiting {
  readonly node: number;
  readonly split: { readonly lossChange: number };
}

/**
 * Nodes waiting to be split. depthwise: the smallest number first, which is level by level since children get their
 * numbers when their parent splits; lossguide: the greatest gain first, ties to the smaller number
 * (dmlc/xgboost:src/tree/driver.h).
 */
export class GrowthQueue<T extends Waiting> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #heap: T[] = [];

  constructor(policy: BoosterParams['grow_policy']) {
    this.#before =
      policy === 'lossguide'
        ? (a, b) =>
            a.split.lossChange > b.split.lossChange || (a.split.lossChange === b.split.lossChange && a.node < b.node)
        : (a, b) => a.node < b.node;
  }

  get length(): number {
    return this.#heap.length;
  }

  push(item: T): void {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(item, heap[parent] as T)) break;
      heap[at] = heap[parent] as T;
      at = parent;
    }
    heap[at] = item;
  }

  pop(): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1] as T, heap[child] as T)) child += 1;
      if (!this.#before(heap[child] as T, last)) break;
      heap[at] = heap[child] as T;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
