import { columnOf, makeTable, type Column, type Table } from '../utils/columns';
import { WorkbenchError, invariant } from '../utils/errors';
import type { Control } from '../utils/control';
import { runOnDemandFunction } from './on-demand-function';
import { projectionsOf, splitReference } from './resolve';
import { expressionFault, fieldSql, looksAcross } from './field-sql';
import type { FeatureDefinitions, FeatureService, OfflineTables, OnDemandFeatureView, RequestSource } from './types';

/** A request parted: what is joined, what is computed afterwards, and the order of the answer. */
export interface AskedFeatures {
  /** Features of feature views: those asked for, then those that on-demand views need. */
  readonly inputs: FeatureService['features'];
  readonly onDemand: readonly OnDemandFeatureView[];
  /** "view:feature" or "alias:feature", as asked. */
  readonly wanted: readonly string[];
}

export function splitOnDemand(definitions: FeatureDefinitions, features: FeatureService['features']): AskedFeatures {
  const known = new Map((definitions.onDemandViews ?? []).map((view) => [view.name, view]));
  const inputs: FeatureService['features'][number][] = [];
  const asked = new Set<OnDemandFeatureView>();
  const wanted: string[] = [];
  for (const item of features) {
    const name = typeof item === 'string' ? splitReference(item).view : item.view;
    const view = known.get(name);
    if (!view) {
      inputs.push(item);
      wanted.push(...referencesIn(definitions, item));
      continue;
    }
    asked.add(view);
    wanted.push(...onDemandReferences(view, item));
  }
  const joined = new Set(inputs.flatMap((item) => referencesIn(definitions, item)));
  for (const view of asked) {
    for (const reference of sourceFeatures(definitions, view)) {
      if (joined.has(reference)) continue;
      joined.add(reference);
      inputs.push(reference);
    }
  }
  return { inputs, onDemand: [...asked], wanted };
}

function referencesIn(definitions: FeatureDefinitions, item: FeatureService['features'][number]): readonly string[] {
  if (typeof item === 'string') return [item];
  return projectionsOf(definitions, [item]).flatMap(({ name, fields }) =>
    fields.map((field) => `${name}:${field.name}`),
  );
}

function onDemandReferences(view: OnDemandFeatureView, item: FeatureService['features'][number]): readonly string[] {
  if (typeof item !== 'string' && (item.name !== undefined || item.join_key_map !== undefined)) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `On-demand view "${view.name}" takes no other name and no join_key_map: it is computed from the features and keys of its sources. Leave them out.`,
    );
  }
  const names =
    typeof item === 'string'
      ? [splitReference(item).feature]
      : (item.features ?? view.schema.map((field) => field.name));
  const unknown = names.find((name) => !view.schema.some((field) => field.name === name));
  if (unknown !== undefined) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `On-demand view "${view.name}" has no feature "${unknown}"; it has ${view.schema.map((field) => field.name).join(', ')}.`,
    );
  }
  return names.map((name) => `${view.name}:${name}`);
}

/** All features of the feature views among an on-demand view's sources. */
function sourceFeatures(definitions: FeatureDefinitions, view: OnDemandFeatureView): readonly string[] {
  return view.sources
    .filter((source) => !requestOf(definitions, source))
    .flatMap((source) => referencesIn(definitions, { view: source }));
}

function requestOf(definitions: FeatureDefinitions, name: string): RequestSource | undefined {
  return definitions.requests?.find((request) => request.name === name);
}

export interface OnDemandCall {
  readonly definitions: FeatureDefinitions;
  readonly view: OnDemandFeatureView;
  /** Joined features by reference. */
  readonly inputs: ReadonlyMap<string, Column>;
  /** Where request data is looked up. */
  readonly rows: Table;
}

/** Calls so far, so that each has a table of its own in an engine that several share. */
let calls = 0;

/** What on-demand features are computed with: the SQL engine, where one is SQL, and the functions of those that are not. */
export type OnDemandMeans = Pick<OfflineTables, 'scratch' | 'functions'>;

/** An on-demand view's features for each row, by name. Throws FEATURES_INVALID. */
export function computeOnDemand(
  means: OnDemandMeans,
  call: OnDemandCall,
  control: Control = {},
): Promise<ReadonlyMap<string, Column>> {
  const { view } = call;
  if (view.mode !== 'typescript') return computeSql(means, call);
  const functions = means.functions ?? {};
  const compute = Object.hasOwn(functions, view.name) ? functions[view.name] : undefined;
  if (compute) return runOnDemandFunction(view, compute, inputTable(call), control);
  throw new WorkbenchError(
    'FEATURES_INVALID',
    `On-demand view "${view.name}" is a function in TypeScript, and the model's folder has none of that name. Restore it there (onDemand in its index.ts), or write the view's features in SQL.`,
  );
}

async function computeSql(tables: OnDemandMeans, call: OnDemandCall): Promise<ReadonlyMap<string, Column>> {
  const { view } = call;
  const across = view.schema.find(({ expression }) => looksAcross(expression));
  if (across) throw acrossRows(view, across.name);
  for (const { name, expression } of view.schema) {
    const fault = expressionFault(expression);
    if (fault !== null)
      throw new WorkbenchError('FEATURES_INVALID', `An expression of on-demand view "${view.name}" (${name}) ${fault}`);
  }
  const engine = await tables.scratch();
  const inputs = `__on_demand_${calls++}`;
  await engine.insert(inputs, inputTable(call));
  try {
    const answer = await engine.query(`SELECT ${view.schema.map(fieldSql).join(', ')} FROM "${inputs}"`);
    if (answer.rowCount !== call.rows.rowCount) throw acrossRows(view, view.schema[0]?.name ?? '');
    return new Map(view.schema.map((field) => [field.name, columnOf(answer, field.name)]));
  } finally {
    await engine.drop(inputs);
  }
}

function acrossRows(view: OnDemandFeatureView, feature: string): WorkbenchError {
  return new WorkbenchError(
    'FEATURES_INVALID',
    `An expression of on-demand view "${view.name}" (${feature}) looks at other rows than its own, so its answer would depend on who else is asked about. Write an expression of one row.`,
  );
}

/** Features of the sources as view__feature, and by short name where only one has it; then the request's columns. */
function inputTable({ definitions, view, inputs, rows }: OnDemandCall): Table {
  const columns = new Map<string, Column>();
  const shortNames = new Map<string, string | null>();
  for (const source of view.sources) {
    const request = requestOf(definitions, source);
    if (request) {
      for (const { name } of request.schema) columns.set(name, requestColumn(request, name, rows));
      continue;
    }
    for (const reference of referencesIn(definitions, { view: source })) {
      const { feature } = splitReference(reference);
      const column = inputs.get(reference);
      invariant(column, () => `${reference} was not joined`);
      columns.set(`${source}__${feature}`, column);
      shortNames.set(feature, shortNames.has(feature) ? null : reference);
    }
  }
  for (const [name, reference] of shortNames) {
    const column = reference === null ? undefined : inputs.get(reference);
    if (column && !columns.has(name)) columns.set(name, column);
  }
  return columns.size > 0 ? makeTable(columns) : makeTable([['__row', rowNumbers(rows.rowCount)]]);
}

function rowNumbers(rows: number): Column {
  return { type: 'float64', values: Float64Array.from({ length: rows }, (_, row) => row) };
}

function requestColumn(request: RequestSource, name: string, rows: Table): Column {
  const column = rows.columns.get(name);
  if (column) return column;
  throw new WorkbenchError(
    'FEATURES_INVALID',
    `The request data "${name}" of ${request.name} is missing: give it as a column beside the entity's keys, which are ${[...rows.columns.keys()].join(', ')}.`,
  );
}
