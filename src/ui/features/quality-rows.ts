import type { FeaturesView, TableProfile } from '../../pipeline/views';
import type { ExpectationResult, QualityCheck, QualityView } from '../../pipeline/store/types';
import { counted } from '../format';

const HOUR = 3_600_000_000;

/** Microseconds of age in words: "3 hours", "12 days". */
export function ageText(micros: number): string {
  if (micros < HOUR) return counted(Math.max(0, Math.floor(micros / 60_000_000)), 'minute');
  if (micros < 48 * HOUR) return counted(Math.floor(micros / HOUR), 'hour');
  return counted(Math.floor(micros / (24 * HOUR)), 'day');
}

/** Seconds of a limit in words. */
export function limitText(seconds: number): string {
  return ageText(seconds * 1_000_000);
}

/** One feature as the quality table shows it. */
export interface QualityRow {
  readonly name: string;
  readonly type: string;
  readonly rows: number;
  readonly missing: number;
  readonly counts: readonly number[];
  /** Values in words, for those who do not see the picture. */
  readonly summary: string;
  /** Share of training rows with a value; null where it is not trained on. */
  readonly coverage: number | null;
  /** What was expected and found last; failed ones first. */
  readonly results: readonly ExpectationResult[];
}

/** The features of a view; those that failed something come first, then the order of the definitions. */
export function rowsOf(profile: TableProfile, features: FeaturesView, checks: readonly QualityCheck[]): QualityRow[] {
  const view = features.definitions.views.find(({ name }) => name === profile.table);
  const latest = latestResults(checks).filter((result) => result.view === profile.table);
  const trained = new Set(features.definitions.service.features);
  const rows = profile.columns
    .filter(({ name }) => !view || view.schema.some((field) => field.name === name))
    .map((column): QualityRow => {
      const covered = features.coverage[column.name];
      const known = view && trained.has(`${view.name}:${column.name}`) && covered !== undefined;
      return {
        name: column.name,
        type: view?.schema.find((field) => field.name === column.name)?.dtype ?? column.type,
        rows: profile.rows,
        missing: column.missing,
        counts: column.histogram.counts,
        summary: summaryOf(column),
        coverage: known ? covered / Math.max(1, features.dataset.rows) : null,
        results: latest
          .filter((result) => result.feature === column.name)
          .toSorted((a, b) => Number(a.passed) - Number(b.passed)),
      };
    });
  return rows.toSorted((a, b) => Number(failed(b)) - Number(failed(a)));
}

function failed({ results }: QualityRow): boolean {
  return results.some(({ passed }) => !passed);
}

function summaryOf({ distinct, min, max, type }: TableProfile['columns'][number]): string {
  const extent = min === null || max === null || type === 'timestamp' ? '' : `, ${min} to ${max}`;
  return `${counted(distinct, 'different value')}${extent}`;
}

/** What was found last by each expectation; checks come newest first. */
export function latestResults(checks: readonly QualityCheck[]): readonly ExpectationResult[] {
  const found = new Map<string, ExpectationResult>();
  for (const { results } of checks) {
    for (const result of results) {
      const id = JSON.stringify([result.view, result.feature, result.expectation]);
      if (!found.has(id)) found.set(id, result);
    }
  }
  return [...found.values()];
}

/** "vitals:resting_bp: expected 40 to 260, found …". */
export function resultSentence({ view, feature, expected, found }: ExpectationResult): string {
  return `${feature === null ? view : `${view}:${feature}`}: expected ${expected}, found ${found}.`;
}

/** A check in words: "materialize, 25 of 25 as expected". */
export function checkWords({ occasion, results }: QualityCheck): string {
  const passed = results.filter((result) => result.passed).length;
  return `${occasion}, ${passed} of ${results.length} as expected`;
}

/** The view whose newest event is oldest, measured by what is expected of it where something is. */
export function stalest(freshness: FeaturesView['freshness'] | QualityView['freshness'], clock: number) {
  const age = ({ newest, expected }: FeaturesView['freshness'][number]): number =>
    newest === null ? Infinity : (clock - newest) / (expected ?? 1e12);
  return freshness.toSorted((a, b) => age(b) - age(a))[0] ?? null;
}
