import { expect, test } from 'vitest';
import { sizeFault } from './table-files';

test('a file of 10 GB is refused with its size and the limit, one of 2 GB is not', () => {
  expect(sizeFault({ name: 'big.csv', size: 10_000_000_000 })).toBe(
    'big.csv has 10.0 GB; at most 2 GB are read in one tab. Split the file, or keep the columns that matter, and open that.',
  );
  expect(sizeFault({ name: 'fits.csv', size: 2_000_000_000 })).toBeNull();
});
