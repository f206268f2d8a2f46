import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OnlineFeature } from '../features/types';
import { memoryRecords } from '../platform/memory/records';
import { sigmoid } from '../utils/math';
import { toModelColumn } from './columns';
import {
  deleteModelPredictions,
  findBatches,
  inferenceTables,
  logBatch,
  logPrediction,
  recentPredictions,
} from './log';
import { buildPrediction, riskBand, type PredictionParts } from './predict';
import type { Prediction, PredictionBatch } from './types';

const TABLES = Object.keys(inferenceTables);

function served(
  feature: string,
  value: OnlineFeature['value'],
  status: OnlineFeature['status'] = 'PRESENT',
): OnlineFeature {
  return { feature, value, status, event_timestamp: 5 };
}

function parts(changes: Partial<PredictionParts> = {}): PredictionParts {
  const featureNames = ['age', 'cholesterol', 'smoker'];
  return {
    prediction_id: 'p1',
    model: 'heart_disease',
    version: 2,
    entity_key: '17',
    at: 1_000_000,
    now: 99,
    featureNames,
    explainer: 'by hand',
    online: [served('age', 62n), served('cholesterol', 280), served('smoker', true)],
    margin: 0.5,
    shap: Float64Array.of(0.3, 0.18, -0.25),
    base: 0.27,
    bands: { medium: 0.2, high: 0.5 },
    ...changes,
  };
}

describe('riskBand', () => {
  it.each([
    [0, 'low'],
    [0.19999, 'low'],
    [0.2, 'medium'],
    [0.49999, 'medium'],
    [0.5, 'high'],
    [1, 'high'],
  ] as const)('%d is %s', (probability, band) => {
    expect(riskBand(probability, { medium: 0.2, high: 0.5 })).toBe(band);
  });
});

describe('buildPrediction', () => {
  it('explains with the unit, the largest share first', () => {
    const prediction = buildPrediction(parts());
    expect(prediction.probability).toBe(sigmoid(0.5));
    expect(prediction.band).toBe('high');
    expect(prediction.factors.map(({ text }) => text)).toEqual([
      'age=62 ↑ risk by +0.30 (log-odds)',
      'smoker=1 ↓ risk by −0.25 (log-odds)',
      'cholesterol=280 ↑ risk by +0.18 (log-odds)',
    ]);
    expect(prediction.factors.reduce((sum, { shap }) => sum + shap, prediction.base)).toBeCloseTo(
      prediction.margin,
      12,
    );
  });

  it.each([
    ['NULL_VALUE', 'cholesterol missing ↑ risk by +0.18 (log-odds)'],
    ['NOT_FOUND', 'cholesterol missing (not in the online store) ↑ risk by +0.18 (log-odds)'],
    ['OUTSIDE_MAX_AGE', 'cholesterol missing (too old) ↑ risk by +0.18 (log-odds)'],
  ] as const)('says why a value is missing: %s', (status, text) => {
    const online = [served('age', 62), served('cholesterol', null, status), served('smoker', false)];
    const factor = buildPrediction(parts({ online })).factors.find(({ feature }) => feature === 'cholesterol');
    expect(factor).toMatchObject({ value: null, status, text });
  });

  it('shows a share that rounds to nothing as none', () => {
    const shap = Float64Array.of(0.23, 0.001, -0.001);
    const texts = buildPrediction(parts({ shap })).factors.map(({ text }) => text);
    expect(texts.slice(1)).toEqual([
      'cholesterol=280 does not move risk (0.00 log-odds)',
      'smoker=1 does not move risk (0.00 log-odds)',
    ]);
  });

  it('names the feature that is out of place, missing or too many', () => {
    const swapped = [served('cholesterol', 280), served('age', 62), served('smoker', true)];
    expect(() => buildPrediction(parts({ online: swapped }))).toThrow(
      /trained with "age" as feature 1, and "cholesterol" is served there/,
    );
    const short = parts().online.slice(0, 2);
    expect(() => buildPrediction(parts({ online: short }))).toThrow(
      /trained with "smoker" as feature 3, and "nothing" is served/,
    );
    const long = [...parts().online, served('extra', 1)];
    expect(() => buildPrediction(parts({ online: long }))).toThrow(/"extra" was not trained on/);
  });

  it('refuses an explanation that does not add up to the margin', () => {
    expect(() => buildPrediction(parts({ margin: 0.6 }))).toThrow(/do not add up/);
  });

  it('refuses text, naming the feature', () => {
    expect(() => toModelColumn(served('city', 'Delft'))).toThrow(/"city" was served as the text "Delft"/);
  });

  it('reads values as float32, missing as NaN', () => {
    expect(toModelColumn(served('x', 0.1))[0]).toBe(Math.fround(0.1));
    expect(toModelColumn(served('x', null))[0]).toBeNaN();
    expect(toModelColumn(served('x', false))[0]).toBe(0);
  });

  it('keeps every factor once whatever their order of size', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 20 }), (shares) => {
        const featureNames = shares.map((_, i) => `f${i}`);
        const margin = shares.reduce((sum, share) => sum + share, 0.27);
        const changes = {
          online: featureNames.map((name, i) => served(name, i)),
          shap: Float64Array.from(shares),
          margin,
        };
        const { factors } = buildPrediction(parts({ ...changes, featureNames }));
        expect(factors.map(({ feature }) => feature).sort()).toEqual([...featureNames].sort());
        factors.forEach(
          (factor, i) =>
            i > 0 && expect(Math.abs(factor.shap)).toBeLessThanOrEqual(Math.abs(factors[i - 1]?.shap ?? 0)),
        );
      }),
    );
  });
});

describe('inference log', () => {
  const batch = (model: string, id: string, at: number): PredictionBatch => ({
    batch_id: id,
    model,
    version: 1,
    from: 0,
    to: 1,
    logged_at: at,
    rows: 1,
    high_risk_share: 0,
    mean_probability: 0.2,
    path: id,
    source: 'run',
  });

  it('lists newest first, models apart, and deletes one model only', async () => {
    const records = memoryRecords(inferenceTables);
    const prediction = (model: string, id: string, at: number): Prediction => ({
      ...buildPrediction(parts()),
      model,
      prediction_id: id,
      logged_at: at,
    });
    await records.write(TABLES, async (tx) => {
      for (const [model, id, at] of [
        ['a', '1', 10],
        ['a', '2', 30],
        ['a', '3', 20],
        ['ab', '4', 40],
      ] as const) {
        await logPrediction(tx, prediction(model, id, at));
        await logBatch(tx, batch(model, id, at));
      }
      expect((await recentPredictions(tx, 'a', 2)).map((row) => row.prediction_id)).toEqual(['2', '3']);
      expect((await findBatches(tx, 'a')).map((row) => row.batch_id)).toEqual(['2', '3', '1']);
      await deleteModelPredictions(tx, 'a');
      expect(await findBatches(tx, 'a')).toEqual([]);
      expect(await recentPredictions(tx, 'a', 5)).toEqual([]);
      expect(await findBatches(tx, 'ab')).toHaveLength(1);
    });
  });
});
