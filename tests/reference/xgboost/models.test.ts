import { describe, expect, it } from 'vitest';
import { readXgboostJson } from '../../../src/interop/xgboost-json/read';
import { writeXgboostJson } from '../../../src/interop/xgboost-json/write';
import { predictMargin } from '../../../src/training/predict';
import frozen from './models.json';

describe.each(Object.entries(frozen))('a model file of XGBoost %s', (_version, { model, columns, margins }) => {
  const table = columns.map((column) => Float32Array.from(column, (value) => value ?? NaN));

  it('is read and predicts the same margins', () => {
    const booster = readXgboostJson(model);
    expect(booster.featureNames).toEqual(['a', 'b b', 'c"\\']);
    expect(booster.bestIteration).toBe(3);
    predictMargin(booster, table).forEach((margin, row) => expect(margin).toBeCloseTo(margins[row] ?? NaN, 5));
  });

  it('written by us and read again is the same booster', () => {
    const booster = readXgboostJson(model);
    expect(readXgboostJson(writeXgboostJson(booster))).toEqual(booster);
  });
});
