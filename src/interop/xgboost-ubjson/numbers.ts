import type { NumberArray } from '../xgboost-json/parse-json';

/** UBJSON's markers: int8, uint8, int16, int32, int64, float32, float64. */
export type NumberType = 'i' | 'U' | 'I' | 'l' | 'L' | 'd' | 'D';

interface NumberFormat {
  readonly size: number;
  readonly read: (view: DataView, at: number) => number;
  readonly make: (count: number) => NumberArray;
}

/** Numbers are big-endian. Beyond 2^53, an int64 is the float64 next to it. */
export const NUMBER_TYPES: Readonly<Record<NumberType, NumberFormat>> = {
  i: { size: 1, read: (view, at) => view.getInt8(at), make: (count) => new Int8Array(count) },
  U: { size: 1, read: (view, at) => view.getUint8(at), make: (count) => new Uint8Array(count) },
  I: { size: 2, read: (view, at) => view.getInt16(at), make: (count) => new Int16Array(count) },
  l: { size: 4, read: (view, at) => view.getInt32(at), make: (count) => new Int32Array(count) },
  L: { size: 8, read: (view, at) => Number(view.getBigInt64(at)), make: (count) => new Float64Array(count) },
  d: { size: 4, read: (view, at) => view.getFloat32(at), make: (count) => new Float32Array(count) },
  D: { size: 8, read: (view, at) => view.getFloat64(at), make: (count) => new Float64Array(count) },
};

export function isNumberType(marker: string): marker is NumberType {
  return Object.hasOwn(NUMBER_TYPES, marker);
}

/** `count` numbers of one type from `at`; the bytes must be there. */
export function readNumbers(
  view: DataView,
  { type, at, count }: { readonly type: NumberType; readonly at: number; readonly count: number },
): NumberArray {
  const { size, read, make } = NUMBER_TYPES[type];
  const numbers = make(count);
  for (let i = 0; i < count; i++) numbers[i] = read(view, at + i * size);
  return numbers;
}
