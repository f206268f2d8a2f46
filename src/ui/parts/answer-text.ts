import type { Cell, ColumnType } from '../../utils/columns';
import { cell } from '../format';

/** A value of an answer as text: times to the microsecond they have, UTC; other values as everywhere. */
export function answerCell(value: Cell, type: ColumnType): string {
  if (type !== 'timestamp' || typeof value !== 'number') return cell(value, type);
  const millis = Math.floor(value / 1000);
  const rest = value - millis * 1000;
  const iso = new Date(millis).toISOString();
  const text = rest > 0 ? iso.replace('Z', `${String(rest).padStart(3, '0')}Z`) : iso.replace('.000Z', 'Z');
  return text.endsWith('T00:00:00Z') ? text.slice(0, 10) : text.replace('T', ' ').replace('Z', '');
}
