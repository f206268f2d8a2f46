import { decisionThreshold } from '../../config/schema';
import { WorkbenchError } from '../../utils/errors';
import type { Records, RecordsTx } from '../../utils/records';
import { utf8Bytes } from '../../utils/utf8';
import { championOf, createVersion, registryTables, setAlias, versionOfRun } from '../../registry/versions';
import { applyDecision } from '../../registry/promotion';
import type { Decision, InputExample, ModelVersion, Signature } from '../../registry/types';
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
import { measureLatency } from './latency';
import { exampleOf, signatureOf } from './model-signature';
import type { TrainingRecord } from './plan';
import { score } from './score';
import { checkSkew, guarded } from './skew-guard';
import { trainedFeatures } from './trained-features';

/** Registers the newest training's winner as challenger and decides whether it becomes champion. A run that is registered and judged stays as it is. */
export async function runRegistryStage(context: StageContext): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const training = await requireStage(platform.records, model, 'training', 'The registry');
  const known = await platform.records.read(Object.keys(registryTables), (tx) =>
    versionOfRun(tx, model, training.run_id),
  );
  if (known?.decision) return;
  const judged = await judgeRun(context, training.run_id);
  await beforeCommit(context, 'registry');
  await platform.records.write(['stage_results', ...Object.keys(registryTables)], async (tx) => {
    const now = platform.now();
    const { version } =
      known ??
      (await createVersion(tx, {
        name: model,
        run_id: training.run_id,
        description: '',
        tags: versionTags(spec, judged.challenger),
        signature: judged.signature,
        input_example: judged.example,
        now,
        actor: 'pipeline',
      }));
    await commitDecision(tx, { model, version, run_id: training.run_id, decision: judged.decision, now });
  });
}

/** Facts of a version that are known when it is made. */
export function versionTags(spec: ModelSpec, { model }: Pick<LoadedModel, 'model'>): Readonly<Record<string, string>> {
  return { kind: model.kind, 'feast.feature_service': spec.definitions.service.name };
}

/** Makes a version the challenger, carries out what was decided about it, and says so on the stage. */
export async function commitDecision(
  tx: RecordsTx,
  call: {
    readonly model: string;
    readonly version: number;
    readonly run_id: string;
    readonly decision: Decision;
    readonly now: number;
  },
): Promise<void> {
  const { model, version, run_id, decision, now } = call;
  const reason = 'it is judged against the champion';
  await setAlias(tx, { name: model, alias: 'challenger', version, actor: 'pipeline', reason, now });
  await applyDecision(tx, { name: model, version, decision, now });
  if (decision.verdict === 'promoted') await markNewChampion(tx, model, version);
  const state = registryState(version, decision);
  await putStage(tx, { model, stage: 'registry', state, result: { version, run_id } });
}

/** What was decided about a run's model, and what is kept of it with the version. */
export interface JudgedRun {
  readonly decision: Decision;
  readonly challenger: LoadedModel;
  readonly signature: Signature;
  readonly example: InputExample | null;
}

/** Compares a run's model with the champion by the rule of config.yaml, all gates and the skew guard included. */
export async function judgeRun(context: StageContext, runId: string): Promise<JudgedRun> {
  const { platform, spec } = context;
  const challenger = await loadModel(platform.records, spec, runId);
  const champion = await platform.records.read(Object.keys(registryTables), (tx) => championOf(tx, spec.config.name));
  const rival = champion ? { ...(await loadModel(platform.records, spec, champion.run_id)), version: champion } : null;
  const judged = await compareRuns(context, challenger, rival);
  const skew = await checkSkew(context, challenger.features);
  return { ...judged, decision: guarded(judged.decision, skew, await servingFaultOf(context)), challenger };
}

/** Two models on rows that neither was trained on, without the skew guard. */
export async function compareRuns(
  context: StageContext,
  challenger: LoadedModel,
  rival: (LoadedModel & { readonly version: ModelVersion }) | null,
): Promise<Omit<JudgedRun, 'challenger'>> {
  const { platform, spec } = context;
  const { promotion, entity } = spec.config;
  const features = await requireStage(platform.records, spec.config.name, 'features', 'The registry');
  const dataset = await loadDataset({ platform, spec: withFeatures(spec, challenger.features) }, features);
  const rows = unseenRows(dataset, [challenger, ...(rival ? [rival] : [])], challenger.record.judgeFrom);
  const columns = pickColumns(dataset.features, rows);
  const rivalColumns = rival ? await columnsOfRival(context, { rival, features, rows }) : [];
  const signature = signatureOf(spec, challenger.features);
  const facts = promotion.gates
    ? {
        groups: Object.fromEntries(
          Object.entries(dataset.groups).map(([name, values]) => [name, pickValues(values, rows)]),
        ),
        threshold: decisionThreshold(spec.config),
        entity,
        signatures: {
          challenger: signature,
          champion: rival ? (rival.version.signature ?? signatureOf(spec, rival.features)) : null,
        },
        bytes: { challenger: challenger.bytes, champion: rival?.bytes ?? null },
        latency: promotion.gates.latency
          ? await measureLatency(
              platform,
              { challenger: challenger.model, champion: rival?.model ?? null },
              { challenger: firstRow(columns), champion: firstRow(rivalColumns) },
            )
          : { challenger: null, champion: null, how: '' },
      }
    : undefined;
  const decision = await platform.services.training.judge(
    {
      rule: promotion,
      labels: pickLabels(dataset, rows),
      challenger: await score(context, challenger.model, columns),
      champion: rival ? await score(context, rival.model, rivalColumns) : null,
      championVersion: rival?.version.version ?? null,
      keys: pickValues(dataset.keys, rows),
      seed: context.seed,
      judgedOn: judgedOn(challenger.record.judgeFrom, entity, rival !== null),
      facts,
    },
    progressOf(context, 'registry'),
    context.signal,
  );
  return { decision, signature, example: exampleOf(dataset, rows) };
}

function firstRow(columns: readonly Float32Array[]): Float32Array[] {
  return columns.map((column) => column.slice(0, 1));
}

/** The same rows for the champion, each with the features that it was trained on. */
async function columnsOfRival(
  context: StageContext,
  call: { readonly rival: LoadedModel; readonly features: FeaturesResult; readonly rows: Int32Array },
): Promise<Float32Array[]> {
  const spec = withFeatures(context.spec, call.rival.features);
  const dataset = await loadDataset({ platform: context.platform, spec }, call.features);
  return pickColumns(dataset.features, call.rows);
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
  /** Of model.json. */
  readonly bytes: number;
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
    bytes: utf8Bytes(textOf(model, runId)).length,
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
      return {
        status: 'attention',
        figure: `v${version}`,
        caption: decision.improvement === null && decision.rule !== 'first' ? 'not compared' : 'a gate not passed',
        sentence,
      };
    default:
      return {
        status: 'good',
        figure: `v${decision?.champion_version ?? version}`,
        caption: 'stays champion',
        sentence,
      };
  }
}
