import type { FilePreview } from '../../pipeline/views';

export type PreviewColumn = FilePreview['columns'][number];
export type Operator = '==' | '!=' | '>' | '>=' | '<' | '<=';
export type PositiveRule =
  | { readonly kind: 'compare'; readonly operator: Operator; readonly value: string }
  | { readonly kind: 'in'; readonly values: readonly string[] };

/** Reads "> 0", "== yes" or "in [a, b]"; null when it is none of these. */
export function parseRule(text: string): PositiveRule | null {
  const list = /^\s*in\s*\[(.*)\]\s*$/.exec(text);
  if (list) {
    const values = (list[1] ?? '')
      .split(',')
      .map((value) => value.trim())
      .filter((value) => value !== '');
    return values.length > 0 ? { kind: 'in', values } : null;
  }
  const compare = /^\s*(==|!=|>=|<=|>|<)\s*(.+?)\s*$/.exec(text);
  if (!compare?.[2]) return null;
  return { kind: 'compare', operator: compare[1] as Operator, value: compare[2] };
}

/** The rule in the form config.yaml keeps. */
export function formatRule(rule: PositiveRule): string {
  if (rule.kind === 'compare') return `${rule.operator} ${rule.value}`;
  return rule.values.length === 1 ? `== ${rule.values.join('')}` : `in [${rule.values.join(', ')}]`;
}

/** What is wrong with a rule for this column, in a sentence; null when nothing is. */
export function ruleFault(text: string): string | null {
  const rule = parseRule(text);
  if (!rule) return 'Write which values count as positive, for example “> 0”, “== yes” or “in [a, b]”.';
  if (rule.kind === 'compare' && /[<>]/.test(rule.operator) && Number.isNaN(Number(rule.value))) {
    return `“${rule.operator}” compares numbers, but “${rule.value}” is not one. Use == or != for words.`;
  }
  return null;
}

function sameValue(a: string, b: string): boolean {
  if (a === b) return true;
  return a.trim() !== '' && b.trim() !== '' && Number(a) === Number(b);
}

function matches(rule: PositiveRule, value: string): boolean {
  if (rule.kind === 'in') return rule.values.some((one) => sameValue(one, value));
  const [left, right] = [Number(value), Number(rule.value)];
  switch (rule.operator) {
    case '==':
      return sameValue(value, rule.value);
    case '!=':
      return !sameValue(value, rule.value);
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
  }
}

/** Values of a column that can be ticked one by one; null when there are too many or only bins are known. */
export function listedValues(
  column: PreviewColumn,
): readonly { readonly value: string; readonly rows: number }[] | null {
  const { labels, counts } = column.histogram;
  if (labels.length === 0 || labels.length > 12 || !eachBarIsOneValue(column)) return null;
  return labels.map((value, index) => ({ value, rows: counts[index] ?? 0 })).filter((one) => one.rows > 0);
}

/** Small whole numbers, words and yes/no have one bar a value; other numbers have bins, many words a rest. */
function eachBarIsOneValue(column: PreviewColumn): boolean {
  const { edges, labels } = column.histogram;
  if (edges) return labels.every((label) => label.trim() !== '' && !Number.isNaN(Number(label)));
  return column.distinct <= labels.length && (column.categories.includes('other') || !labels.includes('other'));
}

/** Rows above a threshold, from equal bins; part of a bin counts by its share. */
function binnedAbove(column: PreviewColumn, threshold: number): number {
  const { edges, counts } = column.histogram;
  let rows = 0;
  counts.forEach((n, index) => {
    const low = edges?.[index] ?? 0;
    const high = edges?.[index + 1] ?? low;
    if (threshold <= low) rows += n;
    else if (threshold < high) rows += (n * (high - threshold)) / (high - low);
  });
  return Math.round(rows);
}

/** How many rows the rule makes positive, as far as the preview can tell; null when it cannot. */
export function countPositive(
  rule: PositiveRule,
  column: PreviewColumn,
  rows: number,
): { readonly rows: number; readonly exact: boolean } | null {
  const { edges, labels, counts } = column.histogram;
  const known = rows - column.missing;
  if (eachBarIsOneValue(column)) {
    return {
      rows: labels.reduce((sum, value, index) => sum + (matches(rule, value) ? (counts[index] ?? 0) : 0), 0),
      exact: true,
    };
  }
  if (!edges || rule.kind === 'in' || rule.operator === '==' || rule.operator === '!=') return null;
  const threshold = Number(rule.value);
  if (Number.isNaN(threshold)) return null;
  const above = binnedAbove(column, threshold);
  return { rows: rule.operator.startsWith('>') ? above : known - above, exact: false };
}

const YES = /^(1|1\.0|true|yes|y|positive|pos|disease|sick|case|bad|churn(ed)?|default|fraud|failure|failed)$/i;

/** A first guess at what counts as positive, to be changed by a person. */
export function suggestRule(column: PreviewColumn): string {
  const listed = listedValues(column);
  const yes = listed?.find((one) => YES.test(one.value));
  if (listed && yes && listed.length === 2) return formatRule({ kind: 'in', values: [yes.value] });
  if (column.type === 'bool') return '== true';
  const numeric = column.type === 'float64' || column.type === 'int64';
  if (numeric && column.distinct === 2) return `== ${column.max ?? 1}`;
  if (numeric) return column.min === 0 ? '> 0' : `> ${Number((column.mean ?? 0).toPrecision(3))}`;
  const rarest = listed?.toSorted((a, b) => a.rows - b.rows)[0];
  return rarest ? formatRule({ kind: 'in', values: [rarest.value] }) : '== ';
}
