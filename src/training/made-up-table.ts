import { makeRandom } from '../utils/random';
import type { TrainingMatrix } from './types';

/** A made-up table for tests: the label follows the first three columns, every tenth value of the last is missing. */
export function testMatrix(rows: number, features = 5, seed = 1): TrainingMatrix {
  const random = makeRandom(seed, 'test table');
  const columns = Array.from({ length: features }, () => Float32Array.from({ length: rows }, () => random.normal()));
  const last = columns[features - 1];
  for (let row = 0; row < rows; row += 10) if (last) last[row] = NaN;
  const score = (row: number) =>
    (columns[0]?.[row] ?? 0) * 1.5 - (columns[1]?.[row] ?? 0) + ((columns[2]?.[row] ?? 0) > 0 ? 0.8 : -0.8);
  const labels = Uint8Array.from({ length: rows }, (_, row) => (score(row) + random.normal() > 0 ? 1 : 0));
  return { featureNames: columns.map((_, f) => `f${f}`), columns, labels };
}
