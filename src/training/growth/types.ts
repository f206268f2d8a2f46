import type { SplitRules } from '../../kernels/split/constrained';
import type { BinLayout } from '../../kernels/types';
import type { TrainingRows, TreeStart } from '../training-rows';
import type { BoosterParams } from '../types';
import type { ChosenSplit } from './growing-tree';

/** Stands for no histogram. */
export const NONE = -1;

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

/** A node with its rows and the split it is to have. */
export interface GrownNode {
  readonly node: number;
  /** Of all workers. */
  readonly rows: number;
  /** Rows of this worker: [begin, end) of the drawn list. */
  readonly begin: number;
  readonly end: number;
  /** NONE where it was given up, and of a leaf. */
  readonly histogram: number;
  /** Null of a leaf. */
  readonly split: ChosenSplit | null;
}

export type SplitNode = GrownNode & { readonly split: ChosenSplit };

/** Where histograms are built and rows are parted. */
export interface Growth {
  /** Nodes that are best split together. */
  readonly atOnce: number;
  /** Histograms kept of nodes that wait for their turn. */
  readonly mostWaiting: number;
  /** The root of the next tree, searched. */
  begin(features: Int32Array, start: TreeStart, root: number): Promise<GrownNode>;
  /** Splits nodes; their children, left before right, are searched. */
  expand(parents: readonly SplitNode[]): Promise<readonly GrownNode[]>;
  /** The node without its histogram. */
  withoutHistogram<T extends GrownNode>(open: T): T;
  /** The tree is grown: the drawn rows of this worker lie in the order of its leaves. */
  finish(): Promise<void>;
}
