import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binLayout } from '../../src/kernels/binning/reference';
import { referenceKernels } from '../../src/kernels/reference';
import type { BestSplit, BinLayout, BinTable, BoostingRows, Kernels, PairSum } from '../../src/kernels/types';
import { binMatrix } from '../../src/training/bin-matrix';
import { MASK_WORDS, type DeviceSearch, type Found, type GrowthDevice } from '../../src/training/growth/device';
import { chooseSplit, narrowingLimits } from '../../src/training/growth/narrowed-split';
import { parseBoosterParams } from '../../src/training/params';
import { trainBooster } from '../../src/training/train';
import { makeRandom } from '../../src/utils/random';
import { fillTable, KINDS, type Case } from './kernels';
import { OPTIONS, tableFor } from './shards';

const UNITS = { gradientUnit: 2 ** -20, hessianUnit: 2 ** -19 };

/** Histogram with 256 slots a column, of the twin. */
function padded(rows: BoostingRows, histogram: number, { featureCount, slotOffsets }: BinLayout): Int32Array {
  const pairs = rows.pairsOf(histogram);
  const wide = new Int32Array(512 * featureCount);
  for (let f = 0; f < featureCount; f++) {
    const next = slotOffsets[f + 1] ?? pairs.length / 2;
    const end = Math.min(f + 1 < featureCount ? next : pairs.length / 2, (slotOffsets[f] as number) + 256);
    wide.set(pairs.subarray(2 * (slotOffsets[f] as number), 2 * end), 512 * f);
  }
  return wide;
}

function madeUpPairs(count: number, seed: number): Int32Array {
  const random = makeRandom(seed, 'device pairs');
  return Int32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? random.int(1000) : random.int(4001) - 2000));
}

function sumOf(pairs: Int32Array, rows: Int32Array): PairSum {
  let [gradient, hessian] = [0, 0];
  for (const row of rows) {
    hessian += pairs[2 * row] as number;
    gradient += pairs[2 * row + 1] as number;
  }
  return { gradient, hessian };
}

/** Compares one split of a table with the twin's: histograms, row order and the split that is found. */
async function compareSplit(device: GrowthDevice, table: BinTable, call: Case & { readonly penalty: number }) {
  const { layout } = table;
  const random = makeRandom(call.seed, 'device steps');
  const limits = {
    lambda: Math.fround(call.penalty),
    alpha: Math.fround(call.alpha),
    minChildWeight: Math.fround(1e-3),
  };
  const drawn = Int32Array.from({ length: layout.rowCount }, (_, row) => row).filter(
    (_, row) => row === 0 || random.chance(0.9),
  );
  const rows = table.startBoosting({
    labels: new Float32Array(layout.rowCount),
    positiveWeight: 1,
    outputs: 1,
    base: Float32Array.of(0),
    trainRows: drawn,
    limits,
  });
  const features = Int32Array.from({ length: layout.featureCount }, (_, f) => f);
  rows.setFeatures(features);
  rows.draw(drawn);
  const pairs = madeUpPairs(layout.rowCount, call.seed);
  rows.quantise({ gradientScale: 1 / UNITS.gradientUnit, hessianScale: 1 / UNITS.hessianUnit });
  rows.quantised().set(pairs);

  const there = await device.open(table);
  if (!there) throw new Error('the device does not take this table');
  const narrowing = narrowingLimits(limits, UNITS);
  there.begin({ pairs, drawn, features, limits: narrowing });
  const node = sumOf(pairs, drawn);
  const search = (sum: PairSum): DeviceSearch => ({ ...sum, leastGain: 0, columns: null });
  const here = rows.takeHistogram();
  rows.build(here, 0, drawn.length);
  const found = await there.root(1, search(node));
  const [root] = await there.histograms([1]);
  expect(root).toEqual(padded(rows, here, layout));
  expectSameSplit(found, rows, here, node);

  const feature = random.int(layout.featureCount);
  const codesRight = Uint8Array.from({ length: 256 }, () => random.int(2));
  const right = new Uint32Array(MASK_WORDS);
  codesRight.forEach((goes, code) => (right[code >>> 5] = (right[code >>> 5] as number) | (goes << (code & 31))));
  const middle = rows.partitionByCode(feature, codesRight, 0, drawn.length);
  const leftSum = sumOf(pairs, rows.drawnRows(0, middle));
  const rightSum = { gradient: node.gradient - leftSum.gradient, hessian: node.hessian - leftSum.hessian };
  const order = { begin: 0, end: drawn.length, feature, right, built: 0, rest: 1, subtracts: true };
  const [split] = await there.expand([{ ...order, left: search(leftSum), rightSearch: search(rightSum) }]);
  expect(split?.middle).toBe(middle);
  expect(await there.order()).toEqual(rows.drawnRows(0, drawn.length).slice());
  const small = rows.takeHistogram();
  const takesLeft = middle <= drawn.length - middle;
  if (takesLeft) rows.build(small, 0, middle);
  else rows.build(small, middle, drawn.length);
  rows.subtract(here, small);
  const [built, rest] = await there.histograms([0, 1]);
  expect(built).toEqual(padded(rows, small, layout));
  expect(rest).toEqual(padded(rows, here, layout));
  expectSameSplit(split?.left ?? null, rows, takesLeft ? small : here, leftSum);
  expectSameSplit(split?.right ?? null, rows, takesLeft ? here : small, rightSum);
  there.close();
  rows.close();

  function expectSameSplit(candidates: Found, of: BoostingRows, histogram: number, sum: PairSum): void {
    if (!candidates) return;
    const best: BestSplit = { lossChange: 0, feature: 0, bin: 0, defaultLeft: false, leftGradient: 0, leftHessian: 0 };
    of.search(histogram, sum, 0, best);
    const chosen = chooseSplit(candidates, { sum, gain: 0 }, limits, UNITS);
    if (best.lossChange === 0) expect(chosen).toBeNull();
    else expect(chosen).toEqual({ ...best, categories: null });
  }
}

/** Holds a device to the plain TypeScript twins, and trainings on it to those of the kernels, bit for bit. */
export function growsAsHere(kernels: () => Kernels, device: GrowthDevice): void {
  describe('histograms, partitions and proposed splits are those of the plain TypeScript twins', () => {
    const call = fc.record({
      seed: fc.nat(),
      rows: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 700 }), fc.integer({ min: 4000, max: 9000 })),
      kinds: fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 18 }),
      weighted: fc.constant(false),
      maxBin: fc.constantFrom(2, 16, 255, 256),
      outputs: fc.constant(1),
      alpha: fc.constantFrom(0, 0, 0.002),
      penalty: fc.constantFrom(0, 1e-6, 1, 3),
    });

    it('random, skewed, constant, missing, 256 values, one row', async () => {
      await fc.assert(
        fc.asyncProperty(call, async (one) => {
          await compareSplit(device, fillTable(referenceKernels, one), one);
        }),
        { numRuns: 40 },
      );
    });

    it('no columns but one of a block, and tables of many columns', async () => {
      const counts = Int32Array.from({ length: 41 }, (_, f) => 1 + (f % 7));
      const table = referenceKernels.makeBinTable(binLayout(300, counts, new Uint8Array(41)));
      counts.forEach((count, f) =>
        table.setCodes(
          f,
          Uint8Array.from({ length: 300 }, (_, row) => (row * (f + 3)) % count),
        ),
      );
      const shape = { seed: 5, rows: 300, kinds: [], weighted: false, maxBin: 8, outputs: 1, alpha: 0, penalty: 1 };
      await compareSplit(device, table, shape);
    });
  });

  it.each([...OPTIONS.entries()])('the same model from the device: %i %o', async (index, given) => {
    const { eval: evalMetrics, weights, queries, categorical: _categorical, base, ...rest } = given;
    const params = parseBoosterParams(rest);
    const matrix = tableFor(given, index);
    const all = Int32Array.from(matrix.labels.keys());
    const binned = await binMatrix(matrix, params.max_bin, {}, { kernels: kernels() });
    const inParts = index % 2 === 0 && queries === undefined;
    const request = {
      binned,
      params,
      numBoostRound: 3,
      evalMetrics: evalMetrics as readonly string[] | undefined,
      weights: weights === true ? Float32Array.from(all, (row) => (row % 3) / 2) : undefined,
      ...(inParts
        ? { rows: all.filter((row) => row % 8 !== 5), validationRows: all.filter((row) => row % 8 === 5) }
        : {}),
    };
    const baseBooster = base === true ? (await trainBooster(request, {})).booster : undefined;
    const here = await trainBooster({ ...request, baseBooster }, {});
    const there = await trainBooster({ ...request, baseBooster, device }, {});
    binned.bins.close();
    expect(there.grownOn).toEqual({ device: 'webgpu', lost: null });
    expect({ ...there, grownOn: null }).toEqual({ ...here, grownOn: null });
  });
}
