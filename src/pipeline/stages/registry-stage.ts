import { WorkbenchError } from '../../utils/errors';
import type { Records } from '../../utils/records';
import { championOf, createVersion, registryTables, setAlias, versionOfRun } from '../../registry/versions';
import { applyDecision } from '../../registry/promotion';
import type { Decision } from '../../registry/types';
import { readArtifact, trackingTables } from '../../tracking/runs';
import { readModel } from '../../interop/model-file';
import { keyHash } from '../../training/split';
import type { Model } from '../../training/model';
import { withFeatures, type ModelSpec } from '../model-spec';
import type { Dataset } from '../services/dataset';
import type { FeaturesResult } from '../tables';
import { markNewChampion, putStage, requireStage } from '../stage-results';
import { servingFaultOf } from '../store/serving-fault';
import type { StageState } from '../views';
import {
  beforeCommit,
  labelledRows,
  loadDataset,
  pickColumns,
  pickLabels,
  pickValues,
  progressOf,
  type StageContext,
} from './context';
import type { TrainingRecord } from './plan';
import { score } from './score';
import { checkSkew, guarded } from './skew-guard';
import { trainedFeatures } from './trained-features';

/** Registers the newest training's winner as challenger and decides whether it becomes champion. A run that is registered stays as it is. */
export async function runRegistryStage(context: StageContext): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const training = await requireStage(platform.records, model, 'training', 'The registry');
  const known = await platform.records.read(Object.keys(registryTables), (tx) =>
    versionOfRun(tx, model, training.run_id),
  );
  if (known) return;
  const challenger = await loadModel(platform.records, spec, training.run_id);
  const decision = guarded(
    await decide(context, challenger),
    await checkSkew(context, challenger.features),
    await servingFaultOf(context),
  );
  await beforeCommit(context, 'registry');
  await platform.records.write(['stage_results', ...Object.keys(registryTables)], async (tx) => {
    const now = platform.now();
    const version = await createVersion(tx, {
      name: model,
      run_id: training.run_id,
      description: '',
      tags: { kind: challenger.model.kind, 'feast.feature_service': spec.definitions.service.name },
      now,
      actor: 'pipeline',
    });
    await setAlias(tx, {
      name: model,
      alias: 'challenger',
      version: version.version,
      actor: 'pipeline',
      reason: 'newest training run',
      now,
    });
    await applyDecision(tx, { name: model, version: version.version, decision, now });
    if (decision.verdict === 'promoted') await markNewChampion(tx, model, version.version);
    const state = registryState(version.version, decision);
    await putStage(tx, {
      model,
      stage: 'registry',
      state,
      result: { version: version.version, run_id: training.run_id },
    });
  });
}

async function decide(context: StageContext, challenger: LoadedModel): Promise<Decision> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const champion = await platform.records.read(Object.keys(registryTables), (tx) => championOf(tx, model));
  const features = await requireStage(platform.records, model, 'features', 'The registry');
  const dataset = await loadDataset({ platform, spec: withFeatures(spec, challenger.features) }, features);
  const rival = champion ? await loadModel(platform.records, spec, champion.run_id) : null;
  const rows = unseenRows(dataset, [challenger, ...(rival ? [rival] : [])], challenger.record.judgeFrom);
  return platform.services.training.judge(
    {
      rule: spec.config.promotion,
      labels: pickLabels(dataset, rows),
      challenger: await score(context, challenger.model, pickColumns(dataset.features, rows)),
      champion: rival ? await scoreRival(context, { rival, features, rows }) : null,
      championVersion: champion?.version ?? null,
      keys: pickValues(dataset.keys, rows),
      seed: context.seed,
      judgedOn: judgedOn(challenger.record.judgeFrom, spec.config.entity, rival !== null),
    },
    progressOf(context, 'registry'),
    context.signal,
  );
}

/** The champion on the same rows, each with the features that it was trained on. */
async function scoreRival(
  context: StageContext,
  call: { readonly rival: LoadedModel; readonly features: FeaturesResult; readonly rows: Int32Array },
): Promise<Float64Array> {
  const spec = withFeatures(context.spec, call.rival.features);
  const dataset = await loadDataset({ platform: context.platform, spec }, call.features);
  return score(context, call.rival.model, pickColumns(dataset.features, call.rows));
}

function judgedOn(judgeFrom: number | null, entity: string, hasRival: boolean): string {
  const unseen = `whose ${entity} ${hasRival ? 'neither model' : 'it'} was ${hasRival ? '' : 'not '}trained on`;
  return judgeFrom === null
    ? `labelled rows ${unseen}`
    : `the newest labelled window, from ${isoDay(judgeFrom)}, rows ${unseen}`;
}

/** "2026-03-02" of microseconds since 1970. */
export function isoDay(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(0, 10);
}

export interface LoadedModel {
  readonly model: Model;
  /** "view:feature" in the order it was trained on. */
  readonly features: readonly string[];
  readonly record: TrainingRecord;
  readonly trainKeyHashes: ReadonlySet<string>;
}

/** A run's model with what it was trained on. */
export async function loadModel(records: Records, spec: ModelSpec, runId: string): Promise<LoadedModel> {
  const [model, record, hashes, features] = await records.read(Object.keys(trackingTables), async (tx) => [
    await readArtifact(tx, runId, 'model.json'),
    await readArtifact(tx, runId, 'training.json'),
    await readArtifact(tx, runId, 'train_key_hashes.json'),
    await trainedFeatures(tx, spec, runId),
  ]);
  return {
    features,
    model: readModel(textOf(model, runId)),
    record: JSON.parse(textOf(record, runId)) as TrainingRecord,
    trainKeyHashes: new Set(JSON.parse(textOf(hashes, runId)) as string[]),
  };
}

function textOf(artifact: { readonly content: string | Uint8Array } | undefined, runId: string): string {
  if (typeof artifact?.content !== 'string') {
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `Run ${runId} has lost its files in this browser's storage. Train again.`,
    );
  }
  return artifact.content;
}

/** Labelled rows whose entity none of the models was trained on, from `judgeFrom` on when given. */
export function unseenRows(dataset: Dataset, models: readonly LoadedModel[], judgeFrom: number | null): Int32Array {
  const seen = new Map<string, boolean>();
  const isSeen = (key: string): boolean => {
    let value = seen.get(key);
    if (value === undefined) {
      const hash = keyHash(key);
      value = models.some((model) => model.trainKeyHashes.has(hash));
      seen.set(key, value);
    }
    return value;
  };
  return labelledRows(dataset).filter(
    (row) => (judgeFrom === null || (dataset.times[row] ?? 0) >= judgeFrom) && !isSeen(dataset.keys[row] ?? ''),
  );
}

/** The sentence and figure of the Registry stage. */
export function registryState(version: number, decision: Decision | null): StageState {
  const sentence = decision?.reason ?? `v${version} is registered.`;
  switch (decision?.verdict) {
    case 'promoted':
      return { status: 'good', figure: `v${version}`, caption: 'champion', sentence };
    case 'awaiting_approval':
      return { status: 'attention', figure: `v${version}`, caption: 'waits for approval', sentence };
    case 'refused':
      return { status: 'attention', figure: `v${version}`, caption: 'not compared', sentence };
    default:
      return {
        status: 'good',
        figure: `v${decision?.champion_version ?? version}`,
        caption: 'stays champion',
        sentence,
      };
  }
}
