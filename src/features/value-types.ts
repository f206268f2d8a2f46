import type { Column } from '../utils/columns';
import type { Field } from './types';

/** Numbers that an aggregate made, in the column type of its field. Whole numbers of counts become int64. */
export function castNumbers(column: Column, field: Field): Column {
  switch (field.dtype) {
    case 'int32':
    case 'int64':
      return column.type === 'float64' ? wholeNumbers(column.values) : column;
    case 'float32':
      return column.type === 'float64' ? { type: 'float64', values: column.values.map(Math.fround) } : column;
    default:
      return column;
  }
}

function wholeNumbers(values: Float64Array): Column {
  const valid = new Uint8Array(values.length);
  const whole = new BigInt64Array(values.length);
  values.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    whole[row] = BigInt(Math.round(value));
    valid[row] = 1;
  });
  return valid.includes(0) ? { type: 'int64', values: whole, valid } : { type: 'int64', values: whole };
}
