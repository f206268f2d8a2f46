import { checkExpectations, expectingFields, type CheckedView } from '../../features/expectations';
import type { OnlineBatch } from '../../features/online/tables';
import type { FeatureDefinitions, Micros } from '../../features/types';
import { countText } from '../../features/wording';
import { WorkbenchError } from '../../utils/errors';
import type { RecordsTx } from '../../utils/records';
import { rowsToCheck } from '../services/view-tables';
import type { Partition } from '../tables';
import type { StageState } from '../views';
import { storeControl, type StoreContext } from './context';
import type { ExpectationResult, QualityCheck } from './types';

/** Checks kept of a model. */
export const KEPT_CHECKS = 200;

type CheckContext = Omit<StoreContext, 'config'>;

interface CheckCall {
  readonly occasion: QualityCheck['occasion'];
  /** The model's clock. */
  readonly at: Micros;
  readonly views: readonly CheckedView[];
}

/**
 * Holds rows against what is expected of them. Nothing is written: `keepCheck` does that in the transaction that commits
 * the rows. Throws FEATURES_INVALID with everything that failed and is to be refused.
 */
export async function checkQuality(context: CheckContext, { occasion, at, views }: CheckCall): Promise<QualityCheck> {
  const { platform, spec } = context;
  const control = storeControl(context);
  const results = await checkExpectations({ definitions: spec.definitions, checked: views, at }, control);
  const refused = results.filter((result) => !result.passed && result.severity === 'refuse');
  if (refused.length > 0) {
    const sentences = refused.map((result) => `${failureText(result)}.`);
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `${DOING[occasion]} was refused, and everything stays as it was. ${sentences.join(' ')} Mend the rows, or change what the definitions expect.`,
      { failed: refused },
    );
  }
  return {
    check_id: platform.newId(),
    model: spec.config.name,
    at,
    checked: platform.now(),
    occasion,
    rows: views.reduce((sum, { table }) => sum + table.rowCount, 0),
    results,
  };
}

const DOING: Readonly<Record<QualityCheck['occasion'], string>> = {
  ingest: 'Taking the new rows',
  materialize: 'Materializing',
  push: 'The push',
};

/** "vitals:resting_bp: expected 40 to 260, found 3 of 31,204 below 40 (from 2 to 210)". */
function failureText({ view, feature, expected, found }: ExpectationResult): string {
  return `${feature === null ? view : `${view}:${feature}`}: expected ${expected}, found ${found}`;
}

/** Keeps a check that checked anything, and the newest of the model's. Tables: quality_checks. */
export async function keepCheck(tx: RecordsTx, check: QualityCheck): Promise<void> {
  if (check.results.length === 0) return;
  await tx.put('quality_checks', check);
  const older = await tx.query<QualityCheck>('quality_checks', {
    index: 'model_checked',
    from: [check.model, 0],
    to: [check.model, Number.MAX_VALUE],
    reverse: true,
    offset: KEPT_CHECKS,
  });
  for (const { model, check_id } of older) await tx.delete('quality_checks', [model, check_id]);
}

const WARNING = / [\d,]+ of [\d,]+ expectations failed: .*$/s;

/** The state of a stage whose rows were checked again: this check's warnings take the place of those before. */
export function checkedAgain(state: StageState, check: QualityCheck): StageState {
  const sentence = state.sentence.replace(WARNING, '');
  const warned = sentence !== state.sentence;
  // What else wants a look stands before the stage's own sentence, which begins with a number.
  const status = warned && state.status === 'attention' && /^\d/.test(sentence) ? 'good' : state.status;
  return check.results.length === 0 ? state : withWarnings(warned ? { ...state, status, sentence } : state, [check]);
}

/** What failed, a sentence each. */
export function failuresOf({ results }: QualityCheck): readonly string[] {
  return results.filter(({ passed }) => !passed).map((result) => `${failureText(result)}.`);
}

interface NewRows {
  readonly partitions: readonly Partition[];
  readonly clock: Micros;
  readonly occasion: QualityCheck['occasion'];
}

/** Holds new rows of raw tables against what the features made of them are expected to be. */
export async function checkRows(
  context: CheckContext,
  { partitions, clock, occasion }: NewRows,
): Promise<QualityCheck> {
  const { platform, spec } = context;
  const names = partitions.map(({ table }) => table);
  const views = expectsAnything(spec.definitions)
    ? await platform.services.data.withTables({ spec, partitions }, storeControl(context), (tables) =>
        rowsToCheck(tables, spec, names),
      )
    : [];
  return checkQuality(context, { occasion, at: clock, views });
}

/** The state of a stage with the warnings of its checks. */
export function withWarnings(state: StageState, checks: readonly QualityCheck[]): StageState {
  const failed = checks.flatMap(({ results }) => results.filter((result) => !result.passed));
  const [first] = failed;
  if (!first) return state;
  const all = checks.reduce((sum, { results }) => sum + results.length, 0);
  return {
    ...state,
    status: state.status === 'alert' ? 'alert' : 'attention',
    sentence: `${state.sentence} ${countText(failed.length)} of ${countText(all)} expectations failed: ${failureText(first)}${failed.length > 1 ? ', among others' : ''}.`,
  };
}

/** Whether rows of these views have to be looked at. */
function expectsAnything({ views }: Pick<FeatureDefinitions, 'views'>): boolean {
  return views.some((view) => expectingFields(view).length > 0);
}

/**
 * Rows of the online store, for the views that expect anything of them; with `newest`, how fresh the views are is checked
 * too.
 */
export function batchesToCheck(
  { views }: Pick<FeatureDefinitions, 'views'>,
  batches: readonly OnlineBatch[],
  newest?: Readonly<Record<string, Micros | null>>,
): readonly CheckedView[] {
  return views.flatMap((view): CheckedView[] => {
    const batch = batches.find((one) => one.view === view.name);
    if (!batch || (expectingFields(view).length === 0 && view.freshness === undefined)) return [];
    const fresh = newest ? { newest: newest[view.name] ?? null } : {};
    return [{ view: view.name, table: batch.values, ...fresh }];
  });
}
