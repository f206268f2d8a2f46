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
export function amountText(value: number | null, unit: GateResult['unit']): string {
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
