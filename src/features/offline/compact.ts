import { checkpoint, type Control } from '../../utils/control';
import { readPartitions } from './read';
import { writeFile } from './write';
import type { Partition, PartitionSink, PartitionSource } from './types';

/** Partitions put together: the new one, and those whose place it takes. */
export interface Compacted {
  readonly made: Partition;
  readonly gone: readonly Partition[];
}

/**
 * Writes the partitions of each table and date that has several as one, rows and their order unchanged. Nothing is
 * committed and nothing deleted: the caller puts `made` and takes `gone` away in one transaction, then deletes the files.
 */
export async function compactPartitions(
  store: PartitionSource & PartitionSink,
  partitions: readonly Partition[],
  control: Control,
): Promise<readonly Compacted[]> {
  const several = groupsOf(partitions).filter((group) => group.length > 1);
  const made: Compacted[] = [];
  for (const group of several) {
    const [first] = group;
    if (!first) continue;
    const label = `putting ${first.table}${first.date === null ? '' : ` of ${first.date}`} together`;
    await checkpoint(control, { label, done: made.length, total: several.length });
    made.push({ made: await together(store, group), gone: group });
  }
  return made;
}

function groupsOf(partitions: readonly Partition[]): readonly (readonly Partition[])[] {
  const groups = new Map<string, Partition[]>();
  for (const partition of partitions) {
    const key = JSON.stringify([partition.table, partition.date]);
    const group = groups.get(key);
    if (group) group.push(partition);
    else groups.set(key, [partition]);
  }
  return [...groups.values()];
}

async function together(store: PartitionSource & PartitionSink, group: readonly Partition[]): Promise<Partition> {
  const newest = group.reduce((a, b) => (a.sequence > b.sequence ? a : b));
  const content = await readPartitions(store, group);
  const place = { ...newest, dated: newest.granularity !== null };
  const { stored, first, last } = await writeFile(store, place, content);
  const times = (pick: (partition: Partition) => number | null) => group.flatMap((partition) => pick(partition) ?? []);
  const [from, to] = [times((one) => one.from), times((one) => one.to)];
  return {
    ...newest,
    ...stored,
    from: from.length > 0 ? Math.min(...from) : null,
    to: to.length > 0 ? Math.max(...to) : null,
    first: first ?? 0,
    last: last ?? -1,
    replaces: group.flatMap((partition) => [...(partition.replaces ?? []), partition.digest]),
  };
}
