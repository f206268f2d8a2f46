import { WorkbenchError } from '../../utils/errors';
import type { TreeStart, Leaves } from '../training-rows';
import type { GrowthTable } from './device';
import { DeviceGrowth } from './device-growth';
import { GrowthQueue } from './growth-queue';
import { LocalGrowth } from './local-growth';
import { NodeSplits } from './node-splits';
import type { NodeTable } from './node-table';
import type { BuilderSource, GrownNode, Growth, SplitNode } from './types';

/**
 * Grows one tree at a time over quantised gradient pairs. Without max_leaves and depthwise, nodes are worked off depth
 * first, one by one, so that at most max_depth + 1 histograms live at once, or, where that saves messages, many at a
 * time; the order does not change the tree. Else they are split in XGBoost's order (by level and number, or by gain)
 * until max_leaves is reached. Leaf values come from the float gradients of their rows, not from the whole numbers that
 * chose the splits.
 */
export class TreeBuilder {
  /** Leaves of the last tree, with the rows of this worker. */
  readonly leaves = { nodes: [] as number[], begins: [] as number[], ends: [] as number[] } satisfies Leaves;

  readonly #source: BuilderSource;
  readonly #splits: NodeSplits;
  readonly #local: LocalGrowth;
  #device: { readonly table: GrowthTable; readonly growth: DeviceGrowth } | null;
  #lost: string | null = null;
  #queue: GrowthQueue<SplitNode>;
  readonly #ordered: boolean;

  /** @param table where trees are grown, while it lasts; else here. */
  constructor(source: BuilderSource, table: GrowthTable | null = null) {
    const { params } = source;
    this.#source = source;
    this.#splits = new NodeSplits(source);
    this.#local = new LocalGrowth(source, this.#splits);
    this.#device = table && { table, growth: new DeviceGrowth(source, this.#splits, table) };
    this.#ordered = params.grow_policy === 'lossguide' || params.max_leaves > 0;
    this.#queue = new GrowthQueue(params.grow_policy);
  }

  get nodes(): NodeTable {
    return this.#splits.tree.nodes;
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
    const grown = this.#device !== null && (await this.#growOnDevice(this.#device.growth, tree, features, start));
    if (!grown) await this.#growIn(this.#local, tree, features, start);
    await this.#weighLeaves(start);
  }

  /** Whether trees are grown on a device now. */
  get onDevice(): boolean {
    return this.#device !== null;
  }

  /** What became of a device that was lost. */
  get deviceLost(): string | null {
    return this.#lost;
  }

  close(): void {
    this.#device?.table.close();
    this.#device = null;
  }

  /** False when the device was lost: rows and pairs are still here, so the tree is grown anew. */
  async #growOnDevice(growth: Growth, tree: number, features: Int32Array, start: TreeStart): Promise<boolean> {
    try {
      await this.#growIn(growth, tree, features, start);
      return true;
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'DEVICE_LOST') throw error;
      this.#lost = error.message;
      this.close();
      return false;
    }
  }

  async #growIn(growth: Growth, tree: number, features: Int32Array, start: TreeStart): Promise<void> {
    const { scales, sum } = start;
    this.#splits.begin(tree, features);
    for (const list of Object.values(this.leaves)) list.length = 0;
    this.#queue = new GrowthQueue(this.#source.params.grow_policy);
    const units = { gradientUnit: 1 / scales.gradientScale, hessianUnit: 1 / scales.hessianScale };
    const root = await growth.begin(features, start, this.#splits.tree.begin(sum, units));
    if (this.#ordered) await this.#growInOrder(growth, root);
    else await this.#growDepthFirst(growth, root);
    await growth.finish();
  }

  async #growDepthFirst(growth: Growth, root: GrownNode): Promise<void> {
    const stack: SplitNode[] = [];
    let grown: readonly GrownNode[] = [root];
    for (;;) {
      for (const node of grown.toReversed()) {
        if (isSplit(node)) stack.push(stack.length < growth.mostWaiting ? node : growth.withoutHistogram(node));
        else this.#close(node);
      }
      if (stack.length === 0) return;
      grown = await growth.expand(stack.splice(-growth.atOnce).reverse());
    }
  }

  async #growInOrder(growth: Growth, root: GrownNode): Promise<void> {
    const most = this.#source.params.max_leaves === 0 ? Infinity : this.#source.params.max_leaves;
    let leaves = 1;
    this.#offer(growth, root);
    for (let next = this.#queue.pop(); next; next = this.#queue.pop()) {
      if (leaves >= most) {
        this.#close(growth.withoutHistogram(next));
        continue;
      }
      leaves += 1;
      for (const child of await growth.expand([next])) this.#offer(growth, child);
    }
  }

  /** Queues a node that has a split, closes one that has none. Where many wait, the histogram is given up. */
  #offer(growth: Growth, node: GrownNode): void {
    if (!isSplit(node)) this.#close(node);
    else this.#queue.push(this.#queue.length < growth.mostWaiting ? node : growth.withoutHistogram(node));
  }

  #close({ node, begin, end }: GrownNode): void {
    this.leaves.nodes.push(node);
    this.leaves.begins.push(begin);
    this.leaves.ends.push(end);
  }

  /** Gives the leaves their values. */
  async #weighLeaves({ units }: TreeStart): Promise<void> {
    const { local, team } = this.#source.rows.source;
    const { nodes, begins, ends } = this.leaves;
    const others = team?.exactSums(Int32Array.from(nodes), units);
    const own = nodes.map((_, i) => local.exactSum(begins[i] as number, ends[i] as number, units));
    const rest = await others;
    for (const [i, { gradient, hessian }] of own.entries()) {
      const node = nodes[i] as number;
      this.#splits.tree.finishLeaf(node, gradient + (rest?.[2 * i] ?? 0), hessian + (rest?.[2 * i + 1] ?? 0));
    }
  }
}

function isSplit(node: GrownNode): node is SplitNode {
  return node.split !== null;
}
