import { withPartitions } from '../partition-list';
import { compareColumns, type ComparedColumn } from '../../features/skew';
import type { OnlineFeature } from '../../features/types';
import { inferenceTables, recentPredictions } from '../../inference/log';
import type { Prediction } from '../../inference/types';
import { cellAt, columnOf, type Cell, type Table } from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';
import { joinKeys, shortName } from '../model-spec';
import type { DatasetCall } from '../services/data-calls';
import { newestKeys } from '../services/view-tables';
import { requireStage } from '../stage-results';
import { storeControl, type StoreContext } from './context';
import { serveFeatures } from './serving';
import { servingFaultOf } from './serving-fault';
import type { ServingFault, SkewCall, SkewView } from './types';

const SAMPLE = 100;
const MOST = 1000;
const EXAMPLES = 5;

/**
 * Computes the feature rows of entities both ways and compares them column by column: by the point-in-time join that
 * training uses, and as they are served, both at the moment the online store was materialized to; or, for logged
 * predictions, as they were served then. Throws FEATURES_INVALID and USAGE.
 */
export async function skewOf(context: StoreContext, call: SkewCall): Promise<SkewView> {
  const sample = sizeOf(call);
  const { columns, entities, at } = call.logged
    ? await logged(context, call, sample)
    : await servedNow(context, call, sample);
  return { at, entities, columns, fault: await servingFaultOf(context) };
}

interface Compared {
  readonly at: number;
  readonly entities: number;
  readonly columns: readonly ComparedColumn[];
}

async function servedNow(context: StoreContext, call: SkewCall, sample: number): Promise<Compared> {
  const { platform, spec } = context;
  const features = await requireStage(platform.records, spec.config.name, 'features', 'Comparing training and serving');
  const at = features.materialized[0]?.to ?? 0;
  const { keys, trained } = await withPartitions(platform, spec.config.name, async (partitions) => {
    const dataset = { spec, partitions, clock: at, materializeFrom: 0 };
    const chosen = call.keys ?? (await seenLast(context, dataset, sample));
    return { keys: chosen, trained: await platform.services.data.historicalAt(dataset, chosen, at) };
  });
  const served = await serveFeatures(context, { keys, at });
  if (call.keys) requireKnown(context, { keys, served, trained });
  return { at, entities: keys.length, columns: compareColumns({ keys, served, trained }, { examples: EXAMPLES }) };
}

/** The entities seen last by the clock, newest first. */
function seenLast(context: StoreContext, { clock, ...call }: DatasetCall, limit: number): Promise<readonly string[]> {
  const { table, event_timestamp: time } = call.spec.labels;
  return context.platform.services.data.withTables(call, storeControl(context), async (tables) =>
    newestKeys(await tables.table(table), { keys: joinKeys(call.spec), time, at: clock, limit }),
  );
}

/** An entity that neither way knows has no features to compare. */
function requireKnown({ spec }: StoreContext, { keys, served, trained }: Served): void {
  const columns = spec.config.features.map((reference) => columnOf(trained, shortName(reference)));
  const unknown = keys.filter(
    (_, row) =>
      served[row]?.every(({ status }) => status === 'NOT_FOUND') &&
      columns.every((column) => Number(cellAt(column, row) ?? 0) === 0),
  );
  if (unknown.length === 0) return;
  throw new WorkbenchError(
    'FEATURES_INVALID',
    `There is no ${spec.config.entity} ${unknown.map((key) => `"${key}"`).join(', ')}, neither in the raw tables nor in the online store. Search for one in the list.`,
  );
}

interface Served {
  readonly keys: readonly string[];
  readonly served: readonly (readonly OnlineFeature[])[];
  readonly trained: Table;
}

/** The newest predictions of the log, each at the moment it was served for. */
async function logged(context: StoreContext, call: SkewCall, sample: number): Promise<Compared> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const data = await requireStage(platform.records, model, 'data', 'Comparing training and serving');
  const found = await platform.records.read(Object.keys(inferenceTables), (tx) =>
    recentPredictions(tx, model, call.keys ? Number.MAX_SAFE_INTEGER : sample),
  );
  const names = spec.config.features.map(shortName);
  // A version with other features was asked something else.
  const wanted = found
    .filter(({ entity_key: key }) => call.keys?.includes(key) ?? true)
    .filter(({ factors }) => names.every((name) => factors.some(({ feature }) => feature === name)))
    .slice(0, sample);
  if (wanted.length === 0) {
    throw new WorkbenchError(
      'USAGE',
      `No prediction of ${model}${call.keys ? ' for these entities' : ''} with its present features is in the log yet. Predict for one in the Inference stage first.`,
    );
  }
  const keys = wanted.map(({ entity_key: key }) => key);
  const times = wanted.map(({ event_timestamp: time }) => time);
  const trained = await withPartitions(platform, model, (partitions) =>
    platform.services.data.historicalAt({ spec, partitions, clock: data.clock, materializeFrom: 0 }, keys, times),
  );
  const served = wanted.map((prediction) => loggedFeatures(prediction, spec.config.features));
  const columns = compareColumns({ keys, served, trained }, { examples: EXAMPLES, kept: asLogged });
  return { at: data.clock, entities: keys.length, columns };
}

function loggedFeatures(
  { factors }: Prediction,
  references: readonly string[],
): readonly Pick<OnlineFeature, 'feature' | 'value'>[] {
  const values = new Map(factors.map(({ feature, value }) => [feature, value]));
  return references.map((reference) => {
    const feature = shortName(reference);
    return { feature, value: values.get(feature) ?? null };
  });
}

/** The log keeps what the model read: float32 numbers, truth values as 1 and 0. */
function asLogged(cell: Cell): Cell {
  return cell === null ? null : Math.fround(Number(cell));
}

function sizeOf({ keys, sample = SAMPLE }: SkewCall): number {
  const size = keys?.length ?? sample;
  if (Number.isInteger(size) && size >= 1 && size <= MOST) return size;
  throw new WorkbenchError('USAGE', `${size} entities cannot be compared at once; choose 1 to ${MOST}.`);
}

/** Switches the lesson's fault on, or off with null. Throws FEATURES_INVALID where the feature cannot be broken so. */
export async function setServingFault(context: StoreContext, fault: ServingFault | null): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const stored = fault ? { model, feature: referenceOf(context, fault), kind: fault.kind } : null;
  await platform.records.write(['serving_faults'], async (tx) => {
    if (stored) await tx.put('serving_faults', stored);
    else await tx.delete('serving_faults', model);
  });
}

const NUMBERS: ReadonlySet<string> = new Set(['int32', 'int64', 'float32', 'float64']);

/** "view:feature" of what is to be broken, which may be given by its short name. */
function referenceOf({ spec }: StoreContext, { feature, kind }: ServingFault): string {
  const { features } = spec.config;
  const reference = features.find((one) => one === feature || shortName(one) === feature);
  if (reference === undefined) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `${spec.config.name} is not trained on "${feature}"; choose one of ${features.join(', ')}.`,
    );
  }
  const [name] = reference.split(':', 1);
  const stored = spec.definitions.views.find((view) => view.name === name);
  const onDemand = spec.definitions.onDemandViews?.find((view) => view.name === name);
  if (kind === 'stale' && onDemand) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `"${reference}" is computed when it is asked for, so it cannot be stale. Choose a feature that it is computed from.`,
    );
  }
  const field = (stored ?? onDemand)?.schema.find((one) => one.name === shortName(reference));
  if (kind === 'unit' && !NUMBERS.has(field?.dtype ?? '')) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `"${reference}" is ${field?.dtype ?? 'unknown'}, which has no unit. Choose a number, or serve it stale or missing.`,
    );
  }
  return reference;
}
