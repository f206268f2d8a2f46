import type { RegTree } from '../training/types';

/**
 * Root-to-leaf paths of one tree, laid out flat. A feature met several times on a path is one element: its conditions
 * are one interval and its shares of cover are multiplied.
 */
export interface TreePaths {
  /** [leaves + 1] first element of each leaf's path. */
  readonly starts: Int32Array;
  /** [leaves] */
  readonly leafValues: Float64Array;
  /** Per element: feature; low <= x < high goes this way, all of x where there is no bound. */
  readonly features: Int32Array;
  readonly lows: Float32Array;
  readonly highs: Float32Array;
  /** Conditions on categories, where the element has any. */
  readonly rules: readonly (readonly CategoryRule[] | null)[];
  /** Whether a missing value goes this way. */
  readonly missing: Uint8Array;
  /** Share of cover that goes this way. */
  readonly shares: Float64Array;
  /** Most elements of a path. */
  readonly longest: number;
  /** Mean leaf value by cover. */
  readonly expected: number;
}

/** A value goes this way when it is one of those listed, or when it is none of them. */
export interface CategoryRule {
  readonly listed: ReadonlySet<number>;
  readonly isOneOf: boolean;
}

interface Element {
  readonly feature: number;
  readonly low: number;
  readonly high: number;
  readonly rules: readonly CategoryRule[] | null;
  readonly missing: boolean;
  readonly share: number;
}

/** Cuts a tree into its paths; cover is the sum of hessians. A node without cover counts as going nowhere. */
export function treePaths(tree: RegTree): TreePaths {
  const starts = [0];
  const leafValues: number[] = [];
  const elements: Element[] = [];
  let expected = 0;
  const pending: { readonly node: number; readonly path: readonly Element[] }[] = [{ node: 0, path: [] }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, path } = next;
    const left = tree.leftChildren[node] as number;
    if (left < 0) {
      const value = tree.splitConditions[node] as number;
      leafValues.push(value);
      elements.push(...path);
      starts.push(elements.length);
      expected += path.reduce((product, element) => product * element.share, value);
    } else {
      pending.push({ node: tree.rightChildren[node] as number, path: extended(tree, node, path, false) });
      pending.push({ node: left, path: extended(tree, node, path, true) });
    }
  }
  return {
    starts: Int32Array.from(starts),
    leafValues: Float64Array.from(leafValues),
    features: Int32Array.from(elements, (element) => element.feature),
    lows: Float32Array.from(elements, (element) => element.low),
    highs: Float32Array.from(elements, (element) => element.high),
    rules: elements.map((element) => element.rules),
    missing: Uint8Array.from(elements, (element) => (element.missing ? 1 : 0)),
    shares: Float64Array.from(elements, (element) => element.share),
    longest: starts.reduce((most, start, i) => Math.max(most, start - (starts[i - 1] ?? 0)), 0),
    expected,
  };
}

function extended(tree: RegTree, node: number, path: readonly Element[], isLeft: boolean): readonly Element[] {
  const child = (isLeft ? tree.leftChildren : tree.rightChildren)[node] ?? 0;
  const feature = tree.splitIndices[node] as number;
  const condition = tree.splitConditions[node] as number;
  const cover = tree.sumHessian[node] as number;
  const share = cover > 0 ? (tree.sumHessian[child] as number) / cover : 0;
  const missing = (tree.defaultLeft[node] === 1) === isLeft;
  const at = path.findIndex((element) => element.feature === feature);
  const before = path[at] ?? { feature, low: -Infinity, high: Infinity, rules: null, missing: true, share: 1 };
  const codes = tree.categories?.get(node);
  const merged = {
    feature,
    low: isLeft || codes ? before.low : Math.max(before.low, condition),
    high: isLeft && !codes ? Math.min(before.high, condition) : before.high,
    rules: codes ? [...(before.rules ?? []), { listed: new Set(codes), isOneOf: !isLeft }] : before.rules,
    missing: before.missing && missing,
    share: before.share * share,
  };
  return at < 0 ? [...path, merged] : path.map((element, i) => (i === at ? merged : element));
}
