import { numberOf, parseLabelRule, type LabelRule } from '../config/label-rule';
import { cellAt, columnLength, type Column, type ScalarColumn } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';

export { parseLabelRule };
export type { LabelRule };

/** Stands where the label is missing. */
export const MISSING_LABEL = 255;

/**
 * 1 where the rule holds, 0 where it does not, 255 where the value is missing. Numbers compare as numbers ("== 1" fits
 * 1.0), bool as true/false (yes/no and 1/0 fit too), text letter by letter. Throws WorkbenchError (DATA_INVALID) when the
 * rule cannot apply to the column's type.
 */
export function applyLabelRule(column: Column, rule: LabelRule): Uint8Array {
  if (column.type === 'string') return applyToText(column, rule);
  if (column.type === 'list') {
    throw refuse('The label column holds lists. Choose a column of numbers, true/false or text.');
  }
  const holds = numberTest(column, rule);
  const labels = new Uint8Array(columnLength(column));
  for (let row = 0; row < labels.length; row++) {
    const value = numberAt(column, row);
    labels[row] = Number.isNaN(value) ? MISSING_LABEL : holds(value);
  }
  return labels;
}

function applyToText(column: Column & { type: 'string' }, rule: LabelRule): Uint8Array {
  if (isOrder(rule)) {
    const example = column.dictionary[0];
    throw refuse(
      `The label rule "${rule.text}" compares numbers, but the label column holds text${example === undefined ? '' : ` (for example "${example}")`}. Use == or in, or change the column's type.`,
    );
  }
  const wanted = new Set(rule.values);
  const positive = column.dictionary.map((value) => Number(wanted.has(value) !== (rule.operator === '!=')));
  return Uint8Array.from(column.codes, (code) => positive[code] ?? MISSING_LABEL);
}

function isOrder(rule: LabelRule): boolean {
  return rule.operator !== '==' && rule.operator !== '!=' && rule.operator !== 'in';
}

function numberAt(column: Exclude<ScalarColumn, { type: 'string' }>, row: number): number {
  const cell = cellAt(column, row);
  return cell === null ? NaN : Number(cell);
}

const BOOL_WORDS: Readonly<Record<string, number>> = { true: 1, yes: 1, '1': 1, false: 0, no: 0, '0': 0 };

function numberTest(column: Exclude<ScalarColumn, { type: 'string' }>, rule: LabelRule): (value: number) => 0 | 1 {
  if (column.type === 'timestamp') {
    throw refuse('The label column holds times. Choose a column of numbers, true/false or text, or change its type.');
  }
  const values = rule.values.map((value) => {
    const number = (column.type === 'bool' ? BOOL_WORDS[value.toLowerCase()] : undefined) ?? numberOf(value);
    if (number === null) {
      const kind = column.type === 'bool' ? 'true and false' : 'numbers';
      throw refuse(
        `The label rule "${rule.text}" names "${value}", but the label column holds ${kind}. Compare with one of them, or change the column's type to text.`,
      );
    }
    return number;
  });
  const [first = NaN] = values;
  switch (rule.operator) {
    case '>':
      return (value) => (value > first ? 1 : 0);
    case '>=':
      return (value) => (value >= first ? 1 : 0);
    case '<':
      return (value) => (value < first ? 1 : 0);
    case '<=':
      return (value) => (value <= first ? 1 : 0);
    case '!=':
      return (value) => (value !== first ? 1 : 0);
    default:
      return (value) => (values.includes(value) ? 1 : 0);
  }
}

/**
 * What is wrong with a label column under a rule, as sentences; empty when both outcomes occur. A rule that cannot apply
 * throws as `applyLabelRule` does.
 */
export function labelFaults(name: string, column: Column, rule: LabelRule): readonly string[] {
  const labels = applyLabelRule(column, rule);
  let positive = 0;
  let negative = 0;
  for (const label of labels) {
    if (label === 1) positive++;
    else if (label === 0) negative++;
  }
  const n = (positive + negative).toLocaleString('en');
  if (labels.length === 0) return ['The table has no rows.'];
  if (positive + negative === 0) return [`The label column "${name}" holds no value at all. Choose another column.`];
  if (positive === 0 || negative === 0) {
    const which = positive === 0 ? 'None' : 'All';
    const values = someValues(column);
    return [
      `${which} of the ${n} values of the label column "${name}" ${positive === 0 ? 'fits' : 'fit'} "${rule.text}", so there is only one class. It holds ${values}. Change the rule or choose another column.`,
    ];
  }
  return [];
}

function someValues(column: Column): string {
  const found = new Set<string>();
  for (let row = 0; row < columnLength(column) && found.size < 6; row++) {
    const cell = cellAt(column, row);
    if (cell !== null) found.add(String(cell));
  }
  const values = [...found];
  return values.length > 5 ? `${values.slice(0, 5).join(', ')}, …` : values.join(', ');
}

function refuse(message: string): WorkbenchError {
  return new WorkbenchError('DATA_INVALID', message);
}
