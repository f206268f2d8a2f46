import { countText } from '../../fairness/wording';
import type { GateResult } from '../../registry/types';
import type { CardMetric } from './types';

/** A number with four decimals; "–" where there is none. */
export function numberText(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '–' : value.toFixed(4);
}

/** "0.8712 to 0.9034". */
export function intervalText({ low, high }: Pick<CardMetric, 'low' | 'high'>): string {
  return low === null || high === null ? '–' : `${numberText(low)} to ${numberText(high)}`;
}

/** A gate's amount in its unit. */
function amountText(value: number | null, unit: GateResult['unit']): string {
  if (value === null) return '–';
  switch (unit) {
    case 'share':
      return `${(100 * value).toFixed(1)}%`;
    case 'bytes':
      return `${countText(value)} bytes`;
    case 'ms':
      return `${value.toFixed(4)} ms`;
    case 'count':
      return countText(value);
    case 'value':
      return numberText(value);
  }
}

export function verdictText({ passed }: Pick<GateResult, 'passed'>): string {
  return passed === null ? 'not judged' : passed ? 'passed' : 'not passed';
}

/** A gate's cells, the challenger's number to the count of rows, in the order of `GATE_HEADS`. */
export function gateCells(gate: GateResult): readonly string[] {
  const own = gate.gate === 'improvement' ? 'value' : gate.unit;
  return [
    gate.what,
    amountText(gate.challenger, own),
    amountText(gate.champion, own),
    amountText(gate.measured, gate.unit),
    `${gate.bound} ${amountText(gate.limit, gate.unit)}`,
    gate.n === null ? '–' : countText(gate.n),
  ];
}

export const GATE_HEADS = ['Gate', 'Challenger', 'Champion', 'Measured', 'Allowed', 'n'] as const;
