import { getOnlineFeatures } from '../../features/get-online-features';
import { KEY_SEPARATOR } from '../../features/materialize';
import { compareServing, type SkewReport } from '../../features/skew';
import type { Decision } from '../../registry/types';
import { joinKeys } from '../model-spec';
import { onDemandMeans } from '../on-demand-means';
import { partitionsOf, requireStage } from '../stage-results';
import { progressOf, type StageContext } from './context';

/** Entities whose two feature rows are compared before a promotion. */
const SAMPLE = 100;

/** Compares what a sample of entities is served with what training would join for it at the moment materialized to. */
export async function checkSkew(context: StageContext): Promise<SkewReport> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const features = await requireStage(platform.records, model, 'features', 'The registry');
  const at = features.materialized[0]?.to ?? 0;
  const keys = features.sampleKeys.slice(0, SAMPLE);
  const names = joinKeys(spec);
  progressOf(context, 'registry')({ label: 'comparing served with trained features', done: 0, total: 0 });
  const trained = await platform.services.data.historicalAt(
    { spec, partitions: await partitionsOf(platform.records, model), clock: at, materializeFrom: 0 },
    keys,
    at,
  );
  const served = await getOnlineFeatures(platform.records, {
    ...onDemandMeans(platform, model),
    definitions: spec.definitions,
    model,
    features: spec.config.features,
    entityRows: keys.map((key) =>
      Object.fromEntries(key.split(KEY_SEPARATOR).map((part, i) => [names[i] ?? '', part])),
    ),
    at,
  });
  return compareServing({ keys, served, trained });
}

/** A decision with what the skew guard found; a difference refuses the version, whatever it scores. */
export function guarded(decision: Decision, skew: SkewReport): Decision {
  const [worst] = [...skew.differing].sort((a, b) => b.differ - a.differ);
  if (!worst) return { ...decision, skew };
  const reason =
    `Refused: ${skew.differing.length} of ${skew.features} features are served otherwise than they were trained with. ` +
    `${worst.feature} differs for ${worst.differ} of ${skew.entities} entities; for ${worst.entity_key} training has ${worst.trained}, serving ${worst.served}. Run the Features stage again.`;
  return { ...decision, verdict: 'refused', reason, skew };
}
