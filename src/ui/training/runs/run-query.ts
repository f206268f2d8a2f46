import type { RunKeys, SavedRunView } from '../../../pipeline/runs/types';

/** What the runs page shows, as the address bar keeps it. */
export interface RunQuery {
  readonly filter: string;
  /** "metrics.loss DESC"; empty for the newest first. */
  readonly order: string;
  readonly columns: readonly string[];
  readonly stages: 'active' | 'deleted';
  /** Runs side by side. */
  readonly compared: readonly string[];
}

type Params = Readonly<Record<string, string>>;

/** Stands for "no columns", since an empty parameter is none. */
const NONE = '-';

export function queryOf(params: Params, keys: RunKeys | null): RunQuery {
  return {
    filter: params.filter ?? '',
    order: params.order ?? '',
    columns: params.columns === undefined ? usualColumns(keys) : listOf(params.columns),
    stages: params.stages === 'deleted' ? 'deleted' : 'active',
    compared: listOf(params.compared ?? ''),
  };
}

/** Keys hold no commas, so they can be kept with commas between them. */
function listOf(text: string): readonly string[] {
  return text === NONE ? [] : text.split(',').filter((item) => item !== '');
}

/** Parameters for a part of a query. */
export function paramsOf(change: Partial<RunQuery>): Params {
  const { filter, order, columns, stages, compared } = change;
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(order === undefined ? {} : { order }),
    ...(columns === undefined ? {} : { columns: columns.length === 0 ? NONE : columns.join(',') }),
    ...(stages === undefined ? {} : { stages: stages === 'active' ? '' : stages }),
    ...(compared === undefined ? {} : { compared: compared.join(',') }),
  };
}

/** What is shown until columns are chosen: the metrics that models are judged by. */
function usualColumns(keys: RunKeys | null): readonly string[] {
  return (keys?.metrics ?? [])
    .map(({ key }) => key)
    .filter((key) => /roc_auc|pr_auc|log_?loss|brier/.test(key) && !/^(train|eval)\b/.test(key))
    .slice(0, 5)
    .map((key) => fieldName('metrics', key));
}

/** "metrics.loss", in backticks where the key needs them. */
export function fieldName(word: string, key: string): string {
  return /^[\p{L}_][\p{L}\p{M}\p{N}_/:.-]*$/u.test(key) ? `${word}.${key}` : `${word}.\`${key}\``;
}

export function viewOf(name: string, { filter, order, columns }: RunQuery): SavedRunView {
  return { name, filter, columns, order_by: order === '' ? [] : [order] };
}

/** The order after a press on a column's head: falling first, then rising, then as before. */
export function nextOrder(order: string, field: string): string {
  if (order === `${field} DESC`) return `${field} ASC`;
  return order === `${field} ASC` ? '' : `${field} DESC`;
}

/** Which way a column is ordered, as aria-sort has it. */
export function orderedBy(order: string, field: string): 'ascending' | 'descending' | 'none' {
  return order === `${field} DESC` ? 'descending' : order === `${field} ASC` ? 'ascending' : 'none';
}
