import { expect, it } from 'vitest';
import { groupOrder } from './group-order';

it('puts ranges in the order of their numbers, and names without one last', () => {
  expect(['0-4', '18-64', '5-17', '65+', 'missing'].toSorted(groupOrder)).toEqual([
    '0-4',
    '5-17',
    '18-64',
    '65+',
    'missing',
  ]);
  expect(['female', 'male', '(missing)'].toSorted(groupOrder)).toEqual(['female', 'male', '(missing)']);
});
