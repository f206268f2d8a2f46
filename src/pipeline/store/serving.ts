import { withPartitions } from '../partition-list';
import { getOnlineFeatures, type AlterServed } from '../../features/get-online-features';
import { KEY_SEPARATOR } from '../../features/materialize';
import type { OnlineFeature } from '../../features/types';
import { cellAt, columnOf, type Cell } from '../../utils/columns';
import { folderOf, joinKeys, shortName, withFeatures, type ModelSpec } from '../model-spec';
import { onDemandMeans } from '../on-demand-means';
import type { Platform } from '../platform';
import { requireStage } from '../stage-results';
import { servingFaultOf } from './serving-fault';
import type { ServingFault } from './types';

/** What serving needs to know of a model. */
export interface ServingContext {
  readonly platform: Platform;
  readonly spec: ModelSpec;
}

export interface ServeCall {
  readonly keys: readonly string[];
  /** Microseconds, the moment served for. */
  readonly at: number;
  /** All that the model is trained on, when absent. */
  readonly features?: readonly string[];
}

/**
 * What features are served as, one list an entity: the online store's values, through the lesson's switch where it is on.
 * This is the one place where the switch acts; everything that serves a model's features asks here.
 */
export async function serveFeatures(
  context: ServingContext,
  { keys, at, features = context.spec.config.features }: ServeCall,
): Promise<readonly (readonly OnlineFeature[])[]> {
  const { platform, spec } = context;
  const names = joinKeys(spec);
  const fault = await servingFaultOf(context);
  return getOnlineFeatures(platform.records, {
    ...onDemandMeans(platform, folderOf(spec)),
    definitions: spec.definitions,
    model: spec.config.name,
    features,
    entityRows: keys.map((key) => {
      const parts = key.split(KEY_SEPARATOR);
      return Object.fromEntries(names.map((name, i) => [name, parts[i] ?? '']));
    }),
    at,
    ...(fault ? { altered: alteredBy(context, fault, keys) } : {}),
  });
}

/** The lesson's switch as a change of what is served for `keys`. */
function alteredBy(context: ServingContext, fault: ServingFault, keys: readonly string[]): AlterServed {
  return async (reference, answers) => {
    if (reference !== fault.feature) return answers;
    switch (fault.kind) {
      case 'missing':
        return answers.map((answer) => withValue(answer, null));
      case 'unit':
        return answers.map((answer) => withValue(answer, inOtherUnit(answer.value)));
      case 'stale': {
        const before = await valuesBefore(context, { reference, keys, answers });
        return answers.map((answer, row) => withValue(answer, before[row] ?? null));
      }
    }
  };
}

function withValue(answer: OnlineFeature, value: Cell): OnlineFeature {
  if (value === answer.value) return answer;
  return { ...answer, value, status: value === null ? 'NULL_VALUE' : 'PRESENT' };
}

/** A tenth of a number, as when centimetres are taken for millimetres; whole where it is whole. */
function inOtherUnit(value: Cell): Cell {
  if (typeof value === 'number') return value * 0.1;
  if (typeof value !== 'bigint') return value;
  return value % 10n === 0n ? value / 10n : Number(value) * 0.1;
}

interface Before {
  readonly reference: string;
  readonly keys: readonly string[];
  readonly answers: readonly OnlineFeature[];
}

/** The feature as it was joined right before each entity's newest event; nothing where that event was the first. */
async function valuesBefore(
  { platform, spec }: ServingContext,
  { reference, keys, answers }: Before,
): Promise<readonly Cell[]> {
  const data = await requireStage(platform.records, spec.config.name, 'data', 'Serving');
  const wanted = { spec: withFeatures(spec, [reference]), clock: data.clock, materializeFrom: data.clock };
  const times = answers.map(({ event_timestamp: time }) => (time ?? data.clock) - 1);
  const joined = await withPartitions(platform, spec.config.name, (partitions) =>
    platform.services.data.historicalAt({ ...wanted, partitions }, keys, times),
  );
  const column = columnOf(joined, shortName(reference));
  return answers.map(({ status }, row) =>
    status === 'PRESENT' || status === 'NULL_VALUE' ? cellAt(column, row) : null,
  );
}
