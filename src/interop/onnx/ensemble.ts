import type { RegTree } from '../../training/types';

/** Attributes of ai.onnx.ml's tree ensembles, one entry a node; a node's id is its place in its tree. */
export interface Ensemble {
  readonly treeIds: number[];
  readonly nodeIds: number[];
  readonly featureIds: number[];
  readonly modes: NodeMode[];
  /** Thresholds, float32. */
  readonly values: number[];
  readonly trueIds: number[];
  readonly falseIds: number[];
  /** 1 where a missing value takes the true side. */
  readonly missingTrue: number[];
  readonly leaves: {
    readonly treeIds: number[];
    readonly nodeIds: number[];
    readonly outputs: number[];
    /** float32. */
    readonly weights: number[];
  };
}

export type NodeMode = 'BRANCH_LT' | 'BRANCH_EQ' | 'BRANCH_GT' | 'LEAF';

interface Branch {
  readonly node: number;
  readonly feature: number;
  readonly mode: NodeMode;
  readonly value: number;
  readonly yes: number;
  readonly no: number;
  readonly missingYes: boolean;
}

export function emptyEnsemble(): Ensemble {
  return {
    treeIds: [],
    nodeIds: [],
    featureIds: [],
    modes: [],
    values: [],
    trueIds: [],
    falseIds: [],
    missingTrue: [],
    leaves: { treeIds: [], nodeIds: [], outputs: [], weights: [] },
  };
}

/**
 * Adds a tree whose leaves count for `output`, times `weight`. A split by category becomes a chain of BRANCH_EQ, one for
 * each category that goes right, whose true sides are all the one right subtree: subtrees are shared, never copied. A
 * missing value is told apart at the first node of the chain and else falls through it to the left.
 */
export function addTree(
  ensemble: Ensemble,
  tree: RegTree,
  { output, weight }: { readonly output: number; readonly weight: number },
): void {
  const id = nextTree(ensemble);
  const { leftChildren, rightChildren, splitIndices, splitConditions, defaultLeft, categories } = tree;
  const n = leftChildren.length;
  const chained: Branch[] = [];
  for (let node = 0; node < n; node++) {
    const left = leftChildren[node] as number;
    const value = splitConditions[node] as number;
    if (left < 0) {
      addLeaf(ensemble, { id, node, output }, Math.fround(value * weight));
      continue;
    }
    const right = rightChildren[node] as number;
    const feature = splitIndices[node] as number;
    const missingLeft = defaultLeft[node] === 1;
    const codes = categories?.get(node);
    if (!codes) {
      addNode(ensemble, id, { node, feature, mode: 'BRANCH_LT', value, yes: left, no: right, missingYes: missingLeft });
      continue;
    }
    const [first, ...others] = chainOf(codes, { node, feature, left, right, missingLeft }, n + chained.length);
    addNode(ensemble, id, first);
    chained.push(...others);
  }
  for (const branch of chained) addNode(ensemble, id, branch);
}

/** Branches for the categories that go right: the first stands at the node itself, the others from id `next` on. */
function chainOf(
  codes: Int32Array,
  split: {
    readonly node: number;
    readonly feature: number;
    readonly left: number;
    readonly right: number;
    readonly missingLeft: boolean;
  },
  next: number,
): readonly [Branch, ...Branch[]] {
  const { node, feature, left, right, missingLeft } = split;
  const shared = { feature, yes: right };
  // No number is greater than infinity: only what is missing can go right.
  const nothing = { ...shared, node, mode: 'BRANCH_GT', value: Infinity, no: left, missingYes: !missingLeft } as const;
  const branches = Array.from(codes, (code, i): Branch => ({
    ...shared,
    node: i === 0 ? node : next + i - 1,
    mode: 'BRANCH_EQ',
    value: code,
    no: i === codes.length - 1 ? left : next + i,
    missingYes: i === 0 && !missingLeft,
  }));
  const [first = nothing, ...others] = branches;
  return [first, ...others];
}

/** A tree that adds 0 to everything and holds a negative leaf that nothing reaches. */
export function addUnreachedNegativeLeaf(ensemble: Ensemble): void {
  const id = nextTree(ensemble);
  addNode(ensemble, id, {
    node: 0,
    feature: 0,
    mode: 'BRANCH_LT',
    value: -Infinity,
    yes: 1,
    no: 2,
    missingYes: false,
  });
  addLeaf(ensemble, { id, node: 1, output: 0 }, -1);
  addLeaf(ensemble, { id, node: 2, output: 0 }, 0);
}

/** A tree of one leaf. */
export function addConstant(ensemble: Ensemble, output: number, value: number): void {
  addLeaf(ensemble, { id: nextTree(ensemble), node: 0, output }, value);
}

function nextTree({ treeIds }: Ensemble): number {
  return (treeIds.at(-1) ?? -1) + 1;
}

function addLeaf(
  ensemble: Ensemble,
  { id, node, output }: { readonly id: number; readonly node: number; readonly output: number },
  weight: number,
): void {
  addNode(ensemble, id, { node, feature: 0, mode: 'LEAF', value: 0, yes: 0, no: 0, missingYes: false });
  const { leaves } = ensemble;
  leaves.treeIds.push(id);
  leaves.nodeIds.push(node);
  leaves.outputs.push(output);
  leaves.weights.push(weight);
}

function addNode(ensemble: Ensemble, id: number, { node, feature, mode, value, yes, no, missingYes }: Branch): void {
  ensemble.treeIds.push(id);
  ensemble.nodeIds.push(node);
  ensemble.featureIds.push(feature);
  ensemble.modes.push(mode);
  ensemble.values.push(value);
  ensemble.trueIds.push(yes);
  ensemble.falseIds.push(no);
  ensemble.missingTrue.push(missingYes ? 1 : 0);
}
