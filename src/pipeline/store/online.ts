import { getOnlineFeatures } from '../../features/get-online-features';
import { materialize, onlineNames } from '../../features/materialize';
import { splitOnDemand } from '../../features/on-demand';
import { newestEvent } from '../../features/freshness';
import { onlineViews, viewsWithin } from '../../features/online/read';
import { onlineTables, type Interval, type OnlineBatch, type OnlineView } from '../../features/online/tables';
import { writeOnline } from '../../features/online/write';
import { resolveView, splitReference } from '../../features/resolve';
import type { FeatureView, ValueType } from '../../features/types';
import { columnTypeOf } from '../../features/value-types';
import { formatTimestamp } from '../../data/csv/timestamps';
import { checkpoint } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import type { RecordsTx } from '../../utils/records';
import { folderOf } from '../model-spec';
import { onDemandMeans } from '../on-demand-means';
import { partitionsOf, putStage, requireStage } from '../stage-results';
import type { StageRecord } from '../tables';
import { storeControl, type StoreContext } from './context';
import { batchesToCheck, checkedAgain, checkQuality, keepCheck } from './check-quality';
import type { IncrementalCall, MaterializeCall, Materialized, OnlineAnswer, OnlineCall, QualityCheck } from './types';

export { onlineStore } from './online-facts';

const SECOND = 1_000_000;
/** How far back a view without ttl is materialized at first, as Feast does. */
const WITHOUT_TTL = 52 * 7 * 86_400 * SECOND;

/** Tables that `writeBatches` writes to. */
export const ONLINE_WRITE = [...Object.keys(onlineTables), 'stage_results', 'quality_checks'] as const;

/** Writes the newest row of each entity among events of [from, to] of chosen views, never over newer ones. */
export async function materializeViews(context: StoreContext, call: MaterializeCall): Promise<Materialized> {
  const { from, to } = call;
  if (!(from <= to)) {
    throw new WorkbenchError('USAGE', `The range ends (${timeText(to)}) before it begins (${timeText(from)}).`);
  }
  const views = chosenViews(context, call.views);
  return run(context, new Map(views.map(({ name }) => [name, { from, to }])));
}

/**
 * Materializes what came since the last time. Per view the start is the greatest end of its recorded intervals, else ttl
 * before now (or before the end, as `start` says), 52 weeks where there is no ttl; as feast-dev/feast:sdk/python/feast/
 * feature_store.py (materialize_incremental). In leak_safe, what was recorded since then counts however old its event.
 */
export async function materializeIncremental(context: StoreContext, call: IncrementalCall): Promise<Materialized> {
  const { platform, spec } = context;
  const { clock } = await requireStage(platform.records, spec.config.name, 'data', 'Materializing');
  const now = call.clock === 'wall' ? platform.now() * 1000 : clock;
  const to = call.to ?? now;
  const held = new Map((await onlineViews(platform.records, spec.config.name)).map((view) => [view.view, view]));
  const intervals = chosenViews(context, call.views).map((view): readonly [string, Interval] => {
    const from = incrementalStart(view, held.get(view.name), call.start === 'end' ? to : now);
    if (from > to) {
      throw new WorkbenchError(
        'USAGE',
        `${view.name} would be materialized from ${timeText(from)}, which lies after the end asked for (${timeText(to)}). Ask for a later end, or materialize an earlier range by its from and to.`,
      );
    }
    return [view.name, { from, to }];
  });
  return run(context, new Map(intervals));
}

function incrementalStart(view: FeatureView, held: OnlineView | undefined, moment: number): number {
  const last = sameFeatures(view, held) ? held?.intervals.at(-1) : undefined;
  return last?.to ?? moment - (view.ttl > 0 ? Math.round(view.ttl * SECOND) : WITHOUT_TTL);
}

function storedType(dtype: ValueType): string {
  const type = columnTypeOf(dtype);
  return type === 'timestamp' ? 'float64' : type;
}

/** Rows of a view that had other features are written anew, from where a first time starts. */
function sameFeatures(view: FeatureView, held: OnlineView | undefined): boolean {
  const features = view.schema.map(({ name, dtype }) => [name, storedType(dtype)] as const);
  const sorted = features.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted) === JSON.stringify(held?.features);
}

function timeText(time: number): string {
  return Math.abs(time) < 8.64e15 && Number.isFinite(time) ? formatTimestamp(time) : String(time);
}

function chosenViews({ spec }: StoreContext, names: readonly string[] | undefined): readonly FeatureView[] {
  const { definitions } = spec;
  return (names ?? onlineNames(definitions)).map((name) => {
    const { view } = resolveView(definitions, name);
    if (view.online === false) {
      throw new WorkbenchError('USAGE', `View "${name}" says online: false; it is not served online.`);
    }
    return view;
  });
}

async function run(context: StoreContext, intervals: ReadonlyMap<string, Interval>): Promise<Materialized> {
  const { platform, spec } = context;
  const { definitions, config } = spec;
  const control = storeControl(context);
  const partitions = await partitionsOf(platform.records, config.name);
  const made = await platform.services.data.withTables({ spec, partitions }, control, async (tables) => {
    const batches: OnlineBatch[] = [];
    const newest: Record<string, number | null> = {};
    for (const [view, { from, to }] of intervals) {
      const request = { definitions, views: [view], from, to, mode: config.point_in_time };
      batches.push(...(await materialize(tables, request, control)));
      newest[view] = await newestEvent(tables, resolveView(definitions, view), { at: to, mode: request.mode });
    }
    return { batches, newest };
  });
  const { batches, newest } = made;
  const at = Math.max(...[...intervals.values()].map(({ to }) => to));
  const views = batchesToCheck(definitions, batches, newest);
  const check = await checkQuality(context, { occasion: 'materialize', at, views });
  await checkpoint(control);
  const written = await platform.records.write(ONLINE_WRITE, async (tx) => {
    const found = [];
    for (const batch of batches) {
      const interval = intervals.get(batch.view) ?? { from: 0, to: 0 };
      found.push({ ...interval, ...(await writeOnline(tx, config.name, batch, { interval, anew: true, control })) });
    }
    await keepCheck(tx, check);
    await noteRows(tx, config.name, check);
    return found;
  });
  return { views: written };
}

/** The Features stage says how many rows there are, and what a check of them found. */
export async function noteRows(tx: RecordsTx, model: string, check?: QualityCheck): Promise<void> {
  const record = await tx.get<StageRecord<'features'>>('stage_results', [model, 'features']);
  if (!record) return;
  const onlineRows = (await viewsWithin(tx, model)).reduce((sum, view) => sum + view.rows, 0);
  const state = check ? checkedAgain(record.state, check) : record.state;
  if (record.result.onlineRows !== onlineRows || state !== record.state) {
    await putStage(tx, { ...record, state, result: { ...record.result, onlineRows } });
  }
}

/** The newest values of entities, as they are served. */
export async function readOnline(context: StoreContext, call: OnlineCall): Promise<OnlineAnswer> {
  const { platform, spec } = context;
  const { definitions } = spec;
  const features = call.features ?? definitions.service.features;
  const asked = splitOnDemand(definitions, features);
  const feature_names = namesOf(asked.wanted, call.full_feature_names ?? false);
  const request = {
    ...onDemandMeans(platform, folderOf(spec)),
    definitions,
    model: spec.config.name,
    features,
    entityRows: call.entity_rows,
    at: call.at ?? (await requireStage(platform.records, spec.config.name, 'data', 'Reading the online store')).clock,
    mode: call.mode,
  };
  return { feature_names, results: await getOnlineFeatures(platform.records, request) };
}

/** feature, or view__feature; short names that would come twice are refused, as in historical features. */
function namesOf(references: readonly string[], full: boolean): readonly string[] {
  const from = new Map<string, string>();
  return references.map((reference) => {
    const { view, feature } = splitReference(reference);
    const name = full ? `${view}__${feature}` : feature;
    const other = from.get(name);
    if (other !== undefined) {
      throw new WorkbenchError(
        'FEATURES_INVALID',
        `The feature "${name}" would come twice, from ${other} and from ${view}. Ask for full feature names, which put the view before each.`,
      );
    }
    from.set(name, view);
    return name;
  });
}
