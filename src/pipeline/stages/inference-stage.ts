import { sha256Hex } from '../../utils/hash';
import { WorkbenchError } from '../../utils/errors';
import { makeRandom } from '../../utils/random';
import { makeTable, stringColumn } from '../../utils/columns';
import { toModelColumn } from '../../inference/columns';
import { inferenceTables, logBatch } from '../../inference/log';
import type { PredictionBatch } from '../../inference/types';
import { championOf, registryTables } from '../../registry/versions';
import type { ModelVersion } from '../../registry/types';
import { featureNamesOf, type Model } from '../../training/model';
import type { StageState } from '../views';
import type { InferenceResult } from '../tables';
import { withFeatures } from '../model-spec';
import { serveFeatures } from '../store/serving';
import { servingFaultOf } from '../store/serving-fault';
import { count, percent, putStage, requireStage } from '../stage-results';
import { beforeCommit, controlFor, progressOf, type StageContext } from './context';
import { onlineColumns, type ScoredRows } from './online-columns';
import { loadModel } from './registry-stage';
import { score } from './score';
import { checkpoint } from '../../utils/control';

const EXPLAINED_ROWS = 500;

/** Scores every entity's newest online features with the champion and logs the batch. */
export async function runInferenceStage(context: StageContext): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const champion = await requireChampion(context);
  const data = await requireStage(platform.records, model, 'data', 'Inference');
  await checkpoint(controlFor(context, 'inference'), { label: 'reading the online store', done: 0, total: 3 });
  const { model: served, features } = await loadModel(platform.records, spec, champion.run_id);
  const serving = withFeatures(spec, features);
  const online = await onlineColumns(platform, serving, data.clock, { signal: context.signal });
  const scored = await throughFault({ platform, spec: serving }, online, data.clock);
  await checkpoint(controlFor(context, 'inference'), {
    label: `scoring ${count(scored.keys.length)} entities`,
    done: 1,
    total: 3,
  });
  const p = await score(context, served, scored.columns);
  const importance = await meanShap(context, served, scored);
  const { batch, bytes } = await makeBatch(context, { champion, scored, p, source: 'run', to: data.clock });
  const result: InferenceResult = {
    batch_id: batch.batch_id,
    version: champion.version,
    histogram: histogram20(p),
    importance,
  };
  try {
    await platform.files.write(batch.path, bytes);
    await beforeCommit(context, 'inference');
    await platform.records.write(['stage_results', ...Object.keys(inferenceTables)], async (tx) => {
      await logBatch(tx, batch);
      await putStage(tx, { model, stage: 'inference', state: inferenceState(batch, context), result });
    });
  } catch (error) {
    await platform.files.delete(batch.path);
    throw error;
  }
}

/** The champion's version, or a sentence saying how to get one. */
export async function requireChampion(context: Pick<StageContext, 'platform' | 'spec'>): Promise<ModelVersion> {
  const model = context.spec.config.name;
  const champion = await context.platform.records.read(Object.keys(registryTables), (tx) => championOf(tx, model));
  if (!champion) {
    throw new WorkbenchError(
      'USAGE',
      `${model} has no champion yet. Run the Registry stage, and approve the version that waits if there is one.`,
    );
  }
  return champion;
}

/** The lesson's switch, where it is on: its feature and those computed on demand as they are served. */
async function throughFault(
  context: Pick<StageContext, 'platform' | 'spec'>,
  scored: ScoredRows,
  at: number,
): Promise<ScoredRows> {
  const fault = await servingFaultOf(context);
  if (!fault) return scored;
  const { config, definitions } = context.spec;
  const onDemand = (definitions.onDemandViews ?? []).map(({ name }) => `${name}:`);
  const features = config.features.filter(
    (reference) => reference === fault.feature || onDemand.some((view) => reference.startsWith(view)),
  );
  const served = await serveFeatures(context, { keys: scored.keys, at, features });
  const columns = config.features.map((reference, index) => {
    const place = features.indexOf(reference);
    if (place < 0) return scored.columns[index] ?? new Float32Array();
    return Float32Array.from(served, ({ [place]: answer }) => (answer ? (toModelColumn(answer)[0] ?? NaN) : NaN));
  });
  return { ...scored, columns };
}

/** Mean |SHAP| over a seeded sample, largest first. */
async function meanShap(
  context: StageContext,
  model: Model,
  scored: ScoredRows,
): Promise<InferenceResult['importance']> {
  const all = Int32Array.from(scored.keys.keys());
  const rows = makeRandom(context.seed, 'inference.explained').shuffle(all).slice(0, EXPLAINED_ROWS).sort();
  const explained = await context.platform.services.explain.explain(
    { model, columns: scored.columns, rows },
    progressOf(context, 'inference'),
    context.signal,
  );
  return featureNamesOf(model)
    .map((feature, index) => ({
      feature,
      n: rows.length,
      meanAbsShap: explained.values.reduce((sum, row) => sum + Math.abs(row[index] ?? 0), 0) / Math.max(rows.length, 1),
    }))
    .sort((a, b) => b.meanAbsShap - a.meanAbsShap);
}

/** A batch record and its Arrow file's bytes. */
export async function makeBatch(
  context: StageContext,
  scored: {
    readonly champion: ModelVersion;
    readonly scored: ScoredRows;
    readonly p: Float64Array;
    readonly source: 'run' | 'window';
    readonly to: number;
  },
): Promise<{ batch: PredictionBatch; bytes: Uint8Array }> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const table = makeTable([
    ['entity_key', stringColumn(scored.scored.keys)],
    ['event_timestamp', { type: 'timestamp', values: scored.scored.times }],
    ['probability', { type: 'float64', values: scored.p }],
  ]);
  const bytes = await platform.arrow.encode(table);
  const batchId = platform.newId();
  const high = scored.p.reduce((sum, value) => sum + (value >= spec.config.risk_bands.high ? 1 : 0), 0);
  const batch: PredictionBatch = {
    batch_id: batchId,
    model,
    version: scored.champion.version,
    from: scored.scored.times.reduce((least, value) => Math.min(least, value), scored.to),
    to: scored.to,
    logged_at: platform.now(),
    rows: scored.p.length,
    high_risk_share: high / Math.max(scored.p.length, 1),
    mean_probability: scored.p.reduce((sum, value) => sum + value, 0) / Math.max(scored.p.length, 1),
    path: `predictions/${model}/${batchId}-${sha256Hex(bytes).slice(0, 16)}.arrow`,
    source: scored.source,
  };
  return { batch, bytes };
}

/** Counts of probabilities in 20 equal bins over 0..1. */
export function histogram20(p: Float64Array): number[] {
  const counts = new Array<number>(20).fill(0);
  for (const value of p) {
    const bin = Math.min(19, Math.floor(value * 20));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

export function inferenceState(batch: PredictionBatch, context: StageContext): StageState {
  return {
    status: 'good',
    figure: count(batch.rows),
    caption: 'scored',
    sentence: `${count(batch.rows)} scored by champion v${batch.version}; ${percent(batch.high_risk_share)} are high risk (probability ${context.spec.config.risk_bands.high} or more). Pick one to see why.`,
  };
}
