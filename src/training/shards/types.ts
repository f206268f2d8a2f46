import type { BinSplit } from '../../kernels/types';
import type { BoosterParams } from '../types';
import type { Shard } from './shard';

/** A share of the rows of one training: those trained on first, then those watched. */
export interface ShardTable {
  /** As `BinLayout` has them. */
  readonly binCounts: Int32Array;
  readonly hasMissing: Uint8Array;
  /** [featureCount] codes of these rows. */
  readonly codes: readonly Uint8Array[];
  readonly labels: Float32Array;
  readonly weights: Float32Array | null;
  readonly trainCount: number;
  /** [outputs] margins before the first tree. */
  readonly base: Float32Array;
  readonly params: BoosterParams;
  /** Histograms are left here instead of being sent, where memory can be shared. */
  readonly shared: Int32Array | null;
}

/** A node to split and the numbers of its children. */
export interface SplitOrder {
  readonly node: number;
  readonly left: number;
  readonly right: number;
  readonly split: BinSplit;
  /** [256] 1 where a code goes right, of a split by category. */
  readonly codesRight: Uint8Array | null;
}

/** Histograms of some nodes, one after the other; null when they were left in shared memory. */
export interface Built {
  /** Rows that went left, of each split ordered since the last answer. */
  readonly leftCounts: Int32Array;
  readonly histograms: Int32Array | null;
}

/** What a shard is asked to do; steps are done in the order they are sent. */
export type ShardSteps = Pick<
  Shard,
  | 'start'
  | 'margins'
  | 'setMargins'
  | 'gradients'
  | 'setPairs'
  | 'draw'
  | 'sideSums'
  | 'quantise'
  | 'partition'
  | 'build'
  | 'exactSums'
  | 'leafRows'
  | 'addLeaves'
  | 'weighAgain'
  | 'lossSums'
>;

/** A way to a shard in another worker. */
export interface ShardPort {
  /** Rejects with WORKER_LOST when the worker dies. `transfer` names buffers that are given away. */
  call<K extends keyof ShardSteps>(
    step: K,
    args: Parameters<ShardSteps[K]>,
    transfer?: readonly ArrayBufferLike[],
  ): Promise<ReturnType<ShardSteps[K]>>;
  /** Ends the worker. */
  close(): void;
}

/** Where shards run. */
export interface ShardHost {
  /** Shards that can be had, besides the caller. */
  readonly most: number;
  /** Rows times columns that a worker must have, or it costs more than it saves: 4 ms a tree, measured. */
  readonly leastCells: number;
  /** Whether typed arrays can be over shared memory. */
  readonly sharesMemory: boolean;
  open(count: number): Promise<readonly ShardPort[]>;
}

/** `leastCells` of the hosts there are: two workers are even with one at about 4 million cells. */
export const LEAST_CELLS = 2_000_000;
