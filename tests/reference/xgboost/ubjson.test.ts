import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModelFile } from '../../../src/interop/read-model-file';
import { listAt, mapAt, textAt } from '../../../src/interop/xgboost-json/fields';
import type { JsonValue } from '../../../src/interop/xgboost-json/parse-json';
import { readXgboostJson } from '../../../src/interop/xgboost-json/read';
import { writeXgboostJson } from '../../../src/interop/xgboost-json/write';
import { parseUbjson } from '../../../src/interop/xgboost-ubjson/parse-ubjson';
import { predictMargin } from '../../../src/training/predict';
import { WorkbenchError } from '../../../src/utils/errors';
import frozen from './ubjson/answers.json';

const columns = frozen.columns.map((column) => Float32Array.from(column, (value) => value ?? NaN));
const fileOf = (name: string, version: string) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, 'ubjson', `${name}-${version}.ubj`)));

/** What each tree of a file says of its deleted nodes. */
function deletedNodes(bytes: Uint8Array): number[] {
  const model = mapAt(parseUbjson(bytes), ['learner', 'gradient_booster', 'model']);
  return Array.from(listAt(model, 'trees', 'model'), (tree: JsonValue) =>
    Number(textAt(mapAt(tree, ['tree_param']), 'num_deleted', 'tree_param')),
  );
}

describe.each(Object.entries(frozen.margins))('UBJSON of XGBoost %s', (version, answers) => {
  it.each(Object.entries(answers))('%s: is read and predicts the same margins', (name, margins) => {
    const booster = readModelFile(fileOf(name, version));
    expect(booster.featureNames).toEqual(['a', 'b', 'c', 'd']);
    const ours = predictMargin(booster, columns);
    expect(ours).toHaveLength(margins.length);
    ours.forEach((margin, i) => {
      const theirs = margins[i] ?? NaN;
      expect(Math.abs(margin - theirs)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(theirs)));
    });
    expect(readXgboostJson(writeXgboostJson(booster))).toEqual(booster);
  });

  it('holds what it was frozen for', () => {
    const { categories, dart, forest, pruned } = Object.fromEntries(
      Object.keys(answers).map((name) => [name, readModelFile(fileOf(name, version))]),
    );
    expect(categories!.trees.some((tree) => (tree.categories?.size ?? 0) > 0)).toBe(true);
    expect(categories!.featureTypes).toEqual(['float', 'float', 'c', 'float']);
    expect(new Set(dart!.treeWeights).size).toBeGreaterThan(1);
    expect(forest!.params.num_parallel_tree).toBe(2);
    expect(pruned!.trees.length).toBe(2);
    expect(deletedNodes(fileOf('pruned', version)).some((count) => count > 0)).toBe(true);
  });

  it.each([
    ['linear', /the booster gblinear is not supported/],
    ['cox', /the objective survival:cox is not supported/],
  ])('%s: is refused by name', (name, message) => {
    const read = () => readModelFile(fileOf(name, version));
    expect(read).toThrow(WorkbenchError);
    expect(read).toThrow(message);
  });
});
