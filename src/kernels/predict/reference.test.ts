import { expect, it } from 'vitest';
import { addTreeToBlock, leafOf } from './reference';

const tree = {
  leftChildren: Int32Array.of(1, -1, 3, -1, -1),
  rightChildren: Int32Array.of(2, -1, 4, -1, -1),
  splitIndices: Int32Array.of(0, 0, 1, 0, 0),
  splitConditions: Float32Array.of(0.1, -1, 5, 10, 20),
  defaultLeft: Uint8Array.of(0, 0, 1, 0, 0),
};
const columns = [Float32Array.of(0.05, 0.1, NaN, 7, NaN), Float32Array.of(9, 4.999, 5, NaN, NaN)];

it('goes left below the condition only, in float32, and takes the default side when missing', () => {
  expect([0, 1, 2, 3, 4].map((row) => leafOf(tree, columns, row))).toEqual([1, 3, 4, 3, 3]);
});

it('sends listed categories right, and all else left: other codes, fractions below 0, numbers beyond any', () => {
  const byCategory = { ...tree, categories: new Map([[0, Int32Array.of(0, 3)]]) };
  const values = Float32Array.of(0, 0.9, 3.5, 1, -0.5, -3, 1e30, Infinity, NaN);
  const leaves = Array.from(values, (_, row) => leafOf(byCategory, [values, new Float32Array(9)], row));
  expect(leaves).toEqual([3, 3, 3, 1, 1, 1, 1, 1, 3]);
});

it('adds leaf values to a block of rows', () => {
  const sums = Float64Array.of(0.5, 0.5);
  addTreeToBlock(tree, columns, { from: 1, weight: 1 }, sums);
  expect([...sums]).toEqual([10.5, 20.5]);
});
