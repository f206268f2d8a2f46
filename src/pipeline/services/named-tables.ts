import { resolveView } from '../../features/resolve';
import { canonicalJson, sha256Hex } from '../../utils/hash';
import type { Table } from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';
import type { ModelSpec } from '../model-spec';
import type { Host } from '../platform';
import type { Partition } from '../tables';
import type { NamedTable } from './sql-console';

/** A saved data set's file. */
export interface DatasetPlace {
  readonly name: string;
  readonly path: string;
  readonly digest: string;
}

/** What statements over a model can name. */
export interface NamedCall {
  readonly spec: ModelSpec;
  readonly partitions: readonly Partition[];
  readonly datasets: readonly DatasetPlace[];
}

/** How a model's tables are read. */
export interface TableReads {
  raw(name: string): Promise<Table>;
  view(name: string): Promise<Table>;
}

/** The name a view goes by in SQL: its own, unless a raw table has it. */
export function viewNameIn(tables: Iterable<string>, view: string): string {
  const taken = new Set([...tables].map((name) => name.toLowerCase()));
  let name = view;
  while (taken.has(name.toLowerCase())) name += '_view';
  return name;
}

/** Raw tables, feature views with their features computed, and saved data sets. */
export function namedTables(host: Host, { spec, partitions, datasets }: NamedCall, reads: TableReads): NamedTable[] {
  const model = spec.config.name;
  const raw = [...new Set(partitions.map((partition) => partition.table))];
  const digestsOf = (table: string) => partitions.filter((part) => part.table === table).map((part) => part.digest);
  const stampOf = (...facts: readonly unknown[]) => sha256Hex(canonicalJson([model, ...facts]));
  return [
    ...raw.map((name) => ({ name, stamp: stampOf('table', digestsOf(name)), read: () => reads.raw(name) })),
    ...spec.definitions.views.map(({ name }) => {
      const resolved = resolveView(spec.definitions, name);
      return {
        name: viewNameIn(raw, name),
        stamp: stampOf('view', resolved, digestsOf(resolved.source.table)),
        read: () => reads.view(name),
      };
    }),
    ...datasets.map((dataset) => ({
      name: dataset.name,
      stamp: stampOf('dataset', dataset.digest),
      read: () => readDatasetFile(host, dataset),
    })),
  ];
}

/** A saved data set's rows. Throws STORAGE_CORRUPT where its file is missing or not the one recorded. */
export async function readDatasetFile(host: Pick<Host, 'files' | 'arrow'>, dataset: DatasetPlace): Promise<Table> {
  const bytes = await host.files.read(dataset.path);
  if (!bytes || sha256Hex(bytes) !== dataset.digest) {
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `The data set "${dataset.name}" is ${bytes ? 'damaged' : 'missing'} in this browser's storage (${dataset.path}). Delete it and save it again.`,
    );
  }
  return host.arrow.decode(bytes);
}
