import { expect, test } from 'vitest';
import { parseLabelRule } from './label-rule';

test.each([
  ['> 0', '>', ['0']],
  ['>0', '>', ['0']],
  ['>= 1.5e0', '>=', ['1.5e0']],
  ['<-2', '<', ['-2']],
  ['== yes', '==', ['yes']],
  ["!= 'not sick'", '!=', ['not sick']],
  ['== "> 5"', '==', ['> 5']],
  ['in [a, "b, c", 3]', 'in', ['a', 'b, c', '3']],
  ['IN[2,3]', 'in', ['2', '3']],
])('%s', (text, operator, values) => {
  expect(parseLabelRule(text)).toMatchObject({ operator, values });
});

test('reads back what it prints', () => {
  for (const text of ['> 0', '== yes', 'in [2, 3]', 'in ["b, c", d]'])
    expect(parseLabelRule(parseLabelRule(text).text).text).toBe(text);
});

test.each([
  ['', 'is empty'],
  ['yes', 'does not start with a comparison'],
  ['= 1', 'Write == for'],
  ['==', 'has no value'],
  ['> many', '"many", which is not a number'],
  ['> Infinity', 'not a number'],
  ['in a, b', 'in brackets'],
  ['in []', 'lists no values'],
])('refuses %s', (text, words) => {
  expect(() => parseLabelRule(text)).toThrow(words);
});
