import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referencePredictor, type Forest } from '../../src/kernels/forest/reference';
import type { TreeNodes } from '../../src/kernels/predict/reference';
import type { Kernels } from '../../src/kernels/types';
import { makeRandom, type Random } from '../../src/utils/random';

const FEATURES = 5;
/** Around the conditions, which are whole numbers and halves. */
const VALUES = [NaN, -0, 0, 1, 2, 0.5, 1.5, -0.5, -1, 3, 250, 256, 1e30, Infinity, -Infinity, Math.fround(1.1)];

interface Case {
  readonly seed: number;
  readonly trees: number;
  readonly most: number;
  readonly rows: number;
  readonly outputs: number;
  readonly weighted: boolean;
  /** Codes of categories are below this; 0 for none. */
  readonly codes: number;
  readonly chain: boolean;
}

/** A tree grown leaf by leaf, at random or always at the newest leaf. */
function treeOf(random: Random, { most, codes, chain }: Case): TreeNodes {
  const left = [-1];
  const right = [-1];
  const leaves = [0];
  const categories = new Map<number, Int32Array>();
  while (left.length + 2 <= 2 * most) {
    const [node = 0] = leaves.splice(chain ? leaves.length - 1 : random.int(leaves.length), 1);
    const [a, b] = [left.push(-1) - 1, left.push(-1) - 1];
    right.push(-1, -1);
    left[node] = random.chance(0.5) ? a : b;
    right[node] = left[node] === a ? b : a;
    leaves.push(a, b);
    if (codes > 0 && random.chance(0.4)) {
      categories.set(node, Int32Array.from(new Set(Array.from({ length: 3 }, () => random.int(codes)))).sort());
    }
  }
  const any = () => random.int(9) / 2 - 1;
  return {
    leftChildren: Int32Array.from(left),
    rightChildren: Int32Array.from(right),
    splitIndices: Int32Array.from(left, () => random.int(FEATURES)),
    splitConditions: Float32Array.from(left, (child) => (child < 0 ? random.normal() : any())),
    defaultLeft: Uint8Array.from(left, () => random.int(2)),
    ...(categories.size > 0 ? { categories } : {}),
  };
}

/** Holds a predictor to the plain TypeScript one, bit by bit. */
export function predictsAsReference(name: string, load: () => Kernels): void {
  describe(`${name} predicts as plain TypeScript`, () => {
    const one = fc.record({
      seed: fc.nat(),
      trees: fc.integer({ min: 0, max: 6 }),
      most: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(90)),
      rows: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(300), fc.constant(4500)),
      outputs: fc.constantFrom(1, 1, 3),
      weighted: fc.boolean(),
      codes: fc.constantFrom(0, 4, 256, 300),
      chain: fc.boolean(),
    });
    it('whatever the trees and values', () => {
      const kernels = load();
      fc.assert(
        fc.property(one, (call) => {
          const random = makeRandom(call.seed, 'predictors');
          const trees = Array.from({ length: call.trees }, () => treeOf(random, call));
          const forest: Forest = {
            trees,
            outputs: call.outputs,
            base: Math.fround(0.3),
            treeOutputs: Int32Array.from(trees, () => random.int(call.outputs)),
            ...(call.weighted ? { treeWeights: Float32Array.from(trees, () => random.uniform()) } : {}),
          };
          const columns = Array.from({ length: FEATURES }, () =>
            Float32Array.from({ length: call.rows }, () => VALUES[random.int(VALUES.length)] ?? 0),
          );
          const from = random.int(call.rows + 1);
          const room = () => new Float32Array((call.rows - from) * call.outputs);
          const [expected, found] = [room(), room()];
          referencePredictor(forest).margins(columns, from, call.rows, expected);
          const predictor = kernels.makePredictor(forest, FEATURES);
          predictor.margins(columns, from, call.rows, found);
          predictor.close();
          expect(found).toEqual(expected);
        }),
        { numRuns: 200 },
      );
    });
  });
}
