import { binLayout } from '../kernels/binning/reference';
import { histogramLength } from '../kernels/histogram/reference';
import type { BinLayout, Kernels } from '../kernels/types';
import { WorkbenchError } from '../utils/errors';
import type { BoosterParams, TrainingMatrix } from './types';

/** Histograms of nodes that wait for their turn take at most so many bytes, but there may be as many as this. */
const MOST_WAITING_BYTES = 268435456;
const LEAST_WAITING = 16;

/** What a training is large in. */
export interface TrainingSize {
  readonly rows: number;
  readonly features: number;
  /** Trees grown a round, and margins of a row. */
  readonly outputs: number;
  readonly weighted: boolean;
}

/** @param outputs of the objective. */
export function sizeOf(matrix: TrainingMatrix, outputs = 1, weighted = false): TrainingSize {
  return { rows: matrix.labels.length, features: matrix.columns.length, outputs, weighted };
}

/** Bytes that the kernels hold while columns are sorted and binned: both layouts of the codes, and one column. */
export function binningBytes({ rows, features }: Pick<TrainingSize, 'rows' | 'features'>): number {
  return tableBytes(rows, features) + 8 * rows;
}

/**
 * Bytes that the kernels hold in a training: codes, row lists, margins, gradient pairs and histograms, as if every column
 * had 256 bins and every row were trained on.
 */
export function trainingBytes({ rows, features, outputs, weighted }: TrainingSize, params: BoosterParams): number {
  const lists = 4 * rows * (params.subsample < 1 ? 4 : 3);
  const columns = rows * (4 * outputs + 8 * outputs + 8 + 4 + (weighted ? 4 : 0));
  const layout = binLayout(0, new Int32Array(features).fill(256), new Uint8Array(features));
  const histograms = 4 * histogramLength(layout) * mostHistograms(params, mostWaiting(layout));
  return tableBytes(rows, features) + lists + columns + histograms;
}

/** Most histograms that are kept of nodes that wait for their turn when nodes are split in order. */
export function mostWaiting(layout: BinLayout): number {
  return Math.max(LEAST_WAITING, Math.floor(MOST_WAITING_BYTES / (4 * histogramLength(layout))));
}

/** Throws OUT_OF_MEMORY when `bytes` are more than the kernels can address. */
export function checkMemory(kernels: Kernels, { rows, features }: TrainingSize, bytes: number): void {
  if (bytes <= kernels.mostBytes) return;
  const gigabytes = (count: number) => (count / 1e9).toFixed(1);
  const fitting = Math.floor((rows * kernels.mostBytes) / bytes / 1e5) / 10;
  throw new WorkbenchError(
    'OUT_OF_MEMORY',
    `Training on ${rows.toLocaleString('en')} rows and ${features.toLocaleString('en')} features needs about ${gigabytes(bytes)} GB, and the ${kernels.name} kernels reach ${gigabytes(kernels.mostBytes)} GB. Train on fewer rows (about ${fitting} million fit) or fewer features.`,
    { bytes, most: kernels.mostBytes },
  );
}

function tableBytes(rows: number, features: number): number {
  return rows * (4 * Math.ceil(features / 4) + features);
}

/** Depth first, one a level; in order, those that wait. */
function mostHistograms({ max_depth, max_leaves, grow_policy }: BoosterParams, waiting: number): number {
  const ordered = grow_policy === 'lossguide' || max_leaves > 0;
  if (!ordered) return max_depth + 2;
  const leaves = max_leaves === 0 ? 1 << Math.min(max_depth, 30) : max_leaves;
  return Math.min(leaves, waiting) + 2;
}
