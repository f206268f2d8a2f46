import type { Decision, GateResult } from '../../registry/types';
import { bytes, count, fixed, metricName, percent, signed } from '../format';

/** The gates of a decision; of one made before they were kept, those its numbers tell. */
export function gatesOf(decision: Decision): readonly GateResult[] {
  if (decision.gates) return decision.gates;
  const base = { challenger: null, champion: null, n: null, note: '', unit: 'count', bound: 'at least' } as const;
  const list: GateResult[] = [
    { ...base, gate: 'rows', what: 'rows judged on', passed: decision.n > 0, measured: decision.n, limit: 1 },
  ];
  if (decision.improvement !== null) {
    list.push({
      ...base,
      gate: 'improvement',
      what: `${decision.improvement_kind} improvement of the promotion metric`,
      passed: decision.improvement >= decision.minimum_improvement,
      challenger: decision.challenger?.value ?? null,
      champion: decision.champion?.value ?? null,
      measured: decision.improvement,
      limit: decision.minimum_improvement,
      unit: decision.improvement_kind === 'relative' ? 'share' : 'value',
      n: decision.n,
    });
  }
  const { skew } = decision;
  if (skew) {
    list.push({
      ...base,
      gate: 'skew',
      what: 'features served otherwise than trained',
      passed: skew.differing.length === 0,
      measured: skew.differing.length,
      limit: 0,
      bound: 'at most',
      n: skew.entities,
      note: skew.differing.map((one) => `${one.feature}: ${count(one.differ)} of ${count(skew.entities)}`).join('; '),
    });
  }
  return list;
}

const TITLES: Readonly<Record<GateResult['gate'], string>> = {
  rows: 'Rows',
  improvement: 'Improvement',
  significance: 'Not by chance',
  fairness: 'Groups',
  calibration: 'Calibration',
  slices: 'Slices',
  schema: 'Schema',
  model_size: 'Size',
  latency: 'Latency',
  skew: 'Served as trained',
};

export function gateTitle(gate: GateResult['gate']): string {
  return TITLES[gate];
}

/** What a gate measured; the improvement names its metric. */
export function gateWhat(gate: GateResult, metric: string): string {
  return gate.what.replace('the promotion metric', metricName(metric));
}

/** A number of a gate in its unit; `own` values of an improvement are the metric's, not a share. */
export function gateAmount(value: number | null, gate: GateResult, own = false): string {
  if (value === null) return '–';
  if (gate.gate === 'improvement' && own) return fixed(value, 4);
  switch (gate.unit) {
    case 'share':
      return own ? percent(value, 1) : `${signed(100 * value, 1)}%`;
    case 'bytes':
      return bytes(value);
    case 'ms':
      return `${fixed(value, 4)} ms`;
    case 'count':
      return count(value);
    case 'value':
      return fixed(value, 4);
  }
}

/** "at most 0.1000". */
export function gateLimit(gate: GateResult): string {
  if (gate.gate === 'significance') return 'above 0';
  return `${gate.bound} ${gateAmount(gate.limit, gate)}`;
}
