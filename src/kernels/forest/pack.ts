import type { TreeNodes } from '../predict/reference';

/** A tree as the WebAssembly twin walks it: nodes of four words, and sets of eight. */
export interface PackedTree {
  readonly nodes: Uint32Array;
  readonly sets: Uint32Array;
  /** Steps from the root to the deepest leaf. */
  readonly depth: number;
}

const NODE_WORDS = 4;
const NODE_BYTES = 16;
const SET_WORDS = 8;
const MOST_CODES = 256;
const DEFAULT_RIGHT = 0x80000000;
const BY_SET = 0x40000000;
/** Features whose offset in a row fits beside the two flags. */
const MOST_FEATURES = 1 << 28;

/** Null for a tree with category codes of 256 or more, or more features than there are bits for. */
export function packTree(tree: TreeNodes): PackedTree | null {
  const { leftChildren, rightChildren, splitIndices, splitConditions, defaultLeft, categories } = tree;
  const count = leftChildren.length;
  const nodes = new Uint32Array(NODE_WORDS * count);
  const conditions = new Float32Array(nodes.buffer);
  const sets = new Uint32Array(SET_WORDS * (categories?.size ?? 0));
  const depths = new Int32Array(count);
  let depth = 0;
  let set = 0;
  // Nodes that nothing points to, which XGBoost leaves behind when it prunes, are never walked.
  const pending = [0];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const at = NODE_WORDS * node;
    const left = leftChildren[node] as number;
    const right = rightChildren[node] as number;
    conditions[at] = splitConditions[node] as number;
    nodes[at + 2] = NODE_BYTES * (left < 0 ? node : left);
    nodes[at + 3] = NODE_BYTES * (left < 0 ? node : right);
    if (left < 0) {
      depth = Math.max(depth, depths[node] as number);
      continue;
    }
    const feature = splitIndices[node] as number;
    if (feature >= MOST_FEATURES) return null;
    nodes[at + 1] = 4 * feature + (defaultLeft[node] === 1 ? 0 : DEFAULT_RIGHT);
    const codes = categories?.get(node);
    if (codes) {
      if (codes.some((code) => code >= MOST_CODES)) return null;
      nodes[at + 1] = (nodes[at + 1] as number) + BY_SET;
      nodes[at] = set;
      for (const code of codes) {
        const word = SET_WORDS * set + (code >> 5);
        sets[word] = (sets[word] as number) | (1 << (code & 31));
      }
      set += 1;
    }
    for (const child of [left, right]) {
      depths[child] = (depths[node] as number) + 1;
      pending.push(child);
    }
  }
  return { nodes, sets, depth };
}
