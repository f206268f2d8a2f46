import type { RegTree } from '../../training/types';
import { countAt, floatsAt, integersAt, isMap, listAt, mapAt, refuse } from './fields';
import type { JsonMap, JsonValue } from './parse-json';

const ROOT_PARENT = 2147483647;
/** What pruning leaves as the feature of a deleted node. */
const DELETED_FEATURE = 2147483647;
const MOST_NODES = 4_000_000;
const MOST_CATEGORY = 1_000_000;

/** Reads and checks one tree: sizes, ranges, finite numbers, and that its nodes form one tree under node 0. */
export function readTree(value: JsonValue, where: string, features: number): RegTree {
  if (!isMap(value)) return refuse(where, 'is not an object');
  const param = mapAt(value, ['tree_param']);
  const n = countAt(param, 'num_nodes', `${where}.tree_param`, MOST_NODES);
  if (n === 0) refuse(where, 'has no nodes');
  if (param.has('size_leaf_vector') && countAt(param, 'size_leaf_vector', `${where}.tree_param`, ROOT_PARENT) > 1) {
    refuse(where, 'has vector leaves (multi-target trees), which are not supported');
  }
  const node = { n, least: -1, most: n - 1 };
  const links = {
    leftChildren: integersAt(value, 'left_children', where, node),
    rightChildren: integersAt(value, 'right_children', where, node),
    parents: integersAt(value, 'parents', where, { n, least: -1, most: ROOT_PARENT }),
  };
  const order = reachableNodes(links, where);
  const deleted = param.has('num_deleted') ? countAt(param, 'num_deleted', `${where}.tree_param`, n) : 0;
  if (order.length + deleted !== n) {
    const stray = `has ${n - order.length} nodes that cannot be reached from the root`;
    refuse(where, `${stray}, but says ${deleted} were deleted`);
  }
  const tree: RegTree = {
    ...links,
    splitIndices: integersAt(value, 'split_indices', where, { n, least: 0, most: DELETED_FEATURE }),
    splitConditions: floatsAt(value, 'split_conditions', where, n),
    defaultLeft: Uint8Array.from(integersAt(value, 'default_left', where, { n, least: 0, most: 1 })),
    lossChanges: floatsAt(value, 'loss_changes', where, n),
    sumHessian: floatsAt(value, 'sum_hessian', where, n),
    baseWeights: floatsAt(value, 'base_weights', where, n),
    ...splitsByCategory(readCategories(value, where, n), order, links),
  };
  // 1.7 writes NaN as the condition of a split by category.
  for (const [splitting] of tree.categories ?? []) {
    if (Number.isNaN(tree.splitConditions[splitting])) tree.splitConditions[splitting] = 0;
  }
  refuseNumbers(tree, where, { order, features });
  return deleted === 0 ? tree : compacted(tree, order);
}

/** The lists of nodes that do split: a pruned node keeps its list in the file. */
function splitsByCategory(
  categories: ReadonlyMap<number, Int32Array>,
  order: Int32Array,
  { leftChildren }: Pick<RegTree, 'leftChildren'>,
): Pick<RegTree, 'categories'> {
  const reached = new Set(order);
  const kept = [...categories].filter(([node]) => reached.has(node) && (leftChildren[node] as number) >= 0);
  return kept.length === 0 ? {} : { categories: new Map(kept) };
}

/** Categories that go right, by node, where nodes split by category. */
function readCategories(tree: JsonMap, where: string, n: number): ReadonlyMap<number, Int32Array> {
  const types = tree.has('split_type') ? integersAt(tree, 'split_type', where, { n, least: 0, most: 1 }) : null;
  const found = new Map<number, Int32Array>();
  if (!types?.includes(1) && !tree.has('categories_nodes')) return found;
  const size = (key: string) => listAt(tree, key, where).length;
  const count = size('categories_nodes');
  const total = size('categories');
  const bounds = { n: count, least: 0 };
  const nodes = integersAt(tree, 'categories_nodes', where, { ...bounds, most: n - 1 });
  const segments = integersAt(tree, 'categories_segments', where, { ...bounds, most: total });
  const sizes = integersAt(tree, 'categories_sizes', where, { ...bounds, most: total });
  const codes = integersAt(tree, 'categories', where, { n: total, least: 0, most: MOST_CATEGORY });
  nodes.forEach((node, i) => {
    const from = segments[i] as number;
    const to = from + (sizes[i] as number);
    const own = `${where}.categories_nodes[${i}]`;
    if (to > total) refuse(`${where}.categories_sizes[${i}]`, 'reaches beyond the categories');
    if (types?.[node] !== 1) refuse(own, `is ${node}, which split_type does not call a split by category`);
    if (found.has(node)) refuse(own, `is ${node} a second time`);
    found.set(node, codes.slice(from, to).sort());
  });
  types?.forEach((type, node) => {
    if (type === 1 && !found.has(node)) refuse(where, `splits node ${node} by category but lists none for it`);
  });
  return found;
}

/** Nodes under the root, ascending; throws on a cycle, a shared child, half a pair of children or a wrong parent. */
function reachableNodes(tree: Pick<RegTree, 'leftChildren' | 'rightChildren' | 'parents'>, where: string): Int32Array {
  const seen = new Uint8Array(tree.leftChildren.length);
  const found = [0];
  seen[0] = 1;
  for (let next = 0; next < found.length; next++) {
    const node = found[next] as number;
    const children = [tree.leftChildren[node] as number, tree.rightChildren[node] as number];
    if (children[0] === -1 && children[1] === -1) continue;
    for (const child of children) {
      if (child < 0) refuse(where, `gives node ${node} only one child`);
      if (seen[child]) refuse(where, `reaches node ${child} twice, so it is not a tree`);
      if (tree.parents[child] !== node)
        refuse(
          where,
          `says the parent of node ${child} is ${tree.parents[child] ?? ''}, but node ${node} names it as child`,
        );
      seen[child] = 1;
      found.push(child);
    }
  }
  return Int32Array.from(found).sort();
}

function refuseNumbers(
  tree: RegTree,
  where: string,
  { order, features }: { readonly order: Int32Array; readonly features: number },
): void {
  for (const node of order) {
    const feature = tree.splitIndices[node] as number;
    if (feature >= features) {
      const expected = `expected a whole number from 0 to ${features - 1}`;
      refuse(`${where}.split_indices[${node}]`, `is ${feature}, ${expected}`);
    }
    const isLeaf = (tree.leftChildren[node] as number) < 0;
    const condition = tree.splitConditions[node] as number;
    if (isLeaf ? !Number.isFinite(condition) : Number.isNaN(condition)) {
      refuse(
        `${where}.split_conditions[${node}]`,
        `is ${condition}, which cannot be ${isLeaf ? 'a leaf value' : 'compared with'}`,
      );
    }
    if (!((tree.sumHessian[node] as number) >= 0))
      refuse(`${where}.sum_hessian[${node}]`, `is ${tree.sumHessian[node] ?? NaN}, expected at least 0`);
  }
}

/** The tree without deleted nodes, the others in their order. */
function compacted(tree: RegTree, order: Int32Array): RegTree {
  const place = new Map(Array.from(order, (node, i) => [node, i] as const));
  const moved = (links: Int32Array) => order.map((node) => place.get(links[node] as number) ?? -1);
  const picked = (values: Float32Array) => Float32Array.from(order, (node) => values[node] as number);
  return {
    leftChildren: moved(tree.leftChildren),
    rightChildren: moved(tree.rightChildren),
    parents: moved(tree.parents).map((parent, i) => (i === 0 ? ROOT_PARENT : parent)),
    splitIndices: order.map((node) => tree.splitIndices[node] as number),
    splitConditions: picked(tree.splitConditions),
    defaultLeft: Uint8Array.from(order, (node) => tree.defaultLeft[node] as number),
    lossChanges: picked(tree.lossChanges),
    sumHessian: picked(tree.sumHessian),
    baseWeights: picked(tree.baseWeights),
    ...(tree.categories
      ? { categories: new Map([...tree.categories].map(([node, codes]) => [place.get(node) as number, codes])) }
      : {}),
  };
}
