import { formatTimestamp } from '../data/csv/timestamps';
import { columnLength, presentIn, type Column, type Table } from '../utils/columns';
import { checkpoint, type Control } from '../utils/control';
import { foundInRange, foundInSet, type FoundValues } from './expected-values';
import { countText, lengthText, shareText, valueText } from './wording';
import type { Expectation, FeatureDefinitions, FeatureView, Field, Micros } from './types';

/** What one expectation found. */
export interface ExpectationResult {
  readonly view: string;
  /** Null for what concerns the whole view (freshness). */
  readonly feature: string | null;
  readonly expectation: 'range' | 'set' | 'null_share' | 'freshness';
  /** As declared, for people: "0 to 300". */
  readonly expected: string;
  /** As found, for people: "2 of 31,204 below 0". */
  readonly found: string;
  readonly passed: boolean;
  readonly severity: 'warn' | 'refuse';
}

/** Rows of one view to be checked. */
export interface CheckedView {
  readonly view: string;
  /** A column a feature; features without one are not checked. */
  readonly table: Table;
  /** Event time of the view's newest row, null where there is none; freshness is checked only where this is given. */
  readonly newest?: Micros | null;
}

const MICROS = 1_000_000;

/**
 * Holds rows against what their views expect of them. A missing value counts for `null_share` alone; NaN is missing.
 * Bounds, shares and ages are inclusive. `at` is the moment that freshness is measured at.
 */
export async function checkExpectations(
  { definitions, checked, at }: Checking,
  control: Control,
): Promise<ExpectationResult[]> {
  const results: ExpectationResult[] = [];
  for (const { view: name, table, newest } of checked) {
    const view = definitions.views.find((candidate) => candidate.name === name);
    if (!view) continue;
    if (newest !== undefined && view.freshness !== undefined) results.push(freshnessOf(view, newest, at));
    for (const field of view.schema) {
      const column = table.columns.get(field.name);
      if (!column || !field.expect) continue;
      await checkpoint(control, { label: `checking ${name}:${field.name}`, done: 0, total: 0 });
      results.push(...checkColumn(view, field, { column, expect: field.expect }));
    }
  }
  return results;
}

export interface Checking {
  readonly definitions: Pick<FeatureDefinitions, 'views'>;
  readonly checked: readonly CheckedView[];
  readonly at: Micros;
}

/** The features of a view that something is expected of. */
export function expectingFields(view: FeatureView): readonly Field[] {
  return view.schema.filter(
    ({ expect }) => expect && (hasRange(expect) || expect.in || expect.null_share !== undefined),
  );
}

function hasRange({ min, max }: Expectation): boolean {
  return min !== undefined || max !== undefined;
}

function checkColumn(
  view: FeatureView,
  field: Field,
  { column, expect }: { readonly column: Column; readonly expect: Expectation },
): ExpectationResult[] {
  const rows = columnLength(column);
  const present = presentIn(column);
  const common = { view: view.name, feature: field.name, severity: expect.severity ?? 'warn' } as const;
  const results: ExpectationResult[] = [];
  const add = (expectation: 'range' | 'set', expected: string, { text, misfits }: FoundValues): void => {
    results.push({ ...common, expectation, expected, found: text, passed: misfits === 0 });
  };
  if (hasRange(expect)) add('range', rangeText(expect, column), foundInRange(column, expect, present));
  if (expect.in) add('set', setText(expect.in, column), foundInSet(column, expect.in, present));
  if (expect.null_share !== undefined) {
    const missing = rows - present;
    const share = rows === 0 ? 0 : missing / rows;
    results.push({
      ...common,
      expectation: 'null_share',
      expected: expect.null_share === 0 ? 'none missing' : `at most ${shareText(expect.null_share)} missing`,
      found: rows === 0 ? 'no rows' : `${shareText(share)} missing (${countText(missing)} of ${countText(rows)})`,
      passed: share <= expect.null_share,
    });
  }
  return results;
}

function freshnessOf(view: FeatureView, newest: Micros | null, at: Micros): ExpectationResult {
  const limit = view.freshness ?? 0;
  const common = { view: view.name, feature: null, expectation: 'freshness', severity: 'warn' } as const;
  const expected = `newest event at most ${lengthText(limit)} old`;
  if (newest === null) return { ...common, expected, found: 'no event at all', passed: false };
  return {
    ...common,
    expected,
    found: `newest event ${lengthText((at - newest) / MICROS)} old (${formatTimestamp(newest).slice(0, 16).replace('T', ' ')})`,
    passed: at - newest <= Math.round(limit * MICROS),
  };
}

function rangeText({ min, max }: Expectation, column: Column): string {
  const text = (value: number): string => valueText(column.type, value);
  if (min === undefined) return `at most ${text(max ?? NaN)}`;
  return max === undefined ? `at least ${text(min)}` : `${text(min)} to ${text(max)}`;
}

function setText(values: readonly string[], column: Column): string {
  const shown = values.slice(0, 8).map((value) => (column.type === 'string' ? `"${value}"` : value));
  const more = values.length > shown.length ? ` and ${values.length - shown.length} more` : '';
  return `one of ${shown.join(', ')}${more}`;
}
