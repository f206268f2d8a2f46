import { describe, expect, it, test } from 'vitest';
import type { Kernels } from '../../../src/kernels/types';
import { makeWasmKernels } from '../../../src/kernels/wasm';
import { kernelsWasm } from '../../../src/kernels/wasm-bytes';
import { instantiateWasm } from '../../../src/platform/wasm/host';
import { readXgboostJson } from '../../../src/interop/xgboost-json/read';
import { writeXgboostJson } from '../../../src/interop/xgboost-json/write';
import { parseBoosterParams } from '../../../src/training/params';
import { predictMargin } from '../../../src/training/predict';
import { trainBooster, type TrainResult } from '../../../src/training/train';
import type { RegTree, TrainingMatrix } from '../../../src/training/types';
import { compareTrees, nothingCompared, type ListedTree } from './compare-trees.mjs';
import frozen from './options.json';

const LEAF_TOLERANCE = 1e-4;
/** Gains are float32 differences of float32 sums. */
const GAIN_TOLERANCE = 1e-3;
const METRIC_TOLERANCE = 1e-5;
const EVERY = 10;

interface FrozenCase {
  readonly name: string;
  readonly label: keyof typeof frozen.labels;
  readonly options: Readonly<Record<string, unknown>>;
  readonly trees: readonly ListedTree[];
  readonly margins: readonly number[];
  /** By name, a value a round. */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
}

const cases = frozen.cases as readonly unknown[] as readonly FrozenCase[];
const columns = frozen.columns.map((column) => Float32Array.from(column, (value) => value ?? NaN));
const rows = columns[0]?.length ?? 0;

const isRanked = (label: FrozenCase['label']) => label === 'grade' || label === 'relevant';

/** Rows of a query share a weight. */
function weightsOf(label: FrozenCase['label']): Float32Array {
  return Float32Array.from(
    frozen.weights,
    (weight, row) => (isRanked(label) ? frozen.weights[Math.floor(row / frozen.query)] : weight) ?? NaN,
  );
}

/** Whether classes start from different numbers. */
const hasOwnStarts = ({ options }: FrozenCase) => 'num_class' in options && !('base_score' in options);

async function train(one: FrozenCase, kernels?: Kernels): Promise<TrainResult> {
  const { label, options } = one;
  const { categorical, weighted, ...params } = options;
  const matrix: TrainingMatrix = {
    featureNames: columns.map((_, f) => `f${f}`),
    featureTypes: columns.map((_, f) => (categorical === true && f >= 4 ? 'c' : 'float')),
    columns,
    labels: Float32Array.from(frozen.labels[label]),
    queries: isRanked(label)
      ? Int32Array.from({ length: rows / frozen.query + 1 }, (_, q) => q * frozen.query)
      : undefined,
  };
  const weights = weighted === true ? weightsOf(label) : undefined;
  const request = {
    matrix,
    weights,
    kernels,
    params: parseBoosterParams({ max_depth: 4, ...params }),
    numBoostRound: 3,
  };
  return trainBooster({ ...request, evalMetrics: Object.keys(one.metrics) }, {});
}

/** As option_cases.py lists XGBoost's. */
function listed(tree: RegTree): ListedTree {
  return {
    left: [...tree.leftChildren],
    right: [...tree.rightChildren],
    feature: [...tree.splitIndices],
    condition: [...tree.splitConditions],
    default_left: [...tree.defaultLeft],
    loss: [...tree.lossChanges],
    categories: Object.fromEntries([...(tree.categories ?? [])].map(([node, codes]) => [String(node), [...codes]])),
  };
}

describe(`trees of XGBoost ${frozen.versions.xgboost}`, () => {
  const total = nothingCompared();

  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { booster, history } = await train(one);
    const found = nothingCompared();
    compareTrees(booster.trees.map(listed), one.trees, found);
    expect(found.fault).toBeNull();
    expect(found.worstGain).toBeLessThan(GAIN_TOLERANCE);
    expect(found.splits).toBeGreaterThan(10);
    // Where classes start from different numbers, ours stand in the first trees' leaves: margins are compared below.
    if (!hasOwnStarts(one)) expect(found.worstLeaf).toBeLessThan(LEAF_TOLERANCE);
    total.splits += found.splits;
    total.ties += found.ties;

    for (const [name, values] of Object.entries(one.metrics)) {
      values.forEach((value, round) => {
        const ours = history['train']?.[name]?.[round] ?? NaN;
        expect(Math.abs(ours - value), `${name}, round ${round}`).toBeLessThan(METRIC_TOLERANCE * Math.max(1, value));
      });
    }

    const outputs = one.margins.length / (rows / EVERY);
    const margins = predictMargin(booster, columns);
    const picked = one.margins.map(
      (_margin, i) => margins[Math.floor(i / outputs) * EVERY * outputs + (i % outputs)] ?? NaN,
    );
    const shift =
      outputs > 1 ? (values: readonly number[]) => centred(values, outputs) : (values: readonly number[]) => values;
    const base = isRanked(one.label) ? (one.margins[0] ?? 0) - (picked[0] ?? 0) : 0;
    const theirs = shift(one.margins);
    shift(picked).forEach((margin, i) => {
      const expected = theirs[i] ?? NaN;
      expect(Math.abs(margin + base - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
    });
  });

  it.each(cases.map((one) => [one.name, one] as const))(
    '%s: WebAssembly grows the same, and the file reads back',
    async (_, one) => {
      const { booster } = await train(one);
      const module = instantiateWasm(kernelsWasm);
      if (!module) throw new Error('this host does not run the module');
      expect((await train(one, makeWasmKernels(module))).booster).toEqual(booster);
      const again = readXgboostJson(writeXgboostJson(booster));
      expect(predictMargin(again, columns)).toEqual(predictMargin(booster, columns));
      expect(writeXgboostJson(again)).toBe(writeXgboostJson(booster));
    },
  );

  test('part only at near ties, and in fewer than 1 split of 100', () => {
    console.log(`${total.splits} splits compared, ${total.ties} near ties`);
    expect(total.splits).toBeGreaterThan(1000);
    expect(total.ties / total.splits).toBeLessThan(0.01);
  });
});

/** A constant added to all classes changes nothing; it is taken out. */
function centred(values: readonly number[], outputs: number): readonly number[] {
  return values.map((value, i) => {
    const from = i - (i % outputs);
    const mean = values.slice(from, from + outputs).reduce((sum, one) => sum + one, 0) / outputs;
    return value - mean;
  });
}
