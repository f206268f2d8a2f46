import { compareServing, type SkewReport } from '../../features/skew';
import type { Decision, GateResult } from '../../registry/types';
import { withFeatures } from '../model-spec';
import { partitionsOf, requireStage } from '../stage-results';
import { serveFeatures } from '../store/serving';
import type { ServingFault } from '../store/types';
import { progressOf, type StageContext } from './context';

/** Entities whose two feature rows are compared before a promotion. */
const SAMPLE = 100;

/** Compares what a sample of entities is served with what training would join for it at the moment materialized to. */
export async function checkSkew(context: StageContext, trainedOn: readonly string[]): Promise<SkewReport> {
  const { platform } = context;
  const spec = withFeatures(context.spec, trainedOn);
  const model = spec.config.name;
  const features = await requireStage(platform.records, model, 'features', 'The registry');
  const at = features.materialized[0]?.to ?? 0;
  const keys = features.sampleKeys.slice(0, SAMPLE);
  progressOf(context, 'registry')({ label: 'comparing served with trained features', done: 0, total: 0 });
  const trained = await platform.services.data.historicalAt(
    { spec, partitions: await partitionsOf(platform.records, model), clock: at, materializeFrom: 0 },
    keys,
    at,
  );
  const served = await serveFeatures(context, { keys, at, features: trainedOn });
  return compareServing({ keys, served, trained });
}

/**
 * A decision with what the skew guard found; a difference refuses the version, whatever it scores. `fault` is the lesson's
 * switch, which then has to be off first.
 */
export function guarded(decision: Decision, skew: SkewReport, fault: ServingFault | null): Decision {
  const [worst] = [...skew.differing].sort((a, b) => b.differ - a.differ);
  const gates = [...(decision.gates ?? []), skewGate(skew)];
  if (!worst) return { ...decision, skew, gates };
  const advice = fault
    ? `Serving of ${fault.feature} is broken on purpose; switch that off in the Features stage, under Training and serving.`
    : 'Run the Features stage again.';
  const reason =
    `Refused: ${skew.differing.length} of ${skew.features} features are served otherwise than they were trained with. ` +
    `${worst.feature} differs for ${worst.differ} of ${skew.entities} entities; for ${worst.entity_key} training has ${worst.trained}, serving ${worst.served}. ${advice}`;
  return { ...decision, verdict: 'refused', reason, skew, gates };
}

function skewGate({ differing, features, entities }: SkewReport): GateResult {
  return {
    gate: 'skew',
    what: 'features served otherwise than trained',
    passed: differing.length === 0,
    challenger: null,
    champion: null,
    measured: differing.length,
    limit: 0,
    bound: 'at most',
    unit: 'count',
    n: entities,
    note:
      differing.length === 0
        ? `${features} features of ${entities} entities agree`
        : differing.map(({ feature, differ }) => `${feature}: ${differ} of ${entities} entities`).join('; '),
  };
}
