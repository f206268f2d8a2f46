import { nearest } from '../../config/suggest';
import { listVersions, registryTables } from '../../registry/versions';
import { getRun, trackingTables } from '../../tracking/runs';
import type { HistoricalFeatures } from '../../features/types';
import { checkpoint, throwIfAborted } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { sha256Hex } from '../../utils/hash';
import type { RecordsTx } from '../../utils/records';
import { NewFiles } from '../services/new-files';
import { viewNameIn, type NamedCall } from '../services/named-tables';
import { requireStage } from '../stage-results';
import { rowsAnswer, withNamed } from './console';
import { storeControl, type StoreContext } from './context';
import {
  AUTOMATIC,
  datasetRecords,
  isKept,
  newestPath,
  readBy,
  versionsOf,
  type SavedDatasetRecord,
} from './dataset-records';
import type { HistoricalAnswer, HistoricalCall, SavedDataset } from './types';

const SHOWN_ROWS = 1000;

/** The first rows of a join, with what its coverage and leaks are over all of them. */
export async function historicalFeatures(context: StoreContext, call: HistoricalCall): Promise<HistoricalAnswer> {
  const { joined } = await join(context, call);
  const { table, mode, coverage, leaks } = joined;
  return { ...rowsAnswer(table, SHOWN_ROWS), mode, coverage, leaks };
}

interface Joined {
  readonly joined: HistoricalFeatures;
  readonly named: NamedCall;
}

async function join(context: StoreContext, call: HistoricalCall): Promise<Joined> {
  const { platform, spec, onProgress, signal } = context;
  const { config } = spec;
  const { clock } = await requireStage(platform.records, config.name, 'data', 'Joining features');
  const asked = {
    entities: call.entities,
    features: call.features ?? spec.definitions.service.features,
    mode: call.mode ?? config.point_in_time,
    fullFeatureNames: call.full_feature_names ?? false,
    now: clock,
  };
  return withNamed(context, 'Joining features', async (named) => {
    const joined = await platform.services.data.joinHistorical({ ...named, ...asked }, onProgress, signal);
    return { joined, named };
  });
}

/**
 * Joins and keeps all rows as one Arrow file under a name that statements can use. File first, then one transaction; a
 * fault or cancel leaves nothing. Throws USAGE for a name that is taken or no name.
 */
export async function saveDataset(context: StoreContext, name: string, call: HistoricalCall): Promise<SavedDataset> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const control = storeControl(context);
  checkName(name);
  await withNamed(context, 'Joining features', (before) =>
    platform.records.read(['saved_datasets'], (tx) => refuseTaken(tx, before, name)),
  );
  const { joined, named } = await join(context, call);
  const folder = `offline/${model}/datasets/`;
  return NewFiles.during(platform.files, folder, async (files) => {
    await checkpoint(control, { label: `storing ${name}`, done: 0, total: 0 });
    const bytes = await platform.arrow.encode(joined.table);
    const digest = sha256Hex(bytes);
    const path = `${folder}saved-${digest.slice(0, 32)}.arrow`;
    await files.write(path, bytes);
    await checkpoint(control, { label: 'saving', done: 1, total: 1 });
    const columns = [...joined.table.columns];
    const features = call.features ?? spec.definitions.service.features;
    const read = readBy(spec.definitions, features, { partitions: named.partitions, more: tablesNamed(named, call) });
    return platform.records.write(['saved_datasets', 'feature_definitions', 'stage_results'], async (tx) => {
      throwIfAborted(control);
      await refuseTaken(tx, named, name);
      const versions = await versionsOf(tx, spec, read.views);
      const record: SavedDatasetRecord = {
        model,
        name,
        digest,
        path,
        created: platform.now(),
        rows: joined.table.rowCount,
        columns: columns.map(([column]) => column),
        column_types: columns.map(([, column]) => column.type),
        mode: joined.mode,
        definitions_version: versions.version,
        views: versions.views,
        partitions: read.digests,
        automatic: false,
      };
      await tx.put('saved_datasets', record);
      return shown(record, true);
    });
  });
}

/** Raw tables whose name stands in the entity SQL; more than it reads at most. */
function tablesNamed({ partitions }: NamedCall, { entities }: HistoricalCall): readonly string[] {
  if (!('sql' in entities)) return [];
  const words = new Set(entities.sql.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]*/gu));
  return partitions.map((part) => part.table).filter((table) => words.has(table.toLowerCase()));
}

function shown(record: SavedDatasetRecord, kept: boolean): SavedDataset {
  const { model: _model, path: _path, column_types: _types, ...own } = record;
  return { ...own, kept };
}

function checkName(name: string): void {
  if (!/^[a-z][a-z0-9_]{0,59}$/i.test(name)) {
    throw new WorkbenchError(
      'USAGE',
      `"${name.slice(0, 70)}" cannot name a data set: a name begins with a letter and has up to 60 letters, digits and underscores.`,
    );
  }
  if (name.toLowerCase().startsWith(AUTOMATIC)) {
    throw new WorkbenchError(
      'USAGE',
      `Names that begin with "${AUTOMATIC}" are for the Features stage; choose another.`,
    );
  }
}

async function refuseTaken(tx: RecordsTx, { spec, partitions }: NamedCall, name: string): Promise<void> {
  const tables = partitions.map((part) => part.table);
  const views = spec.definitions.views.map((view) => viewNameIn(tables, view.name));
  const same = (other: string) => other.toLowerCase() === name.toLowerCase();
  const records = await datasetRecords(tx, spec.config.name);
  const what = tables.some(same)
    ? 'a table'
    : views.some(same)
      ? 'a feature view'
      : records.some((one) => same(one.name))
        ? 'a data set'
        : null;
  if (what) throw new WorkbenchError('USAGE', `There is ${what} called "${name}" already; choose another name.`);
}

/** Newest first. */
export async function savedDatasets({ platform, spec }: StoreContext): Promise<readonly SavedDataset[]> {
  const model = spec.config.name;
  return platform.records.read(['saved_datasets', 'stage_results'], async (tx) => {
    const newest = await newestPath(tx, model);
    const records = await datasetRecords(tx, model);
    return records
      .toSorted((a, b) => b.created - a.created || (a.name < b.name ? -1 : 1))
      .map((record) => shown(record, isKept(record, newest)));
  });
}

/** Deletes a data set, or its file alone where a registered version was trained on it. Says which. */
export async function deleteDataset({ platform, spec }: StoreContext, name: string): Promise<string> {
  const model = spec.config.name;
  const tables = ['saved_datasets', 'stage_results', ...Object.keys(trackingTables), ...Object.keys(registryTables)];
  const { said, freed } = await platform.records.write(tables, async (tx) => {
    const record = await requireRecord(tx, model, name);
    const kept = isKept(record, await newestPath(tx, model));
    if (record.automatic && kept) {
      throw new WorkbenchError(
        'USAGE',
        `"${name}" is the training table the Features stage made last; it goes when that stage makes another.`,
      );
    }
    const version = await versionTrainedOn(tx, model, record.digest);
    if (version === null) await tx.delete('saved_datasets', [model, name]);
    else await tx.put('saved_datasets', { ...record, path: null });
    const others = (await datasetRecords(tx, model)).filter((one) => one.name !== name);
    const shared = others.some((one) => one.path === record.path);
    const said =
      version === null
        ? `"${name}" was deleted.`
        : `The rows of "${name}" were deleted; its record stays, since v${version} of ${model} was trained on it.`;
    return { said, freed: shared || record.automatic ? null : record.path };
  });
  if (freed !== null) await platform.files.delete(freed);
  return said;
}

async function requireRecord(tx: RecordsTx, model: string, name: string): Promise<SavedDatasetRecord> {
  const record = await tx.get<SavedDatasetRecord>('saved_datasets', [model, name]);
  if (record) return record;
  const known = (await datasetRecords(tx, model)).map((one) => one.name);
  const near = nearest(name, known);
  throw new WorkbenchError(
    'USAGE',
    `There is no data set "${name}"; ${near === null ? `there are ${known.join(', ') || 'none'}.` : `did you mean "${near}"?`}`,
  );
}

/** The newest registered version whose run was trained on a data set. */
async function versionTrainedOn(tx: RecordsTx, model: string, digest: string): Promise<number | null> {
  let newest: number | null = null;
  for (const version of await listVersions(tx, model)) {
    const run = await getRun(tx, version.run_id);
    if (run?.dataset.digest === digest) newest = Math.max(newest ?? 0, version.version);
  }
  return newest;
}
