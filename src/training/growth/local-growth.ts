import type { BinLayout, BoostingRows } from '../../kernels/types';
import { mostWaiting } from '../memory';
import type { SplitOrder } from '../shards/types';
import type { TreeStart } from '../training-rows';
import type { ChosenSplit } from './growing-tree';
import type { NodeSplits } from './node-splits';
import { NONE, type BuilderSource, type GrownNode, type Growth, type SplitNode } from './types';

/** With other workers, nodes are split so many at a time, and their histograms take at most so many bytes. */
const MOST_AT_ONCE = 64;
const MOST_BYTES_AT_ONCE = 16777216;

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

type UnsearchedNode = Omit<GrownNode, 'split'>;

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
 * Growth in this worker and, when rows are shared, in the others of its team. The child with fewer rows is built, the
 * other is parent - child; both are exact.
 */
export class LocalGrowth implements Growth {
  readonly atOnce: number;
  readonly mostWaiting: number;
  readonly #source: BuilderSource;
  readonly #local: BoostingRows;
  readonly #splits: NodeSplits;
  readonly #best: ChosenSplit = {
    lossChange: 0,
    feature: 0,
    bin: 0,
    defaultLeft: false,
    leftGradient: 0,
    leftHessian: 0,
    categories: null,
  };

  constructor(source: BuilderSource, splits: NodeSplits) {
    this.#source = source;
    this.#splits = splits;
    this.#local = source.rows.source.local;
    this.atOnce = source.rows.source.team ? nodesAtOnce(source.layout) : 1;
    this.mostWaiting = source.mostWaiting ?? mostWaiting(source.layout);
  }

  async begin(features: Int32Array, start: TreeStart, node: number): Promise<GrownNode> {
    const histogram = start.root === NONE ? await this.#buildRoot(features, start) : start.root;
    const root = { node, rows: start.count, begin: 0, end: start.localCount, histogram };
    return this.#searched(root, start.count > 1 && this.#splits.canSplit(node));
  }

  async expand(parents: readonly SplitNode[]): Promise<readonly GrownNode[]> {
    const { team } = this.#source.rows.source;
    const orders = parents.map((parent) => this.#splits.order(parent));
    team?.partition(orders);
    const parted = parents.map((parent, i) => this.#part(parent, orders[i] as SplitOrder));
    const builds = parted.flatMap(buildsOf);
    const merge = team?.build(Int32Array.from(builds, ({ node }) => node));
    for (const { histogram, begin, end } of builds) {
      await this.#source.rows.build(histogram, begin, end, this.#splits.features.length);
    }
    const othersLeft = await merge?.(
      this.#local,
      builds.map(({ histogram }) => histogram),
    );
    return parted.flatMap((part, i) => this.#children(part, othersLeft?.[i] ?? 0));
  }

  withoutHistogram<T extends GrownNode>(open: T): T {
    if (open.histogram === NONE) return open;
    this.#local.releaseHistogram(open.histogram);
    return { ...open, histogram: NONE };
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }

  /** After a device failed to. */
  async #buildRoot(features: Int32Array, start: TreeStart): Promise<number> {
    const root = this.#local.takeHistogram();
    this.#local.setFeatures(features);
    await this.#source.rows.build(root, 0, start.localCount, features.length);
    return root;
  }

  #part(parent: SplitNode, { left, right, split, codesRight }: SplitOrder): Parted {
    const { begin, end } = parent;
    const middle = codesRight
      ? this.#local.partitionByCode(split.feature, codesRight, begin, end)
      : this.#local.partition(split, begin, end);
    const canSplit = this.#splits.canSplit(left) || this.#splits.canSplit(right);
    const built = canSplit ? this.#local.takeHistogram() : NONE;
    const rest = parent.histogram === NONE && built !== NONE ? this.#local.takeHistogram() : parent.histogram;
    return { parent, left, right, middle, buildsLeft: middle - begin <= end - middle, built, rest };
  }

  /** The two children of a split. */
  #children({ parent, left, right, middle, buildsLeft, built, rest }: Parted, othersLeft: number): GrownNode[] {
    const leftRows = middle - parent.begin + othersLeft;
    const leftOpen = leftRows > 1 && this.#splits.canSplit(left);
    const rightOpen = parent.rows - leftRows > 1 && this.#splits.canSplit(right);
    const restOpen = buildsLeft ? rightOpen : leftOpen;
    if (built !== NONE && restOpen && rest === parent.histogram) this.#local.subtract(rest, built);
    const [leftHistogram, rightHistogram] = buildsLeft ? [built, rest] : [rest, built];
    const ofLeft = { node: left, rows: leftRows, begin: parent.begin, end: middle, histogram: leftHistogram };
    const ofRight = {
      node: right,
      rows: parent.rows - leftRows,
      begin: middle,
      end: parent.end,
      histogram: rightHistogram,
    };
    return [this.#searched(ofLeft, leftOpen), this.#searched(ofRight, rightOpen)];
  }

  /** The node with its split; a histogram that it does not need is given back. */
  #searched(node: UnsearchedNode, open: boolean): GrownNode {
    const split = open ? this.#search(node) : null;
    const grown = { ...node, split };
    return split ? grown : this.withoutHistogram(grown);
  }

  #search({ node, histogram }: UnsearchedNode): ChosenSplit | null {
    const splits = this.#splits;
    if (splits.isConstrained) {
      const found = splits.searchConstrained(node, this.#local.pairsOf(histogram), this.#source.layout);
      return found && splits.counts(found) ? found : null;
    }
    const columns = splits.columnsOf(node);
    if (columns) this.#local.setCandidates(columns);
    this.#local.search(histogram, splits.sumOf(node), splits.gainOf(node), this.#best);
    return splits.counts(this.#best) ? { ...this.#best } : null;
  }
}
