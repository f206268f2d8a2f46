/**
 * A tree as option_cases.py writes it, node by node from the root at 0.
 * @typedef {{
 *   readonly left: readonly number[],
 *   readonly right: readonly number[],
 *   readonly feature: readonly number[],
 *   readonly condition: readonly number[],
 *   readonly default_left: readonly number[],
 *   readonly loss: readonly number[],
 *   readonly categories: Readonly<Record<string, readonly number[]>>,
 * }} ListedTree
 */

/**
 * What a comparison came to: splits looked at, those that part at a near tie, and the largest relative differences of
 * leaf values and of gains at equal splits. `fault` says where trees part that should not.
 * @typedef {{ splits: number, ties: number, worstLeaf: number, worstGain: number, fault: string | null }} Compared
 */

/** A split may differ where XGBoost's gain for ours is this near to its best, relatively. */
export const NEAR_TIE = 1e-4;
/** Leaf values smaller than this are compared by their difference. */
const SMALL_LEAF = 1e-3;
/** Gains come from float32 sums. */
const SMALL_GAIN = 1e-2;

/** @returns {Compared} */
export function nothingCompared() {
  return { splits: 0, ties: 0, worstLeaf: 0, worstGain: 0, fault: null };
}

/**
 * Walks both lists of trees from their roots; below a near tie trees may part. That our gains are XGBoost's is seen at
 * every equal split, so that at another one ours stands for what XGBoost finds there.
 * @param {readonly ListedTree[]} ours
 * @param {readonly ListedTree[]} theirs
 * @param {Compared} found added to
 */
export function compareTrees(ours, theirs, found) {
  if (ours.length !== theirs.length) found.fault ??= `${ours.length} trees for ${theirs.length}`;
  ours.forEach((tree, index) => {
    const other = theirs[index];
    if (other) compareNodes(tree, other, index, found);
  });
}

/**
 * @param {ListedTree} ours
 * @param {ListedTree} theirs
 * @param {number} index
 * @param {Compared} found
 */
function compareNodes(ours, theirs, index, found) {
  /** @type {[number, number][]} */
  const stack = [[0, 0]];
  for (let pair = stack.pop(); pair; pair = stack.pop()) {
    const [node, other] = pair;
    const isLeaf = ours.left[node] === -1;
    if (isLeaf !== (theirs.left[other] === -1)) {
      found.fault ??= `tree ${index}, node ${node} is a leaf on one side only`;
    } else if (isLeaf) {
      const apart = relative(ours.condition[node], theirs.condition[other], SMALL_LEAF);
      found.worstLeaf = Math.max(found.worstLeaf, apart);
    } else if (countSplit([ours, node], [theirs, other], index, found)) {
      stack.push([ours.left[node] ?? 0, theirs.left[other] ?? 0], [ours.right[node] ?? 0, theirs.right[other] ?? 0]);
    }
  }
}

/**
 * Whether the comparison goes on below.
 * @param {readonly [ListedTree, number]} ours
 * @param {readonly [ListedTree, number]} theirs
 * @param {number} index
 * @param {Compared} found
 */
function countSplit(ours, theirs, index, found) {
  found.splits += 1;
  const apart = relative(ours[0].loss[ours[1]], theirs[0].loss[theirs[1]], SMALL_GAIN);
  if (isSameSplit(ours, theirs)) {
    found.worstGain = Math.max(found.worstGain, apart);
    return true;
  }
  found.ties += 1;
  if (!(apart <= NEAR_TIE)) found.fault ??= `tree ${index}, node ${ours[1]} splits otherwise and gains ${apart} less`;
  return false;
}

/**
 * @param {readonly [ListedTree, number]} ours
 * @param {readonly [ListedTree, number]} theirs
 */
function isSameSplit([ours, node], [theirs, other]) {
  const [listed, expected] = [ours.categories[String(node)], theirs.categories[String(other)]];
  const sameSides =
    listed || expected
      ? JSON.stringify(listed) === JSON.stringify(expected)
      : Math.fround(ours.condition[node] ?? NaN) === Math.fround(theirs.condition[other] ?? NaN);
  return (
    sameSides &&
    ours.feature[node] === theirs.feature[other] &&
    Number(ours.default_left[node]) === Number(theirs.default_left[other])
  );
}

/**
 * @param {number | undefined} ours
 * @param {number | undefined} theirs
 * @param {number} least
 */
function relative(ours, theirs, least) {
  return Math.abs((ours ?? NaN) - (theirs ?? NaN)) / Math.max(Math.abs(theirs ?? NaN), least);
}
