import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom, type Random } from '../../src/utils/random';
import { binLayout } from '../../src/kernels/binning/reference';
import { makeCuts } from '../../src/kernels/cuts/reference';
import { quantisationFor, summingUnits } from '../../src/kernels/quantise/reference';
import { referenceKernels } from '../../src/kernels/reference';
import type { BestSplit, BinTable, BoostingRows, BoostingSource, Kernels, Quantisation } from '../../src/kernels/types';

export const KINDS = [
  'random',
  'skewed',
  'constant',
  'all missing',
  'some missing',
  '256 values',
  'two values',
] as const;
type Kind = (typeof KINDS)[number];

export interface Case {
  readonly seed: number;
  readonly rows: number;
  readonly kinds: readonly Kind[];
  readonly weighted: boolean;
  readonly maxBin: number;
  readonly outputs: number;
  readonly alpha: number;
}

function column(kind: Kind, rows: number, random: Random): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => {
    const value = random.normal();
    switch (kind) {
      case 'skewed':
        return value * value * value * value * 1e6;
      case 'constant':
        return 3;
      case 'all missing':
        return NaN;
      case 'some missing':
        return random.chance(0.3) ? NaN : value;
      case '256 values':
        return row % 256;
      case 'two values':
        return value > 1 ? 1 : value > 0 ? 0 : -0;
      case 'random':
        return value;
    }
  });
}

export function fillTable(kernels: Kernels, { seed, rows, kinds, maxBin }: Case): BinTable {
  const random = makeRandom(seed, 'parity');
  const columns = kinds.map((kind) => column(kind, rows, random));
  const missing = columns.map((values) => values.some(Number.isNaN));
  const cuts = columns.map((values, f) => {
    const present = values.filter((value) => !Number.isNaN(value));
    return makeCuts(present, missing[f] ? Math.min(maxBin, 255) : maxBin, kernels.sortFloat32);
  });
  const counts = Int32Array.from(cuts, (cut) => cut.length);
  const layout = binLayout(rows, counts, Uint8Array.from(missing, Number));
  const table = kernels.makeBinTable(layout);
  const beyond = columns.map((values, f) => table.binColumn(f, values, cuts[f] as Float32Array));
  expect(beyond).not.toContain(true);
  return table;
}

/** A table of some rows of another. */
function picked(kernels: Kernels, table: BinTable, rows: Int32Array): BinTable {
  const copy = kernels.makeBinTable({ ...table.layout, rowCount: rows.length });
  for (let f = 0; f < table.layout.featureCount; f++) copy.setCodes(f, table.codes(f, rows));
  return copy;
}

function sourceOf({ seed, rows, weighted, outputs, alpha }: Case): BoostingSource {
  const random = makeRandom(seed, 'parity labels');
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const train = all.filter((row) => row % 4 !== 3 || rows < 4);
  return {
    labels: Float32Array.from(all, () => random.int(2)),
    weights: weighted ? Float32Array.from(all, () => random.int(4) / 2) : undefined,
    positiveWeight: 1.5,
    outputs,
    base: Float32Array.from({ length: outputs }, (_, k) => k / 4 - 0.4),
    trainRows: train,
    validationRows: all.filter((row) => row % 4 === 3),
    limits: { lambda: 1, alpha: Math.fround(alpha), minChildWeight: Math.fround(0.01) },
  };
}

function madeUpPairs(rows: BoostingRows, random: Random): void {
  for (const output of [0, 1, 2]) {
    const pairs = rows.pairs(output);
    pairs.forEach((_, i) => (pairs[i] = i % 2 === 0 ? random.normal() : random.uniform()));
  }
}

function codesRight(random: Random): Uint8Array {
  return Uint8Array.from({ length: 256 }, () => random.int(2));
}

/** What a few steps of boosting leave behind; every number must be the same in each twin. */
function boost(rows: BoostingRows, source: BoostingSource, call: Case): unknown[] {
  const seen: unknown[] = [];
  const random = makeRandom(call.seed, 'parity steps');
  const { trainRows, validationRows = new Int32Array() } = source;
  const best: BestSplit = { lossChange: 0, feature: 0, bin: 0, defaultLeft: false, leftGradient: 0, leftHessian: 0 };
  for (let round = 0; round < 3; round++) {
    const output = round % call.outputs;
    rows.setOutput(output);
    if (call.outputs === 1) {
      if (round === 2) seen.push(rows.logisticStep(0, trainRows.length), rows.pairs(0).slice());
      else rows.logisticGradients(0, trainRows.length);
    }
    if (call.outputs > 1) madeUpPairs(rows, random);
    const drawn = round === 1 ? trainRows.filter((_, i) => i % 3 !== 1) : trainRows;
    const leftOut = round === 1 ? trainRows.filter((_, i) => i % 3 === 1) : new Int32Array();
    rows.draw(drawn, leftOut);
    const units = summingUnits(rows.largestPair(), drawn.length);
    const sides = rows.sideSums(units);
    seen.push(units, sides);
    const scales: Quantisation = quantisationFor(sides, units, drawn.length);
    const sum = rows.quantise(scales);
    const features = Int32Array.from(call.kinds.keys()).filter((f) => round !== 2 || f % 5 !== 0);
    rows.setFeatures(features);
    if (round === 1) rows.setCandidates(features.filter((f) => f % 2 === 0));
    seen.push(scales, { ...sum });

    const root = rows.takeHistogram();
    rows.build(root, 0, drawn.length);
    best.lossChange = 0;
    if (features.length > 0) rows.search(root, sum, 0.25, best);
    const split = best.lossChange > 0 ? { ...best } : { feature: 0, bin: 0, defaultLeft: true };
    seen.push(split);
    const byCode = round === 2;
    const middle = byCode
      ? rows.partitionByCode(split.feature, codesRight(random), 0, drawn.length)
      : rows.partition(split, 0, drawn.length);
    const child = rows.takeHistogram();
    rows.build(child, 0, middle);
    const part = rows.takeHistogram();
    const cut = random.int(drawn.length + 1);
    rows.build(part, Math.min(cut, middle), Math.max(cut, middle));
    rows.subtract(root, child);
    rows.merge(part, rows.pairsOf(child).slice());
    if (features.length === call.kinds.length) {
      for (const histogram of [root, child, part]) seen.push(rows.pairsOf(histogram).slice());
    }
    for (const histogram of [root, child, part]) rows.releaseHistogram(histogram);

    seen.push(rows.exactSum(0, middle, units), rows.exactSum(middle, drawn.length, units));
    rows.addLeaf(0, middle, Math.fround(0.3));
    rows.addLeaf(middle, drawn.length, Math.fround(-0.2));
    const tree = {
      count: 3,
      left: Int32Array.of(1, -1, -1),
      right: Int32Array.of(2, -1, -1),
      feature: Int32Array.of(split.feature, 0, 0),
      bin: Int32Array.of(split.bin, 0, 0),
      defaultLeft: Uint8Array.of(split.defaultLeft ? 1 : 0, 0, 0),
      condition: Float32Array.of(0, 0.3, -0.2),
      categories: byCode ? new Map([[0, Int32Array.of(0)]]) : new Map<number, Int32Array>(),
    };
    rows.addTree(tree, 'leftOut', 0, leftOut.length);
    rows.addTree(tree, 'validation', 0, validationRows.length);
    seen.push(rows.margins().slice(), rows.drawnRows(0, drawn.length).slice());
    if (call.outputs > 1) continue;
    seen.push(rows.logLossSum('train', 0, trainRows.length), rows.logLossSum('validation', 0, validationRows.length));
  }
  return seen;
}

/** Holds kernels to the plain TypeScript twin, number by number. */
export function holdsToReference(name: string, load: () => Kernels): void {
  describe(`${name} kernels answer as the plain TypeScript ones`, () => {
    const call = fc.record({
      seed: fc.nat(),
      rows: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 700 })),
      kinds: fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 9 }),
      weighted: fc.boolean(),
      maxBin: fc.constantFrom(2, 16, 255, 256),
      outputs: fc.constantFrom(1, 1, 3),
      alpha: fc.constantFrom(0, 0, 0.01),
    });

    it('binning, gradients, histograms, splits, partitions, margins and losses', () => {
      const kernels = load();
      fc.assert(
        fc.property(call, (one) => {
          const tables = [referenceKernels, kernels].map((twin) => fillTable(twin, one));
          const [codes, others] = tables.map((table) => one.kinds.map((_, f) => table.codes(f)));
          expect(others).toEqual(codes);
          for (const [i, twin] of [referenceKernels, kernels].entries()) {
            const copy = picked(
              twin,
              tables[i] as BinTable,
              Int32Array.from({ length: one.rows }, (_, row) => row),
            );
            expect(one.kinds.map((_, f) => copy.codes(f))).toEqual(codes);
            tables[i]?.close();
            tables[i] = copy;
          }
          const source = sourceOf(one);
          const [expected, found] = tables.map((table) => {
            const rows = table.startBoosting(source);
            const seen = boost(rows, source, one);
            rows.close();
            table.close();
            return seen;
          });
          expect(found).toEqual(expected);
        }),
        { numRuns: 150 },
      );
    });

    it('sorting', () => {
      const kernels = load();
      const values = fc.float32Array({ noNaN: true, maxLength: 60 });
      fc.assert(
        fc.property(values, fc.constantFrom(1, 50), (some, times) => {
          const long = Float32Array.from({ length: some.length * times }, (_, i) => some[i % some.length] ?? 0);
          expect(kernels.sortFloat32(long)).toEqual(referenceKernels.sortFloat32(long));
        }),
      );
    });
  });
}
