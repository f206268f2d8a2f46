import type { RegistryView } from '../../src/pipeline/views';
import type { ModelVersion } from '../../src/registry/types';
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
    description: '',
    decision: {
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
      { version: 1, from: at(1) + 4000, to: at(2) + 180_000 },
      { version: 2, from: at(2) + 180_000, to: null },
    ],
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
