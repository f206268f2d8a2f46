import { boundedGain, ConstrainedSearch, type SplitRules } from '../kernels/split/constrained';
import type { BinLayout, BoostingRows } from '../kernels/types';
import { GrowingTree, type ChosenSplit } from './growing-tree';
import { GrowthQueue } from './growth-queue';
import { mostWaiting } from './memory';
import { NodeFeatures } from './node-features';
import type { NodeTable } from './node-table';
import type { SplitOrder } from './shards/types';
import type { Leaves, TrainingRows, TreeStart } from './training-rows';
import { needsConstrainedSearch } from './tree-rules';
import type { BoosterParams } from './types';

/** XGBoost's kRtEps: a split must gain more than this. */
const LEAST_GAIN = Math.fround(1e-6);
const NONE = -1;
/** With other workers, nodes are split so many at a time, and their histograms take at most so many bytes. */
const MOST_AT_ONCE = 64;
const MOST_BYTES_AT_ONCE = 16777216;

/** What trees are grown over. */
export interface BuilderSource {
  readonly rows: TrainingRows;
  readonly layout: BinLayout;
  /** Cuts of each column, as the rows were binned. */
  readonly cuts: readonly Float32Array[];
  readonly rules: SplitRules;
  readonly params: BoosterParams;
  /** Step size of each tree: eta over the trees grown at once. */
  readonly eta: number;
  /** Histograms kept of nodes that wait for their turn; others are built again. 256 MB of them by default. */
  readonly mostWaiting?: number;
}

/** A node with its rows, those of this worker [begin, end), and, once built, its histogram. */
interface OpenNode {
  readonly node: number;
  /** Of all workers. */
  readonly rows: number;
  readonly begin: number;
  readonly end: number;
  readonly histogram: number;
}

type SplitNode = OpenNode & ChosenSplit;

/** A split under way: its children, and where this worker's rows were parted. */
interface Parted {
  readonly parent: SplitNode;
  readonly left: number;
  readonly right: number;
  readonly middle: number;
  /** Whether the left child's histogram is built and the right one's is what is left, or the other way round. */
  readonly buildsLeft: boolean;
  /** NONE when neither child can split. */
  readonly built: number;
  /** The other child's histogram: the parent's, or one to be built when the parent's was given up. */
  readonly rest: number;
}

/** Histograms to build for a split. */
function buildsOf({ parent, left, right, middle, buildsLeft, built, rest }: Parted) {
  const ofLeft = { node: left, begin: parent.begin, end: middle };
  const ofRight = { node: right, begin: middle, end: parent.end };
  const [small, large] = buildsLeft ? [ofLeft, ofRight] : [ofRight, ofLeft];
  if (built === NONE) return [];
  const one = { ...small, histogram: built };
  return rest === parent.histogram ? [one] : [one, { ...large, histogram: rest }];
}

/** Nodes that are split together when rows are shared with other workers. */
export function nodesAtOnce(layout: BinLayout): number {
  return Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(MOST_BYTES_AT_ONCE / (8 * layout.slotCount))));
}

/**
 * Grows one tree at a time over quantised gradient pairs. Without max_leaves and depthwise, nodes are worked off depth
 * first, one by one, so that at most max_depth + 1 histograms live at once, or, with other workers, many at a time, so
 * that few messages are sent; the order does not change the tree. Else they are split in XGBoost's order (by level and
 * number, or by gain) until max_leaves is reached. The child with fewer rows is built, the other is parent - child; both
 * are exact. Leaf values come from the float gradients of their rows, not from the whole numbers that chose the splits.
 */
export class TreeBuilder {
  /** Leaves of the last tree, with the rows of this worker. */
  readonly leaves = { nodes: [] as number[], begins: [] as number[], ends: [] as number[] } satisfies Leaves;

  readonly #source: BuilderSource;
  readonly #local: BoostingRows;
  readonly #tree: GrowingTree;
  readonly #maxDepth: number;
  readonly #gamma: number;
  readonly #nodeFeatures: NodeFeatures;
  readonly #constrained: ConstrainedSearch | null;
  readonly #queue: GrowthQueue<SplitNode>;
  readonly #ordered: boolean;
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  #features: Int32Array = new Int32Array();
  readonly #best: ChosenSplit = {
    lossChange: 0,
    feature: 0,
    bin: 0,
    defaultLeft: false,
    leftGradient: 0,
    leftHessian: 0,
    categories: null,
  };

  constructor(source: BuilderSource) {
    const { params, rows, rules, layout } = source;
    this.#source = source;
    this.#local = rows.source.local;
    this.#tree = new GrowingTree(source.cuts, rules, source.eta);
    this.#maxDepth = params.max_depth === 0 ? Infinity : params.max_depth;
    this.#gamma = Math.fround(params.gamma);
    this.#nodeFeatures = new NodeFeatures(params, layout.featureCount);
    this.#constrained = needsConstrainedSearch(rules) ? new ConstrainedSearch(rules) : null;
    this.#ordered = params.grow_policy === 'lossguide' || params.max_leaves > 0;
    this.#queue = new GrowthQueue(params.grow_policy);
    this.#mostWaiting = source.mostWaiting ?? mostWaiting(layout);
    this.#atOnce = rows.source.team ? nodesAtOnce(layout) : 1;
  }

  get nodes(): NodeTable {
    return this.#tree.nodes;
  }

  /** What leaf weights were multiplied by. */
  get eta(): number {
    return this.#source.eta;
  }

  /**
   * Grows a tree into `nodes` and `leaves`.
   * @param tree its number in the model.
   * @param features columns that may split, ascending.
   */
  async grow(tree: number, features: Int32Array, start: TreeStart): Promise<void> {
    const { scales, sum, count, localCount } = start;
    this.#features = features;
    this.#nodeFeatures.begin(tree, features);
    for (const list of Object.values(this.leaves)) list.length = 0;
    const units = { gradientUnit: 1 / scales.gradientScale, hessianUnit: 1 / scales.hessianScale };
    const root = { node: this.#tree.begin(sum, units), rows: count, begin: 0, end: localCount, histogram: start.root };
    const open = this.#canSplit(root.node) && count > 1 ? root : this.#withoutHistogram(root);
    if (this.#ordered) await this.#growInOrder(open);
    else await this.#growDepthFirst(open);
    await this.#weighLeaves(start);
  }

  async #growDepthFirst(root: OpenNode): Promise<void> {
    const stack: OpenNode[] = [root];
    while (stack.length > 0) {
      const next: SplitNode[] = [];
      while (stack.length > 0 && next.length < this.#atOnce) {
        const open = stack.pop() as OpenNode;
        if (open.histogram !== NONE && this.#search(open)) next.push({ ...open, ...this.#best });
        else this.#close(open);
      }
      if (next.length > 0) stack.push(...(await this.#expand(next)).reverse());
    }
  }

  async #growInOrder(root: OpenNode): Promise<void> {
    const most = this.#source.params.max_leaves === 0 ? Infinity : this.#source.params.max_leaves;
    let leaves = 1;
    this.#offer(root);
    for (let next = this.#queue.pop(); next; next = this.#queue.pop()) {
      if (leaves >= most) {
        this.#close(next);
        continue;
      }
      leaves += 1;
      for (const child of await this.#expand([next])) this.#offer(child);
    }
  }

  /** Queues a node that has a split, closes one that has none. Where many wait, the histogram is given up. */
  #offer(open: OpenNode): void {
    if (open.histogram === NONE || !this.#search(open)) {
      this.#close(open);
      return;
    }
    const waiting = this.#queue.length < this.#mostWaiting ? open : this.#withoutHistogram(open);
    this.#queue.push({ ...waiting, ...this.#best });
  }

  /** Both children need min_child_weight, so a node below twice that stays a leaf without being searched. */
  #canSplit(node: number): boolean {
    const [, hessian] = this.#tree.sumsOf(node);
    return (this.nodes.depth[node] as number) < this.#maxDepth && hessian >= 2 * this.#source.rules.minChildWeight;
  }

  /** Looks for the best split; true when the node is to be split by it. */
  #search({ node, histogram }: OpenNode): boolean {
    const restricted = !this.#nodeFeatures.unrestricted;
    const features = restricted ? this.#nodeFeatures.of(node, this.nodes.depth[node] as number) : this.#features;
    if (this.#constrained) this.#searchConstrained(this.#constrained, node, histogram, features);
    else {
      if (restricted) this.#local.setCandidates(features);
      const sum = { gradient: this.nodes.gradient[node] as number, hessian: this.nodes.hessian[node] as number };
      const [gradient, hessian] = this.#tree.sumsOf(node);
      const gain = Math.fround(boundedGain(gradient, hessian, 0, this.#source.rules));
      this.#local.search(histogram, sum, gain, this.#best);
    }
    return this.#best.lossChange > LEAST_GAIN && this.#best.lossChange >= this.#gamma;
  }

  #searchConstrained(search: ConstrainedSearch, node: number, histogram: number, features: Int32Array): void {
    const { nodes } = this;
    const found = search.find(
      { pairs: this.#local.pairsOf(histogram), bins: this.#source.layout, ...this.#tree.units },
      {
        gradient: nodes.gradient[node] as number,
        hessian: nodes.hessian[node] as number,
        lower: nodes.lower[node] as number,
        upper: nodes.upper[node] as number,
      },
      features,
    );
    Object.assign(this.#best, found);
  }

  /** Splits nodes; their children, left before right, come with histograms where they may split again. */
  async #expand(parents: readonly SplitNode[]): Promise<OpenNode[]> {
    const { team } = this.#source.rows.source;
    const orders = parents.map((parent) => this.#order(parent));
    team?.partition(orders);
    const parted = parents.map((parent, i) => this.#part(parent, orders[i] as SplitOrder));
    const builds = parted.flatMap(buildsOf);
    const merge = team?.build(Int32Array.from(builds, ({ node }) => node));
    for (const { histogram, begin, end } of builds) {
      await this.#source.rows.build(histogram, begin, end, this.#features.length);
    }
    const othersLeft = await merge?.(
      this.#local,
      builds.map(({ histogram }) => histogram),
    );
    return parted.flatMap((part, i) => this.#children(part, othersLeft?.[i] ?? 0));
  }

  #order(parent: SplitNode): SplitOrder {
    const [left, right] = this.#tree.split(parent.node, parent);
    this.#nodeFeatures.split(parent.node, parent.feature, [left, right]);
    const { feature, bin, defaultLeft } = parent;
    const codesRight = parent.categories ? this.#codesRight(parent) : null;
    return { node: parent.node, left, right, split: { feature, bin, defaultLeft }, codesRight };
  }

  #part(parent: SplitNode, { left, right, split, codesRight }: SplitOrder): Parted {
    const { begin, end } = parent;
    const middle = codesRight
      ? this.#local.partitionByCode(split.feature, codesRight, begin, end)
      : this.#local.partition(split, begin, end);
    const built = this.#canSplit(left) || this.#canSplit(right) ? this.#local.takeHistogram() : NONE;
    const rest = parent.histogram === NONE && built !== NONE ? this.#local.takeHistogram() : parent.histogram;
    return { parent, left, right, middle, buildsLeft: middle - begin <= end - middle, built, rest };
  }

  /** The two children of a split; a histogram that none of them needs is given back. */
  #children({ parent, left, right, middle, buildsLeft, built, rest }: Parted, othersLeft: number): OpenNode[] {
    const leftRows = middle - parent.begin + othersLeft;
    const leftOpen = leftRows > 1 && this.#canSplit(left);
    const rightOpen = parent.rows - leftRows > 1 && this.#canSplit(right);
    const restOpen = buildsLeft ? rightOpen : leftOpen;
    if (built !== NONE && restOpen && rest === parent.histogram) this.#local.subtract(rest, built);
    const [leftHistogram, rightHistogram] = buildsLeft ? [built, rest] : [rest, built];
    const children = [
      { node: left, rows: leftRows, begin: parent.begin, end: middle, histogram: leftHistogram },
      { node: right, rows: parent.rows - leftRows, begin: middle, end: parent.end, histogram: rightHistogram },
    ];
    return children.map((child, i) => ((i === 0 ? leftOpen : rightOpen) ? child : this.#withoutHistogram(child)));
  }

  #withoutHistogram(open: OpenNode): OpenNode {
    if (open.histogram !== NONE) this.#local.releaseHistogram(open.histogram);
    return { ...open, histogram: NONE };
  }

  /** [256] 1 where a code goes right; missing where the split says. */
  #codesRight({ feature, categories, defaultLeft }: ChosenSplit): Uint8Array {
    const right = new Uint8Array(256);
    for (const code of categories ?? []) right[code] = 1;
    const missing = this.#source.layout.missingCodes[feature] as number;
    if (missing >= 0) right[missing] = defaultLeft ? 0 : 1;
    return right;
  }

  #close(open: OpenNode): void {
    const { node, begin, end } = this.#withoutHistogram(open);
    this.leaves.nodes.push(node);
    this.leaves.begins.push(begin);
    this.leaves.ends.push(end);
  }

  /** Gives the leaves their values. */
  async #weighLeaves({ units }: TreeStart): Promise<void> {
    const { nodes, begins, ends } = this.leaves;
    const others = this.#source.rows.source.team?.exactSums(Int32Array.from(nodes), units);
    const own = nodes.map((_, i) => this.#local.exactSum(begins[i] as number, ends[i] as number, units));
    const rest = await others;
    for (const [i, { gradient, hessian }] of own.entries()) {
      this.#tree.finishLeaf(nodes[i] as number, gradient + (rest?.[2 * i] ?? 0), hessian + (rest?.[2 * i + 1] ?? 0));
    }
  }
}
