import { describe, expect, it } from 'vitest';
import { AbortError } from '../utils/errors';
import { binLayout } from '../kernels/binning/reference';
import { referenceKernels } from '../kernels/reference';
import { binMatrix, type BinnedMatrix } from './bin-matrix';
import { testMatrix } from './made-up-table';
import { parseBoosterParams } from './params';
import { predictMargin, predict } from './predict';
import { logLoss } from './metrics/probability';
import { trainBooster } from './train';
import type { Booster, RegTree, TrainingMatrix } from './types';

const matrix = testMatrix(600);
const rowsFrom = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);

function pick({ featureNames, columns, labels }: TrainingMatrix, rows: Int32Array): TrainingMatrix {
  return {
    featureNames,
    columns: columns.map((column) => Float32Array.from(rows, (row) => column[row] ?? NaN)),
    labels: Uint8Array.from(rows, (row) => labels[row] ?? 0),
  };
}

const usedFeatures = (tree: RegTree) =>
  new Set([...tree.splitIndices].filter((_, node) => (tree.leftChildren[node] ?? -1) >= 0));

describe('trainBooster', () => {
  it('learns: log loss falls each round and predictions follow it', async () => {
    const { booster, history, bestIteration } = await trainBooster(
      { matrix, params: parseBoosterParams({ eta: 0.3 }), numBoostRound: 10 },
      {},
    );
    const losses = history['train']?.['logloss'] ?? [];
    expect(losses).toHaveLength(10);
    losses.slice(1).forEach((loss, i) => expect(loss).toBeLessThan(losses[i] ?? 0));
    expect(logLoss(matrix.labels, predict(booster, matrix.columns))).toBeCloseTo(losses.at(-1) ?? 0, 5);
    expect(bestIteration).toBe(9);
    expect(booster.bestIteration).toBeUndefined();
  });

  it.each([
    [{ subsample: 0.8 }, ['auc', 'error@0.3', 'rmse', 'logloss']],
    [{ objective: 'multi:softprob', num_class: 2 }, ['auc', 'merror', 'mlogloss']],
  ])('trains on rows of a binned matrix as on a matrix of those rows, metrics too: %o', async (given, evalMetrics) => {
    const rows = rowsFrom(100, 500);
    const binned = await binMatrix(matrix, 64, {}, { cutRows: rows });
    const params = parseBoosterParams({ max_bin: 64, max_depth: 4, ...given });
    const asked = { params, evalMetrics, numBoostRound: 8 };
    const fromRows = await trainBooster({ ...asked, binned, rows, validationRows: rowsFrom(0, 100) }, {});
    const alone = await trainBooster(
      { ...asked, matrix: pick(matrix, rows), validation: pick(matrix, rowsFrom(0, 100)) },
      {},
    );
    expect(fromRows).toEqual(alone);
  });

  it('bins anew when max_bin is another', async () => {
    const binned = await binMatrix(matrix, 256, {});
    const params = parseBoosterParams({ max_bin: 8 });
    const rebinned = await trainBooster({ binned, params, numBoostRound: 3 }, {});
    expect(rebinned).toEqual(await trainBooster({ matrix, params, numBoostRound: 3 }, {}));
    expect(rebinned).not.toEqual(await trainBooster({ matrix, params: parseBoosterParams({}), numBoostRound: 3 }, {}));
  });

  it('keeps the best round and drops the trees after it', async () => {
    const params = parseBoosterParams({ eta: 1, max_depth: 8, min_child_weight: 0 });
    const request = { matrix, rows: rowsFrom(0, 400), validationRows: rowsFrom(400, 600), params, numBoostRound: 60 };
    const { booster, history, bestIteration } = await trainBooster({ ...request, earlyStoppingRounds: 5 }, {});
    const losses = history['validation']?.['logloss'] ?? [];
    expect(losses).toHaveLength(bestIteration + 6);
    expect(Math.min(...losses)).toBe(losses[bestIteration]);
    expect(booster.trees).toHaveLength(bestIteration + 1);
    expect(booster.bestIteration).toBe(bestIteration);
    const held = pick(matrix, rowsFrom(400, 600));
    expect(logLoss(held.labels, predict(booster, held.columns))).toBeCloseTo(losses[bestIteration] ?? 0, 5);
    const watched = await trainBooster(request, {});
    expect(watched.booster.trees).toHaveLength(60);
    expect(watched.history['validation']?.['logloss']?.slice(0, losses.length)).toEqual(losses);
  });

  it('draws columns and rows by tree, another draw for another seed', async () => {
    const params = { colsample_bytree: 0.4, max_depth: 3 };
    const { booster } = await trainBooster({ matrix, params: parseBoosterParams(params), numBoostRound: 30 }, {});
    const sets = booster.trees.map(usedFeatures);
    sets.forEach((set) => expect(set.size).toBeLessThanOrEqual(2));
    expect(new Set(sets.flatMap((set) => [...set])).size).toBe(5);
    const rows = (seed: number) =>
      trainBooster({ matrix, params: parseBoosterParams({ subsample: 0.5, seed }), numBoostRound: 4 }, {});
    const [a, b] = [await rows(1), await rows(2)];
    expect(a.booster.trees).not.toEqual(b.booster.trees);
    const covers = a.booster.trees.map((tree) => tree.sumHessian[0] ?? 0);
    covers.forEach((cover) => expect(cover).toBeLessThan(600 * 0.25 * 0.6));
  });

  it('counts a row of weight 2 as two rows, and one of weight 0 as none', async () => {
    const weights = Float32Array.from(matrix.labels, (_, row) => row % 3);
    const repeated = Int32Array.from([...weights].flatMap((weight, row) => new Array<number>(weight).fill(row)));
    const params = parseBoosterParams({ max_depth: 3, max_bin: 32 });
    const binned = await binMatrix(matrix, 32, {});
    const byWeight = (await trainBooster({ binned, weights, params, numBoostRound: 5 }, {})).booster;
    const byRows = (await trainBooster({ binned: sameCuts(binned, repeated), params, numBoostRound: 5 }, {})).booster;
    expect(byWeight.trees.map((tree) => tree.splitIndices)).toEqual(byRows.trees.map((tree) => tree.splitIndices));
    const [left, right] = [predictMargin(byWeight, matrix.columns), predictMargin(byRows, matrix.columns)];
    left.forEach((margin, row) => expect(margin).toBeCloseTo(right[row] ?? NaN, 4));
  });

  /** Other rows of a binned matrix in its own bins. */
  function sameCuts(binned: BinnedMatrix, rows: Int32Array): BinnedMatrix {
    const picked = pick(matrix, rows);
    const { binCounts, missingCodes } = binned.bins.layout;
    const layout = binLayout(
      rows.length,
      binCounts,
      Uint8Array.from(missingCodes, (code) => (code < 0 ? 0 : 1)),
    );
    const bins = referenceKernels.makeBinTable(layout);
    picked.columns.forEach((column, feature) => bins.binColumn(feature, column, binned.cuts[feature] as Float32Array));
    return { ...binned, matrix: picked, bins };
  }

  it('stops within one tree when cancelled and resolves nothing', async () => {
    const big = testMatrix(100_000, 20);
    const signal = { aborted: false };
    const roundsAtPause: number[] = [];
    let rounds = 0;
    const pause = () => {
      roundsAtPause.push(rounds);
      if (roundsAtPause.length === 60) signal.aborted = true;
      return Promise.resolve();
    };
    const params = parseBoosterParams({});
    const run = trainBooster({ matrix: big, params, numBoostRound: 100, onRound: () => rounds++ }, { signal, pause });
    await expect(run).rejects.toBeInstanceOf(AbortError);
    expect(roundsAtPause).toHaveLength(60);
    roundsAtPause.slice(1).forEach((round, i) => expect(round - (roundsAtPause[i] ?? 0)).toBeLessThanOrEqual(1));
  });

  it('reports progress and metrics by round', async () => {
    const seen: string[] = [];
    const rounds: number[] = [];
    await trainBooster(
      {
        matrix,
        params: parseBoosterParams({}),
        numBoostRound: 3,
        onRound: (round, metrics) => rounds.push(round, metrics['train']?.['logloss'] ?? NaN),
      },
      { onProgress: ({ label }) => seen.push(label) },
    );
    expect(rounds.filter((_, i) => i % 2 === 0)).toEqual([0, 1, 2]);
    expect(rounds.every(Number.isFinite)).toBe(true);
    expect(seen[0]).toBe('sorting column 1 of 5');
    expect(seen.at(-1)).toBe('trained 3 trees');
  });
});

describe('a lone root', () => {
  const lone = async (params: Record<string, unknown>): Promise<Booster> => {
    const small: TrainingMatrix = {
      featureNames: ['a'],
      columns: [Float32Array.of(1, 1, 1, 1)],
      labels: Uint8Array.of(1, 0, 1, 1),
    };
    return (
      await trainBooster(
        { matrix: small, params: parseBoosterParams({ base_score: 0.5, eta: 0.5, ...params }), numBoostRound: 1 },
        {},
      )
    ).booster;
  };

  it('weighs -G / (H + lambda) times eta', async () => {
    const { trees } = await lone({});
    expect(trees[0]?.leftChildren).toEqual(Int32Array.of(-1));
    expect(trees[0]?.splitConditions[0]).toBe(0.25);
    expect(trees[0]?.baseWeights[0]).toBe(0.5);
    expect(trees[0]?.sumHessian[0]).toBe(1);
  });

  it('does so below min_child_weight too, as XGBoost does since 3.4', async () => {
    expect((await lone({ min_child_weight: 100 })).trees[0]?.splitConditions[0]).toBe(0.25);
  });
});

describe('gamma', () => {
  const stump = async (gamma: number) =>
    (await trainBooster({ matrix, params: parseBoosterParams({ max_depth: 1, gamma }), numBoostRound: 1 }, {})).booster
      .trees[0];

  it('lets a split gain exactly gamma, not less', async () => {
    const gain = (await stump(0))?.lossChanges[0] ?? NaN;
    expect((await stump(gain))?.leftChildren[0]).toBe(1);
    expect((await stump(gain * 1.000001))?.leftChildren[0]).toBe(-1);
  });
});

describe('bad input', () => {
  const params = parseBoosterParams({});
  const small = testMatrix(20, 2);
  it.each([
    [
      'an infinite value',
      {
        ...small,
        columns: [
          Float32Array.from(small.labels, (_, i) => (i === 3 ? Infinity : i)),
          small.columns[1] as Float32Array,
        ],
      },
      /Feature f0, row 4 is infinite/,
    ],
    ['no features', { ...small, columns: [], featureNames: [] }, /no features/],
    ['no rows', { featureNames: ['a'], columns: [new Float32Array()], labels: new Uint8Array() }, /no rows/],
    [
      'uneven columns',
      { ...small, columns: [new Float32Array(3), new Float32Array(20)] },
      /f0 has 3 rows and the label 20/,
    ],
    [
      'labels of three kinds',
      { ...small, labels: Uint8Array.from(small.labels, (_, i) => i % 3) },
      /Row 3 has the label 2, but binary:logistic needs 0 or 1/,
    ],
  ])('%s is refused', async (_, bad, message) => {
    await expect(trainBooster({ matrix: bad, params, numBoostRound: 1 }, {})).rejects.toThrow(message);
  });

  it.each([
    [{ numBoostRound: 0 }, /num_boost_round is 0/],
    [{ earlyStoppingRounds: 3 }, /needs validation rows/],
    [{ rows: Int32Array.of(20) }, /name row 20, but there are only 20/],
    [{ rows: new Int32Array() }, /Training rows are empty/],
    [{ weights: Float32Array.of(1) }, /1 weights for 20 rows/],
    [{ weights: new Float32Array(20).fill(-1) }, /weight of row 1 is -1/],
    [{ validation: testMatrix(5, 3) }, /other features/],
  ])('the request %o is refused', async (part, message) => {
    await expect(trainBooster({ matrix: small, params, numBoostRound: 1, ...part }, {})).rejects.toThrow(message);
  });

  it('trains with a column that is missing everywhere, and with two rows', async () => {
    const holes = { ...small, columns: [new Float32Array(20).fill(NaN), small.columns[1] as Float32Array] };
    const { booster } = await trainBooster({ matrix: holes, params, numBoostRound: 3 }, {});
    expect([...usedFeatures(booster.trees[0] as RegTree)]).not.toContain(0);
    expect(predictMargin(booster, holes.columns).every(Number.isFinite)).toBe(true);
    const two = pick(small, Int32Array.of(0, 1));
    expect((await trainBooster({ matrix: two, params, numBoostRound: 2 }, {})).booster.trees).toHaveLength(2);
  });

  it('refuses to predict with other columns', async () => {
    const { booster } = await trainBooster({ matrix: small, params, numBoostRound: 1 }, {});
    expect(() => predictMargin(booster, [new Float32Array(3)])).toThrow(/trained on 2 features and got 1 columns/);
    expect(() => predictMargin(booster, [new Float32Array(3), new Float32Array(2)])).toThrow(/f1 has 2 rows/);
  });
});
