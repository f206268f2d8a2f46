import { countText, listText } from '../fairness/wording';
import type { Control } from '../utils/control';
import { calibrationGates, fairnessGates, sliceGates } from './row-gates';
import { signatureGate } from './signature';
import type { Decision, GateResult, PromotionRule, Signature } from './types';

/** A number of the challenger's beside the champion's; null where there is no champion or it was not asked for. */
export interface Pair {
  readonly challenger: number | null;
  readonly champion: number | null;
}

/** What gates need beside labels and probabilities. */
export interface GateFacts {
  /** By sensitive column, the group of each row judged on. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Probability from which a row is predicted positive. */
  readonly threshold: number;
  readonly entity: string;
  readonly signatures: { readonly challenger: Signature; readonly champion: Signature | null };
  /** Of model.json. */
  readonly bytes: Pair;
  /** Milliseconds a row, and how they were measured. */
  readonly latency: Pair & { readonly how: string };
}

export interface GateRequest {
  readonly rule: PromotionRule;
  readonly labels: Uint8Array;
  readonly challenger: Float64Array;
  readonly champion: Float64Array | null;
  readonly keys: readonly string[];
  readonly facts?: GateFacts | undefined;
}

type Outcome = Pick<
  Decision,
  'rule' | 'metric' | 'improvement' | 'improvement_interval' | 'challenger' | 'champion'
> & {
  /** Why the rows cannot be compared; null where they can. */
  readonly refusal: string | null;
};

/** Every gate that the rule asks for, with its number; rows and improvement are always asked. */
export async function measureGates(request: GateRequest, outcome: Outcome, control: Control): Promise<GateResult[]> {
  const { rule, facts } = request;
  const { gates } = rule;
  const found = [rowsGate(request, outcome), improvementGate(rule, outcome)];
  if (gates?.significant) found.push(significanceGate(outcome));
  if (!gates || !facts) return found;
  const measurable = outcome.refusal === null;
  if (gates.fairness)
    found.push(...(await fairnessGates(request, facts, { asked: gates.fairness, measurable, control })));
  if (gates.calibration) found.push(...calibrationGates(request, gates.calibration, measurable));
  if (gates.slices) found.push(...sliceGates(request, facts, gates.slices));
  if (gates.schema) found.push(signatureGate(gates.schema, facts.signatures));
  const { bytes, latency } = facts;
  if (gates.model_size) {
    found.push({ ...SIZE, ...ownValue(bytes, gates.model_size.maximum_bytes), note: '' });
  }
  if (gates.latency) {
    found.push({ ...LATENCY, ...ownValue(latency, gates.latency.maximum_ms), note: latency.how });
  }
  return found;
}

function rowsGate({ labels, champion }: GateRequest, { refusal }: Outcome): GateResult {
  const first = champion === null;
  return {
    gate: 'rows',
    what: first ? 'rows it was not trained on' : 'rows neither was trained on',
    passed: refusal === null ? true : first ? null : false,
    challenger: null,
    champion: null,
    measured: labels.length,
    limit: 20,
    bound: 'at least',
    unit: 'count',
    n: labels.length,
    note: refusal === null ? '' : first ? 'The first version needs none.' : refusal,
  };
}

function improvementGate(rule: PromotionRule, { improvement, challenger, champion, ...outcome }: Outcome): GateResult {
  return {
    gate: 'improvement',
    what: `${rule.improvement} improvement of the promotion metric`,
    passed: improvement === null ? null : improvement >= rule.minimum_improvement,
    challenger: challenger?.value ?? null,
    champion: champion?.value ?? null,
    measured: improvement,
    limit: rule.minimum_improvement,
    bound: 'at least',
    unit: rule.improvement === 'relative' ? 'share' : 'value',
    n: challenger?.n ?? null,
    note: improvement !== null ? '' : outcome.rule === 'first' ? 'There is no champion to beat.' : 'Not compared.',
  };
}

function significanceGate({ improvement_interval: interval, champion, rule }: Outcome): GateResult {
  return {
    gate: 'significance',
    what: 'lower end of the 95% interval of the improvement',
    passed: interval ? interval.low > 0 : null,
    challenger: null,
    champion: null,
    measured: interval?.low ?? null,
    limit: 0,
    bound: 'at least',
    unit: 'value',
    n: champion?.n ?? null,
    note: interval
      ? 'It must lie above 0: else the improvement can be chance.'
      : rule === 'first'
        ? 'There is no champion to beat.'
        : 'Not compared.',
  };
}

const SIZE = { gate: 'model_size', what: 'bytes of model.json', unit: 'bytes', n: null } as const;
const LATENCY = { gate: 'latency', what: 'time of one prediction', unit: 'ms', n: null } as const;

/** The challenger's own value against a limit; the champion's stands beside it. */
function ownValue({ challenger, champion }: Pair, limit: number) {
  const passed = challenger === null ? null : challenger <= limit;
  return { passed, challenger, champion, measured: challenger, limit, bound: 'at most' } as const;
}

/** A decision with its gates: one that is not passed refuses what would have been promoted or put to a person. */
export function withGates(decision: Decision, gates: readonly GateResult[]): Decision {
  const failed = gates.filter(({ gate, passed }) => passed === false && gate !== 'rows' && gate !== 'improvement');
  if (failed.length === 0) return { ...decision, gates };
  const named = listText(failed.slice(0, 3).map(gateText));
  const more = failed.length > 3 ? `, and ${failed.length - 3} more` : '';
  if (decision.verdict === 'archived' || decision.verdict === 'refused') {
    return { ...decision, gates, reason: `${decision.reason} It also fails ${named}${more}.` };
  }
  const judged = gates.filter(({ passed }) => passed !== null).length;
  const reason = `Refused: passes ${judged - failed.length} of ${judged} gates. Not passed: ${named}${more}.`;
  return { ...decision, gates, verdict: 'refused', reason };
}

/** "recall gap between groups of sex 0.140 (at most 0.100)". */
function gateText({ what, measured, limit, bound, unit }: GateResult): string {
  return `${what} ${amountText(measured, unit)} (${bound} ${amountText(limit, unit)})`;
}

function amountText(value: number | null, unit: GateResult['unit']): string {
  if (value === null) return 'unknown';
  switch (unit) {
    case 'share':
      return `${(100 * value).toFixed(1)}%`;
    case 'bytes':
      return `${countText(value)} bytes`;
    case 'ms':
      return `${value.toFixed(3)} ms`;
    case 'count':
      return countText(value);
    case 'value':
      return value.toFixed(3);
  }
}
