import { findBatches, inferenceTables } from '../../inference/log';
import type { Prediction, PredictionBatch } from '../../inference/types';
import { aliasesOf, listVersions, registryTables } from '../../registry/versions';
import type { ModelVersion } from '../../registry/types';
import { listRuns, trackingTables } from '../../tracking/runs';
import type { Run } from '../../tracking/types';
import type { RecordsTx } from '../../utils/records';
import { isoTime } from '../../features/entity-selection';
import type { ModelSpec } from '../model-spec';
import { count, percent } from '../stage-results';
import type { DataResult, Partition, StageRecord } from '../tables';
import type { StoreContext } from './context';
import { datasetRecords, isKept, newestPath, versionsOf, type SavedDatasetRecord } from './dataset-records';
import { LineageDraft } from './lineage-draft';
import type { LineageGraph } from './types';

/** Appends of a table, and batches of a version, that have a node each; what is older shares one. */
const SINGLE = 4;

/** Everything recorded about a model, as read in one transaction. */
interface Recorded {
  readonly spec: ModelSpec;
  readonly partitions: readonly Partition[];
  readonly data: DataResult | undefined;
  readonly records: readonly SavedDatasetRecord[];
  readonly newest: string | undefined;
  readonly trained: string | undefined;
  readonly viewsNow: Readonly<Record<string, number>>;
  readonly runs: readonly Run[];
  readonly versions: readonly ModelVersion[];
  readonly aliases: Readonly<Record<string, number>>;
  readonly batches: readonly PredictionBatch[];
  readonly predictions: readonly Prediction[];
}

/** What was made from what, from source partitions to predictions. */
export async function lineage({ platform, spec }: StoreContext): Promise<LineageGraph> {
  const tables = [
    'partitions',
    'stage_results',
    'saved_datasets',
    'feature_definitions',
    ...Object.keys(trackingTables),
    ...Object.keys(registryTables),
    ...Object.keys(inferenceTables),
  ];
  const recorded = await platform.records.read(tables, (tx) => readAll(tx, spec));
  const draft = new LineageDraft();
  addTables(draft, recorded);
  addViews(draft, recorded);
  addDatasets(draft, recorded);
  addRuns(draft, recorded);
  addVersions(draft, recorded);
  addPredictions(draft, recorded);
  return draft.graph();
}

async function readAll(tx: RecordsTx, spec: ModelSpec): Promise<Recorded> {
  const model = spec.config.name;
  const byModel = { index: 'model', equals: model } as const;
  const viewNames = [...spec.definitions.views, ...(spec.definitions.onDemandViews ?? [])].map((view) => view.name);
  return {
    spec,
    partitions: await tx.query<Partition>('partitions', byModel),
    data: (await tx.get<StageRecord<'data'>>('stage_results', [model, 'data']))?.result,
    records: await datasetRecords(tx, model),
    newest: await newestPath(tx, model),
    trained: (await tx.get<StageRecord<'training'>>('stage_results', [model, 'training']))?.result.run_id,
    viewsNow: (await versionsOf(tx, spec, viewNames)).views,
    runs: await listRuns(tx, model),
    versions: await listVersions(tx, model),
    aliases: await aliasesOf(tx, model),
    batches: await findBatches(tx, model),
    predictions: await tx.query<Prediction>('predictions', byModel),
  };
}

function addTables(draft: LineageDraft, { partitions, data }: Recorded): void {
  for (const table of new Set(partitions.map((part) => part.table))) {
    const own = partitions.filter((part) => part.table === table);
    const profile = data?.profiles.find((one) => one.table === table);
    draft.add({
      id: `table:${table}`,
      kind: 'table',
      title: table,
      facts: [
        ['Rows', count(own.reduce((sum, part) => sum + part.rows, 0))],
        ['Columns', profile ? count(profile.columns.length) : '–'],
        ['Partitions', count(own.length)],
      ],
      current: true,
    });
    for (const group of groupsOf(own)) {
      const id = `partition:${table}:${group.title}`;
      draft.add({
        id,
        kind: 'partition',
        title: `${table}, ${group.title}`,
        facts: partitionFacts(group),
        current: true,
      });
      draft.join(id, `table:${table}`);
    }
  }
}

interface PartitionGroup {
  readonly title: string;
  readonly parts: readonly Partition[];
}

/** One group an append; of many, the older ones together. */
function groupsOf(parts: readonly Partition[]): readonly PartitionGroup[] {
  const appends = [...new Set(parts.map((part) => part.sequence))].sort((a, b) => a - b);
  const cut = appends.length > SINGLE ? appends.length - SINGLE + 1 : 0;
  const older = appends.slice(0, cut);
  const groups = appends.slice(cut).map((sequence) => ({
    title: sequence === 0 ? 'first load' : `append ${sequence}`,
    parts: parts.filter((part) => part.sequence === sequence),
  }));
  if (older.length === 0) return groups;
  const together = parts.filter((part) => older.includes(part.sequence));
  return [{ title: `${older.length} older loads`, parts: together }, ...groups];
}

function partitionFacts({ parts }: PartitionGroup): (readonly [string, string])[] {
  const [first] = parts;
  const replaced = parts.reduce((sum, part) => sum + replacedBy(part).length, 0);
  return [
    ['Files', count(parts.length)],
    ['Rows', count(parts.reduce((sum, part) => sum + part.rows, 0))],
    ['Bytes', count(parts.reduce((sum, part) => sum + part.bytes, 0))],
    ['Digest', parts.length === 1 && first ? first.digest.slice(0, 12) : `${parts.length} of them`],
    ...(replaced > 0 ? ([['Written anew from', `${count(replaced)} partitions`]] as const) : []),
  ];
}

function replacedBy(part: Partition): readonly string[] {
  return part.replaces ?? [];
}

function viewId(view: string, version: number): string {
  return `view:${view}@${version}`;
}

/** The views that hold now, and older versions of them that a data set was made with. */
function addViews(draft: LineageDraft, { spec, viewsNow, records }: Recorded): void {
  const { views, onDemandViews = [], sources } = spec.definitions;
  const used = records.flatMap((record) => Object.entries(record.views));
  const versions = new Map<string, Set<number>>();
  for (const [view, version] of [...Object.entries(viewsNow), ...used]) {
    versions.set(view, (versions.get(view) ?? new Set()).add(version));
  }
  for (const [name, known] of versions) {
    const view = views.find((one) => one.name === name);
    const onDemand = onDemandViews.find((one) => one.name === name);
    const table = sources.find((source) => source.name === view?.source)?.table;
    for (const version of known) {
      const now = viewsNow[name] === version;
      draft.add({
        id: viewId(name, version),
        kind: 'feature_view',
        title: `${name}@${version}`,
        facts: [
          ['Version', String(version)],
          ['Features', now ? count((view ?? onDemand)?.schema.length ?? 0) : '–'],
          ['State', now ? 'holds now' : 'replaced or deleted since'],
        ],
        current: now,
      });
      if (table !== undefined) draft.join(`table:${table}`, viewId(name, version));
    }
    for (const source of onDemand?.sources ?? []) {
      const from = viewsNow[source];
      const to = viewsNow[name];
      if (from !== undefined && to !== undefined) draft.join(viewId(source, from), viewId(name, to));
    }
  }
}

function datasetId(digest: string): string {
  return `dataset:${digest}`;
}

function addDatasets(draft: LineageDraft, recorded: Recorded): void {
  const { records, newest, runs } = recorded;
  const there = new Set(recorded.partitions.map((part) => part.digest));
  const replaced = new Set(recorded.partitions.flatMap(replacedBy));
  for (const digest of new Set(records.map((record) => record.digest))) {
    const same = records.filter((record) => record.digest === digest);
    const [record] = same;
    if (!record) continue;
    const kept = same.some((one) => isKept(one, newest));
    const rewritten = record.partitions.filter((part) => !there.has(part) && replaced.has(part)).length;
    const gone = record.partitions.filter((part) => !there.has(part) && !replaced.has(part)).length;
    draft.add({
      id: datasetId(digest),
      kind: 'dataset',
      title: same.map((one) => one.name).join(', '),
      facts: [
        ['Rows', count(record.rows)],
        ['Mode', record.mode],
        [
          'Made',
          isoTime(record.created * 1000)
            .slice(0, 16)
            .replace('T', ' '),
        ],
        ['Digest', digest.slice(0, 12)],
        ['Definitions', `version ${record.definitions_version}`],
        ['Partitions read', partitionsText(record.partitions.length, rewritten, gone)],
        ['Rows kept', kept ? 'yes' : 'no, only this record'],
      ],
      current: kept,
    });
    for (const [view, version] of Object.entries(record.views)) draft.join(viewId(view, version), datasetId(digest));
  }
  for (const run of runs) {
    const { digest, rows, name } = run.dataset;
    if (draft.has(datasetId(digest))) continue;
    const facts = [['Rows', count(rows)] as const, ['Digest', digest.slice(0, 12)] as const];
    draft.add({ id: datasetId(digest), kind: 'dataset', title: name, facts, current: false });
  }
}

function partitionsText(all: number, rewritten: number, gone: number): string {
  const parts = [count(all)];
  if (rewritten > 0) parts.push(`${count(rewritten)} put together with others since`);
  if (gone > 0) parts.push(`${count(gone)} no longer there`);
  return parts.join(', ');
}

/** Runs that were registered, and the one of the newest training; its rivals are counted. */
function addRuns(draft: LineageDraft, { runs, versions, trained }: Recorded): void {
  const wanted = new Set([...versions.map((version) => version.run_id), trained]);
  for (const run of runs) {
    if (!wanted.has(run.run_id)) continue;
    const rivals = runs.filter((other) => other !== run && other.tags['glasshouse.chosen_run'] === run.run_id).length;
    const auc = run.metrics['holdout.roc_auc'];
    draft.add({
      id: `run:${run.run_id}`,
      kind: 'run',
      title: run.run_name,
      facts: [
        ['Run', run.run_id.slice(0, 12)],
        ['Kind', run.tags['glasshouse.kind'] ?? '–'],
        ['ROC-AUC, hold-out', auc === undefined ? '–' : auc.toFixed(3)],
        ['Seed', String(run.seed)],
        ['Chosen over', `${count(rivals)} other runs`],
      ],
      current: run.run_id === trained,
    });
    draft.join(datasetId(run.dataset.digest), `run:${run.run_id}`);
  }
}

function addVersions(draft: LineageDraft, { versions, aliases }: Recorded): void {
  for (const version of versions) {
    const own = Object.keys(aliases).filter((alias) => aliases[alias] === version.version);
    draft.add({
      id: `version:${version.version}`,
      kind: 'model_version',
      title: `v${version.version}`,
      facts: [
        ['Aliases', own.join(', ') || 'none'],
        ['Decision', version.decision?.verdict.replaceAll('_', ' ') ?? 'none yet'],
        [
          'Registered',
          isoTime(version.creation_timestamp * 1000)
            .slice(0, 16)
            .replace('T', ' '),
        ],
      ],
      current: own.includes('champion'),
    });
    draft.join(`run:${version.run_id}`, `version:${version.version}`);
  }
}

function addPredictions(draft: LineageDraft, { versions, batches, predictions, aliases }: Recorded): void {
  for (const { version } of versions) {
    const own = batches.filter((batch) => batch.version === version);
    const single = own.length > SINGLE ? own.slice(0, SINGLE - 1) : own;
    for (const batch of single) addBatches(draft, version, [batch], batch === own[0] && aliases.champion === version);
    if (single.length < own.length) addBatches(draft, version, own.slice(single.length), false);
    const logged = predictions.filter((prediction) => prediction.version === version).length;
    if (logged === 0) continue;
    const id = `predictions:${version}:single`;
    const facts = [['Predictions', count(logged)] as const, ['Asked', 'one at a time'] as const];
    draft.add({ id, kind: 'predictions', title: `single predictions of v${version}`, facts, current: false });
    draft.join(`version:${version}`, id);
  }
}

function addBatches(draft: LineageDraft, version: number, batches: readonly PredictionBatch[], current: boolean): void {
  const [newest] = batches;
  if (!newest) return;
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const from = Math.min(...batches.map((batch) => batch.from));
  const to = Math.max(...batches.map((batch) => batch.to));
  const id = `predictions:${version}:${newest.batch_id}`;
  draft.add({
    id,
    kind: 'predictions',
    title: batches.length === 1 ? `batch of ${isoTime(to).slice(0, 10)}` : `${batches.length} older batches`,
    facts: [
      ['Rows', count(rows)],
      ['Of', `${isoTime(from).slice(0, 10)} to ${isoTime(to).slice(0, 10)}`],
      ['High risk', percent(batches.reduce((sum, one) => sum + one.high_risk_share * one.rows, 0) / Math.max(rows, 1))],
      ['Model', `v${version}`],
    ],
    current,
  });
  draft.join(`version:${version}`, id);
}
