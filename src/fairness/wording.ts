/** 12345.4 as "12,345". */
export function countText(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share as "40.2%". */
export function shareText(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** A change of a share as "+20.2" points. */
export function pointsText(change: number): string {
  const text = (100 * change).toFixed(1);
  return change > 0 && !text.startsWith('0.0') ? `+${text}` : text === '-0.0' ? '0.0' : text;
}

/** "a", "a and b", "a, b and c". */
export function listText(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** A p-value as "0.031", "< 0.001" below that. */
export function pValueText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
