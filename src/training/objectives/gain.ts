import { pow } from '../../utils/math';

/** 2^label - 1, what a relevant row is worth in NDCG; exact for whole labels up to 31. */
export function exponentialGain(label: number): number {
  const whole = Number.isInteger(label) && label >= 0 && label <= 31;
  return (whole ? (1 << label) >>> 0 : pow(2, label)) - 1;
}
