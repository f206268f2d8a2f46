import type { RegistryView } from '../../src/pipeline/views';
import type { GateResult, ModelVersion, Signature } from '../../src/registry/types';
import { estimate, WALL } from './fixture-estimate';

function version(
  number: number,
  verdict: 'promoted' | 'awaiting_approval' | 'archived',
  improvement: number | null,
): ModelVersion {
  const first = number === 1;
  return {
    name: 'heart_disease',
    version: number,
    run_id: `${number}c4f2be1a77d03c85e6f0aa01b2c3d4e`,
    creation_timestamp: WALL - (5 - number) * 2_700_000,
    tags: verdict === 'archived' || number < 3 ? { status: 'archived' } : {},
    description: number === 4 ? 'Trained on the last 60 days, after the older patients came.' : '',
    source: `runs:/${number}c4f2be1a77d03c85e6f0aa01b2c3d4e/model.json`,
    last_updated_timestamp: WALL - (5 - number) * 2_700_000,
    current_stage: 'None',
    signature: signature(),
    input_example: {
      columns: signature().inputs.map(({ name }) => name),
      data: [signature().inputs.map((_, at) => (at === 3 ? null : 40 + 17 * at))],
    },
    decision: {
      gates: gates(first, verdict, improvement),
      verdict,
      reason: first
        ? 'v1 is the first version; it becomes champion without a comparison.'
        : verdict === 'archived'
          ? `v${number} is 0.4% better than the champion on 4,118 rows neither was trained on; 2% is asked for, so it is archived.`
          : `v${number} is ${((improvement ?? 0) * 100).toFixed(1)}% better than the champion on 4,118 rows neither was trained on; 2% is asked for.`,
      rule: first ? 'first' : 'improvement',
      metric: 'roc_auc',
      direction: 'maximize',
      minimum_improvement: 0.02,
      improvement_kind: 'relative',
      challenger: estimate(0.871 + 0.02 * number * (verdict === 'archived' ? 0.4 : 0.62), 0.011, 4_118),
      champion: first ? null : estimate(0.889, 0.012, 4_118),
      champion_version: first ? null : number === 4 ? 2 : 1,
      improvement,
      n: 4_118,
      judged_on: 'newest labelled window, 1 Dec 2025 to 30 Jan 2026',
    },
  };
}

export function signature(): Signature {
  const inputs = ['patient_demographics:age', 'vitals:resting_bp', 'vitals:max_heart_rate', 'labs:cholesterol'];
  return {
    inputs: inputs.map((feature) => ({
      name: feature.slice(feature.indexOf(':') + 1),
      type: 'double' as const,
      required: false,
      feature,
      dtype: feature.endsWith('age') ? 'int64' : 'float64',
    })),
    outputs: [{ name: 'probability', type: 'double', required: true }],
  };
}

function gates(first: boolean, verdict: string, improvement: number | null): readonly GateResult[] {
  const base = { challenger: null, champion: null, n: 4_118, note: '', unit: 'value', bound: 'at most' } as const;
  const beats = { ...base, gate: 'improvement', bound: 'at least', unit: 'share', limit: 0.02 } as const;
  return [
    {
      ...base,
      gate: 'rows',
      what: 'rows neither was trained on',
      passed: true,
      measured: 4_118,
      limit: 20,
      bound: 'at least',
      unit: 'count',
    },
    {
      ...beats,
      what: 'relative improvement of the promotion metric',
      passed: first ? null : verdict !== 'archived',
      challenger: 0.921,
      champion: first ? null : 0.889,
      measured: improvement,
      note: first ? 'There is no champion to beat.' : '',
    },
    {
      ...base,
      gate: 'fairness',
      what: 'recall gap between groups of sex',
      passed: verdict !== 'archived',
      challenger: 0.118,
      champion: 0.091,
      measured: 0.118,
      limit: verdict === 'archived' ? 0.1 : 0.15,
      note: 'female against male',
    },
    {
      ...base,
      gate: 'latency',
      what: 'time of one prediction',
      passed: true,
      challenger: 0.0213,
      measured: 0.0213,
      limit: 0.5,
      unit: 'ms',
      n: null,
      note: 'measured on this machine when it was judged: median of 3 batches of single rows',
    },
    {
      ...base,
      gate: 'skew',
      what: 'features served otherwise than trained',
      passed: true,
      measured: 0,
      limit: 0,
      unit: 'count',
      n: 100,
      note: '16 features of 100 entities agree',
    },
  ];
}

export function registryView(pending: boolean): RegistryView {
  const versions = [
    version(1, 'promoted', null),
    version(2, 'promoted', 0.031),
    version(3, 'archived', 0.004),
    ...(pending ? [version(4, 'awaiting_approval', 0.026)] : []),
  ];
  const at = (number: number) => versions[number - 1]?.creation_timestamp ?? WALL;
  const audit = versions.flatMap((one) => [
    { action: 'version_created' as const, version: one.version, reason: `made by run ${one.run_id.slice(0, 8)}` },
    { action: 'compared' as const, version: one.version, reason: one.decision?.reason ?? '' },
    {
      action:
        one.decision?.verdict === 'archived'
          ? ('archived' as const)
          : one.decision?.verdict === 'promoted'
            ? ('promoted' as const)
            : ('approval_requested' as const),
      version: one.version,
      reason:
        one.decision?.verdict === 'promoted'
          ? 'approved: better on recent visits, calibration unchanged'
          : 'below the rule',
    },
  ]);
  return {
    versions,
    aliases: pending ? { champion: 2, challenger: 4 } : { champion: 2 },
    champions: [
      {
        version: 1,
        from: at(1) + 4000,
        to: at(2) + 180_000,
        actor: 'pipeline',
        reason: 'The first version becomes champion without a comparison.',
      },
      {
        version: 2,
        from: at(2) + 180_000,
        to: null,
        actor: 'you',
        reason: 'Better on recent visits, calibration unchanged.',
      },
    ],
    former: [1],
    description: 'Scores visits of the cardiology outpatients.',
    tags: { 'card.users': 'Triage nurses, beside their own judgement' },
    audit: audit.map((entry, index) => ({
      sequence: index + 1,
      timestamp: at(entry.version) + index * 1000,
      model: 'heart_disease',
      actor: entry.action === 'promoted' ? 'person' : 'rule',
      details: {},
      prev_hash: '',
      hash: String(index),
      ...entry,
    })),
    pending: pending ? (versions.at(-1) ?? null) : null,
  };
}
