import { entityRowsAsOf, entityRowsBetween } from '../../features/entity-selection';
import { getHistoricalFeatures } from '../../features/historical';
import { splitOnDemand } from '../../features/on-demand';
import { projectionsOf } from '../../features/resolve';
import type {
  EntityRows,
  FeatureService,
  HistoricalFeatures,
  OfflineTables,
  PointInTimeMode,
} from '../../features/types';
import type { Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import type { Host } from '../platform';
import type { EntitySelection, TakenFile } from '../store/types';
import type { NamedCall } from './named-tables';
import { readTableFile } from './table-file';

export interface HistoricalJoinCall extends NamedCall {
  readonly entities: EntitySelection;
  readonly features: FeatureService['features'];
  readonly mode: PointInTimeMode;
  readonly fullFeatureNames: boolean;
  /** Microseconds: the model's clock, where a range ends that names no end. */
  readonly now: number;
}

/** Joins a model's features to entity rows chosen in one of the ways. `bySql` gives the rows of a statement. */
export async function joinHistorical(
  host: Host,
  tables: OfflineTables,
  { call, rows }: { readonly call: HistoricalJoinCall; readonly rows: EntityRows | null },
  control: Control,
): Promise<HistoricalFeatures> {
  const { features, mode, fullFeatureNames, spec } = call;
  const { definitions } = spec;
  const entityRows = rows ?? (await chosenRows(host, tables, call, control));
  return getHistoricalFeatures(tables, { definitions, features, entityRows, mode, fullFeatureNames }, control);
}

async function chosenRows(
  host: Host,
  tables: OfflineTables,
  call: HistoricalJoinCall,
  control: Control,
): Promise<EntityRows> {
  const { entities, now, features, mode, spec } = call;
  const selection = { definitions: spec.definitions, features, mode };
  if ('file' in entities) return readEntityFile(host, entities.file, await textKeys(tables, call), control);
  if ('snapshot' in entities) return entityRowsAsOf(tables, selection, entities.snapshot);
  if ('sql' in entities) throw new WorkbenchError('USAGE', 'Entity rows by SQL were not read.');
  return entityRowsBetween(tables, selection, { ...entities, now });
}

/** Columns of entity rows that are text because the keys they are compared with are. */
async function textKeys(tables: OfflineTables, { spec, features }: HistoricalJoinCall): Promise<ReadonlySet<string>> {
  const { definitions } = spec;
  const found = new Set<string>();
  for (const { resolved, keyColumns } of projectionsOf(definitions, splitOnDemand(definitions, features).inputs)) {
    const { columns } = await tables.table(resolved.source.table);
    const mapping = Object.entries(resolved.source.field_mapping ?? {});
    resolved.keys.forEach((key, i) => {
      const stored = mapping.find(([, to]) => to === key)?.[0] ?? key;
      if (columns.get(stored)?.type === 'string') found.add(keyColumns[i] ?? key);
    });
  }
  return found;
}

async function readEntityFile(
  host: Host,
  file: TakenFile,
  textColumns: ReadonlySet<string>,
  control: Control,
): Promise<EntityRows> {
  try {
    const call = { ...file, textColumns, singleColumn: 'take', mixedZones: 'refuse' } as const;
    return (await readTableFile(host, call, control)).table;
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.message.startsWith(file.fileName)) throw error;
    throw new WorkbenchError(error.code, `${file.fileName}: ${error.message}`, error.details, { cause: error });
  }
}
