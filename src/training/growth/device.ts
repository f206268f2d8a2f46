import type { BinTable } from '../../kernels/types';

/** Bits of 256 codes. */
export const MASK_WORDS = 8;

/** A row set on a device that builds histograms, parts rows and proposes splits. */
export interface GrowthDevice {
  readonly name: 'webgpu';
  /** Rows times columns from which it is worth its transfers. */
  readonly leastCells: number;
  /**
   * Sends a table's codes to the device, or finds them there from the training before. Null when the table is larger
   * than the device takes. Throws DEVICE_LOST when the device is gone.
   */
  open(bins: BinTable): Promise<GrowthTable | null>;
}

/** Whole-number thresholds and penalties of a tree, in units that make the sum of all hessians at most 1. */
export interface NarrowingLimits {
  /** Least hessian sum of a child. */
  readonly leastHessian: number;
  readonly lambda: number;
  readonly alpha: number;
}

/** The start of a tree on the device. */
export interface DeviceTree {
  /** [2 * rowCount] hessian and gradient of each row, whole numbers. */
  readonly pairs: Int32Array;
  /** Rows of the tree. */
  readonly drawn: Int32Array;
  /** Columns that histograms are built of. */
  readonly features: Int32Array;
  /** Null when candidates are not wanted: splits are searched in histograms that are read back. */
  readonly limits: NarrowingLimits | null;
}

/** A node to be searched. */
export interface DeviceSearch {
  readonly gradient: number;
  readonly hessian: number;
  /** What a split must gain, as the device reckons gains: 2^30 being the sum of all hessians, and of all gradients. */
  readonly leastGain: number;
  /** Columns that it may split on, as bits; null for all of the tree's. */
  readonly columns: Uint32Array | null;
}

/** A node to be split. Slots are histograms by number, -1 for none. */
export interface DeviceOrder {
  /** Rows [begin, end) of the row order. */
  readonly begin: number;
  readonly end: number;
  readonly feature: number;
  /** [8] bit c of 256: code c goes right. */
  readonly right: Uint32Array;
  /** Where the child with fewer rows (of equals the left one) is built; -1 when neither child is wanted. */
  readonly built: number;
  /** Where the other child's histogram will be. */
  readonly rest: number;
  /** Whether `rest` holds the parent's histogram now, else it is built too. */
  readonly subtracts: boolean;
  /** Null where a child will not be split. */
  readonly left: DeviceSearch | null;
  readonly rightSearch: DeviceSearch | null;
}

/** What may be the best split: [4 * count] feature, 2 * bin + (missing goes left), gradient and hessian of the left. */
export type Candidates = Int32Array;

/** Outcome of a search: null when there were too many candidates to send, or none were asked for. */
export type Found = Candidates | null;

export interface DeviceSplit {
  /** Where the right side begins. */
  readonly middle: number;
  readonly left: Found;
  readonly right: Found;
}

/**
 * A table on a device. Its histograms have 256 slots a column, (hessian, gradient) pairs of whole numbers. Every method
 * throws DEVICE_LOST when the device is gone; what was begun is then lost.
 */
export interface GrowthTable {
  /** Histograms that it can hold at once. */
  readonly slots: number;
  begin(tree: DeviceTree): void;
  /** Builds the histogram of all drawn rows in `slot` and searches it. */
  root(slot: number, search: DeviceSearch): Promise<Found>;
  expand(orders: readonly DeviceOrder[]): Promise<readonly DeviceSplit[]>;
  /** [512 * featureCount] each. */
  histograms(slots: readonly number[]): Promise<readonly Int32Array[]>;
  /** Drawn rows in the order that the splits left them in. */
  order(): Promise<Int32Array>;
  /** Ends the training; the codes may stay for the next. */
  close(): void;
}
