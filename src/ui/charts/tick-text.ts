import { format, precisionFixed, precisionRound } from 'd3';
import { compact } from '../format';

/** Past so many decimals a number reads better with an exponent. */
const MOST_DECIMALS = 6;

/** The smallest step between ticks, without the error of their subtraction. */
function stepOf(ticks: readonly number[]): number {
  const steps = ticks.slice(1).map((tick, index) => Math.abs(tick - (ticks[index] ?? tick)));
  return Number(Math.min(...steps).toPrecision(6));
}

/** How ticks are written: with the decimals their step needs, and `more` for values that lie between them. */
export function tickText(ticks: readonly number[], more = 0): (value: number) => string {
  const step = stepOf(ticks);
  if (!Number.isFinite(step) || step === 0) return compact;
  const decimals = precisionFixed(step) + more;
  if (decimals <= MOST_DECIMALS) return format(`,.${decimals}f`);
  const digits = precisionRound(step, Math.max(...ticks.map(Math.abs)));
  return format(`.${Math.max(0, digits - 1 + more)}e`);
}
