import { WorkbenchError } from './errors';

const BEYOND = 9223372036854775808n;

/** Nanoseconds as whole microseconds, those before 1970 too: the microsecond they lie in. */
export function nanosToMicros(nanos: bigint): number {
  const rest = nanos % 1000n;
  return Number((nanos - (rest < 0n ? rest + 1000n : rest)) / 1000n);
}

/** A whole number of a file as int64. Throws DATA_INVALID, with the column's name, where it has no place there. */
export function toInt64(column: string, value: number | bigint): bigint {
  const whole = BigInt(value);
  if (whole >= -BEYOND && whole < BEYOND) return whole;
  throw new WorkbenchError(
    'DATA_INVALID',
    `The column "${column}" holds ${whole}, which is beyond int64 (−9223372036854775808 to 9223372036854775807). Write it as text or as float64.`,
  );
}
