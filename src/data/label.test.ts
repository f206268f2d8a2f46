import { expect, test } from 'vitest';
import { stringColumn, type Column } from '../utils/columns';
import { applyLabelRule, labelFaults, parseLabelRule } from './label';

const numbers: Column = { type: 'float64', values: Float64Array.from([0, 1, 2.5, NaN]) };
const whole: Column = { type: 'int64', values: BigInt64Array.from([0n, 3n, 5n]), valid: Uint8Array.from([1, 1, 0]) };
const bool: Column = { type: 'bool', values: Int8Array.from([1, 0, -1]) };
const text = stringColumn(['yes', 'no', null, 'yes']);
const time: Column = { type: 'timestamp', values: Float64Array.from([0]) };

test.each<[string, Column, number[]]>([
  ['> 0', numbers, [0, 1, 1, 255]],
  ['>= 1', numbers, [0, 1, 1, 255]],
  ['< 1', numbers, [1, 0, 0, 255]],
  ['<= 1', numbers, [1, 1, 0, 255]],
  ['== 1.0', numbers, [0, 1, 0, 255]],
  ['!= 0', numbers, [0, 1, 1, 255]],
  ['in [0, 2.5]', numbers, [1, 0, 1, 255]],
  ['== 3', whole, [0, 1, 255]],
  ['== yes', text, [1, 0, 255, 1]],
  ['!= no', text, [1, 0, 255, 1]],
  ['in [yes, maybe]', text, [1, 0, 255, 1]],
  ['== true', bool, [1, 0, 255]],
  ['== no', bool, [0, 1, 255]],
  ['> 0', bool, [1, 0, 255]],
])('%s', (rule, column, labels) => {
  expect([...applyLabelRule(column, parseLabelRule(rule))]).toEqual(labels);
});

test('a rule that cannot apply says why', () => {
  expect(() => applyLabelRule(text, parseLabelRule('> 0'))).toThrow('holds text (for example "yes"). Use == or in');
  expect(() => applyLabelRule(numbers, parseLabelRule('== yes'))).toThrow(
    'names "yes", but the label column holds numbers',
  );
  expect(() => applyLabelRule(bool, parseLabelRule('== maybe'))).toThrow('holds true and false');
  expect(() => applyLabelRule(time, parseLabelRule('> 0'))).toThrow('holds times');
});

test('labels that cannot be learned from', () => {
  const faults = (column: Column, rule: string) => labelFaults('num', column, parseLabelRule(rule));
  expect(faults(numbers, '> 0')).toEqual([]);
  expect(faults(numbers, '> 9')).toEqual([
    'None of the 3 values of the label column "num" fits "> 9", so there is only one class. It holds 0, 1, 2.5. Change the rule or choose another column.',
  ]);
  expect(faults(text, 'in [yes, no]')[0]).toContain('All of the 3 values');
  expect(faults(stringColumn([null]), '== a')[0]).toContain('holds no value at all');
  expect(faults(stringColumn([]), '== a')).toEqual(['The table has no rows.']);
});
