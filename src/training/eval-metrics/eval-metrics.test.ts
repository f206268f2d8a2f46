import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledRows } from '../objectives/types';
import { EVAL_METRIC_NAMES, makeEvalMetric } from '.';
import { logGamma } from './log-gamma';

const PARAMS = { quantile_alpha: 0.3, ndcg_exp_gain: true };

const everyRow = (count: number) => Int32Array.from({ length: count }, (_, row) => row);

function expectClose(value: number, wanted: number, digits: number): void {
  if (Number.isNaN(wanted)) expect(value).toBeNaN();
  else expect(value).toBeCloseTo(wanted, digits);
}

const share = fc.integer({ min: 1, max: 99 }).map((hundredths) => hundredths / 100);

const OF_ROWS = [
  'rmse',
  'mae',
  'mape',
  'rmsle',
  'mphe',
  'quantile',
  'logloss',
  'error',
  'error@0.3',
  'auc',
  'aucpr',
  'poisson-nloglik',
  'mlogloss',
  'merror',
] as const;

const isOfClasses = (name: string) => name.startsWith('auc') || name.includes('log') || name.includes('error');

describe.each(OF_ROWS)('%s', (name) => {
  const metric = makeEvalMetric(name, PARAMS);
  const outputs = name.startsWith('m') && ['mlogloss', 'merror'].includes(name) ? 2 : 1;
  const label = isOfClasses(name) ? fc.integer({ min: 0, max: 1 }) : fc.integer({ min: 1, max: 9 });
  const rowsOf = fc.array(
    fc.record({
      label,
      weight: fc.integer({ min: 0, max: 3 }),
      guesses: fc.array(share, { minLength: outputs, maxLength: outputs }),
      key: fc.integer(),
    }),
    { minLength: 1, maxLength: 30 },
  );
  type Rows = typeof rowsOf extends fc.Arbitrary<infer R> ? R : never;
  const valueOf = (rows: Rows, weighted: boolean, order = everyRow(rows.length)) => {
    const data: LabelledRows = {
      labels: Float32Array.from(rows, (row) => row.label),
      ...(weighted ? { weights: Float32Array.from(rows, ({ weight }) => weight) } : {}),
    };
    return metric.evaluate(data, Float32Array.from(rows.flatMap(({ guesses }) => guesses)), order);
  };

  it('counts whole weights as repeated rows', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        fc.pre(rows.some(({ weight }) => weight > 0));
        const repeated = rows.flatMap((row) => new Array<typeof row>(row.weight).fill(row));
        expectClose(valueOf(rows, true), valueOf(repeated, false), 5);
      }),
    );
  });

  it('does not care for the order of rows', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const shuffled = everyRow(rows.length).sort((a, b) => (rows[a]?.key ?? 0) - (rows[b]?.key ?? 0));
        expectClose(valueOf(rows, true, shuffled), valueOf(rows, true), 10);
      }),
    );
  });
});

it.each(['ndcg', 'ndcg@2', 'ndcg-', 'map', 'map@2', 'pre@2'])(
  '%s: queries of whole weights count as repeated queries',
  (name) => {
    const query = fc.record({
      weight: fc.integer({ min: 1, max: 3 }),
      documents: fc.array(fc.record({ label: fc.integer({ min: 0, max: 1 }), guess: share }), {
        minLength: 3,
        maxLength: 8,
      }),
    });
    const metric = makeEvalMetric(name, PARAMS);
    fc.assert(
      fc.property(fc.array(query, { minLength: 1, maxLength: 6 }), (queries) => {
        // As in XGBoost ndcg counts 1 for a query without relevant rows, whatever its weight.
        fc.pre(name === 'ndcg-' || !name.startsWith('ndcg') || queries.every(hasRelevant));
        const valueOf = (asked: typeof queries, weights: boolean) => {
          const documents = asked.flatMap((one) => one.documents.map((document) => ({ ...document, ...one })));
          let end = 0;
          const bounds = Int32Array.from([0, ...asked.map((one) => (end += one.documents.length))]);
          return metric.evaluate(
            {
              labels: Float32Array.from(documents, ({ label }) => label),
              queries: bounds,
              ...(weights ? { weights: Float32Array.from(documents, ({ weight }) => weight) } : {}),
            },
            Float32Array.from(documents, ({ guess }) => guess),
            everyRow(documents.length),
          );
        };
        const repeated = queries.flatMap((one) => new Array<typeof one>(one.weight).fill(one));
        expect(valueOf(queries, true)).toBeCloseTo(valueOf(repeated, false), 10);
      }),
    );
  },
);

function hasRelevant({ documents }: { documents: readonly { label: number }[] }): boolean {
  return documents.some(({ label }) => label > 0);
}

describe('names', () => {
  it('knows all of its own', () => {
    for (const name of EVAL_METRIC_NAMES) expect(makeEvalMetric(name, PARAMS).name).toBe(name);
    expect(makeEvalMetric('ndcg@5-', PARAMS)).toMatchObject({ name: 'ndcg@5-', direction: 'maximize' });
    expect(makeEvalMetric('error@0.5', PARAMS)).toMatchObject({ name: 'error', direction: 'minimize' });
    expect(makeEvalMetric('error@0.70', PARAMS).name).toBe('error@0.7');
  });

  it.each([
    ['loglos', 'Did you mean "logloss"?'],
    ['ndgc@5', 'Did you mean "ndcg"?'],
    ['error@', '"error" takes a threshold, as in error@0.7, or none.'],
    ['ndcg@0', '"ndcg" takes a number of places, as in ndcg@5, or none.'],
    ['rmse@3', 'Write "rmse" alone.'],
    ['constructor', 'Expected one of rmse, mae'],
    ['', 'Expected one of rmse, mae'],
  ])('refuses "%s"', (name, hint) => {
    expect(() => makeEvalMetric(name, PARAMS)).toThrow(`There is no metric "${name}". ${hint}`);
  });

  it('refuses graded labels where relevance is yes or no', () => {
    const data = { labels: Float32Array.of(0, 2) };
    expect(() => makeEvalMetric('map', PARAMS).evaluate(data, Float32Array.of(1, 2), everyRow(2))).toThrow(
      'Row 2 has the label 2, but the metric map needs 0 or 1',
    );
  });
});

it('has the logarithm of factorials', () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    factorial *= n;
    expect(logGamma(n + 1)).toBeCloseTo(Math.log(factorial), 11);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
  expect(logGamma(1e6)).toBeCloseTo(12815504.569147611, 6);
});
