import type { DataSource, FeatureDefinitions, FeatureService, OnlineFeature } from '../../features/types';
import type { OnlineAnswer } from '../../pipeline/store/types';
import type { TablePage } from '../../pipeline/views';
import type { Cell } from '../../utils/columns';

type Row = Readonly<Record<string, Cell>>;

/** A row of a table as JSON to be changed: happened at the clock, recorded when it is pushed. */
export function rowText(page: TablePage, { source, clock }: { readonly source: DataSource; readonly clock: number }) {
  const cells = page.rows[0] ?? [];
  const mapping = source.field_mapping ?? {};
  const row: [string, unknown][] = page.columns.flatMap(({ name, type }, i) => {
    const known = mapping[name] ?? name;
    if (known === source.created_timestamp_column) return [];
    const cell = known === source.timestamp_field ? clock : (cells[i] ?? null);
    if (type === 'timestamp' && typeof cell === 'number') return [[name, new Date(cell / 1000).toISOString()]];
    return [[name, typeof cell === 'bigint' ? plainWhole(cell) : cell]];
  });
  return JSON.stringify(Object.fromEntries(row), null, 1);
}

/** A whole number as JSON can hold it: text of digits where a number would lose some. */
function plainWhole(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** Rows from text; throws a sentence when it is no JSON of a row or of rows. */
export function rowsFrom(text: string): readonly Row[] {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no JSON: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  const rows: readonly unknown[] = Array.isArray(read) ? read : [read];
  const wrong = rows.findIndex((row) => typeof row !== 'object' || row === null || Array.isArray(row));
  if (wrong >= 0) throw new Error(`Row ${wrong + 1} is no object; expected {"column": value, …}.`);
  return rows as readonly Row[];
}

function viewsOf(definitions: FeatureDefinitions, source: DataSource) {
  const names = definitions.sources.filter((one) => one.table === source.table).map((one) => one.name);
  return definitions.views.filter((view) => names.includes(view.source) && view.online !== false);
}

/** Features of every view that is made of the source's table. */
export function featuresOf(definitions: FeatureDefinitions, source: DataSource): FeatureService['features'] {
  return viewsOf(definitions, source).map((view) => ({ view: view.name }));
}

/** The join keys that a pushed row names. */
export function keysOf(definitions: FeatureDefinitions, source: DataSource, row: Row): Row {
  const mapping = Object.entries(source.field_mapping ?? {});
  const entities = new Set(viewsOf(definitions, source).flatMap((view) => view.entities));
  const keys = definitions.entities.flatMap((entity) => (entities.has(entity.name) ? entity.join_keys : []));
  return Object.fromEntries(
    keys.map((key) => {
      const raw = mapping.find(([, to]) => to === key)?.[0] ?? key;
      return [key, row[raw] ?? row[key] ?? null];
    }),
  );
}

/** What is served otherwise than before. */
export function changesOf(before: OnlineAnswer, after: OnlineAnswer) {
  const old = before.results[0] ?? [];
  return (after.results[0] ?? []).flatMap((now, i) => {
    const was: OnlineFeature | undefined = old[i];
    const same = String(was?.value) === String(now.value) && was?.event_timestamp === now.event_timestamp;
    return was && !same ? [{ name: after.feature_names[i] ?? now.feature, before: was, after: now }] : [];
  });
}
