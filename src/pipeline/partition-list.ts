import { WorkbenchError } from '../utils/errors';
import type { Platform } from './platform';
import { partitionsOf } from './stage-results';
import type { Partition } from './tables';

/**
 * Reads with a model's partitions. Another tab may put partitions together meanwhile and delete the old files; then the
 * list is read once more and the work done again.
 */
export async function withPartitions<T>(
  platform: Platform,
  model: string,
  work: (partitions: readonly Partition[]) => Promise<T>,
): Promise<T> {
  const partitions = await partitionsOf(platform.records, model);
  try {
    return await work(partitions);
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.details['missing'] !== true) throw error;
    const now = await partitionsOf(platform.records, model);
    return work(now);
  }
}
