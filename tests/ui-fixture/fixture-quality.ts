import type { ExpectationResult, QualityCheck, QualityView, SkewView } from '../../src/pipeline/store/types';
import { DEFINITIONS } from './fixture-features';
import { DAY, NOW, tableProfiles } from './fixture-tables';

const [visits] = tableProfiles();

function result(more: Partial<ExpectationResult>): ExpectationResult {
  return {
    view: 'vitals',
    feature: 'resting_bp',
    expectation: 'range',
    expected: '40 to 260',
    found: '70 to 214, n = 30,890',
    passed: true,
    severity: 'warn',
    ...more,
  };
}

/** Ten weekly checks, of which two found something. */
function checks(): QualityCheck[] {
  return Array.from({ length: 10 }, (_, week): QualityCheck => {
    const broken = week === 0 || week === 4;
    return {
      check_id: `${week}`,
      model: 'heart_disease',
      at: NOW - week * 7 * DAY,
      checked: NOW / 1000 - week * 60_000,
      occasion: week % 2 === 0 ? 'materialize' : 'ingest',
      rows: 31_204,
      results: [
        result({}),
        result({ expectation: 'null_share', expected: 'at most 10% missing', found: '1% missing (312 of 31,204)' }),
        result({
          view: 'labs',
          feature: 'cholesterol',
          expected: '50 to 700',
          found: broken ? '12 of 29,012 below 50 (from 3.1 to 512)' : '101 to 512, n = 29,012',
          passed: !broken,
        }),
      ],
    };
  });
}

/** Features look like the raw columns of the same name, or like the first. */
export function qualityView(): QualityView {
  const columns = visits?.columns ?? [];
  const labs = { view: 'labs', newest: NOW - 21 * DAY, expected: 14 * 86_400, late: true };
  return {
    clock: NOW,
    checks: checks(),
    profiles: DEFINITIONS.views.map((view) => ({
      table: view.name,
      rows: 31_204,
      columns: view.schema.flatMap(({ name }) => {
        const like = columns.find((column) => column.name === name) ?? columns[2];
        return like ? [{ ...like, name }] : [];
      }),
    })),
    tables: tableProfiles(),
    freshness: [
      { view: 'patient_demographics', newest: NOW - 5 * 3_600_000_000, expected: null, late: false },
      { view: 'vitals', newest: NOW - 3 * DAY, expected: 14 * 86_400, late: false },
      labs,
    ],
  };
}

export function skewView(): SkewView {
  const columns = DEFINITIONS.views.flatMap((view) =>
    view.schema.map(({ name }, at) => ({
      feature: name,
      differ: name === 'resting_bp' ? 97 : 0,
      examples:
        name === 'resting_bp'
          ? [
              { key: 'PT0123', trained: '128', served: '12.8' },
              { key: 'PT0160', trained: '141', served: '14.100000000000001' },
              { key: 'PT0197', trained: '119', served: 'missing' },
            ]
          : [{ key: 'PT0123', trained: String(at * 3 + 1), served: String(at * 3 + 1) }],
    })),
  );
  return { at: NOW, entities: 100, columns, fault: { feature: 'vitals:resting_bp', kind: 'unit' } };
}
