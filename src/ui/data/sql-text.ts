import type { SqlSchema } from '../../pipeline/store/types';

/** Words that are no name without quotes. */
const RESERVED = new Set(
  'all and any as asc between by case cast check collate column constraint create cross default desc describe distinct do else end except exists false fetch for foreign from full group having in inner into is join lateral left like limit natural not null offset on only or order outer pivot primary qualify references right select show some summarize table then to true union unique unpivot using when where window with'.split(
    ' ',
  ),
);

/** A name as it stands in a statement: in quotes where it needs them. */
export function sqlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

export interface Example {
  readonly title: string;
  readonly sql: string;
}

/** A few statements to begin with, made for the tables at hand. */
export function examplesFor(schema: readonly SqlSchema[]): readonly Example[] {
  const examples: Example[] = [];
  const table = schema.find((one) => one.kind === 'table');
  const view = schema.find((one) => one.kind === 'feature_view');
  const dataset = schema.find((one) => one.kind === 'saved_dataset');
  if (table) {
    const name = sqlName(table.name);
    examples.push({ title: `Every column of ${table.name} in figures`, sql: `SUMMARIZE ${name}` });
    const time = table.columns.find((column) => column.type === 'timestamp');
    if (time) {
      const at = sqlName(time.name);
      examples.push({
        title: `Rows of ${table.name} a month`,
        sql: `SELECT date_trunc('month', ${at}) AS month, count(*) AS rows\nFROM ${name}\nGROUP BY month\nORDER BY month`,
      });
    }
    const text = schema
      .filter((one) => one.kind === 'table')
      .flatMap((one) => one.columns.map((column) => ({ table: one.name, column })))
      .find(({ column }) => column.type === 'string' && !column.name.endsWith('_id'));
    if (text) {
      const column = sqlName(text.column.name);
      examples.push({
        title: `Most frequent values of ${text.column.name}`,
        sql: `SELECT ${column}, count(*) AS rows\nFROM ${sqlName(text.table)}\nGROUP BY ${column}\nORDER BY rows DESC\nLIMIT 20`,
      });
    }
  }
  const feature = view?.columns.find((column) => column.type === 'float64');
  const key = view?.columns[0];
  if (view && feature && key) {
    examples.push({
      title: `How ${feature.name} of ${view.name} spreads`,
      sql: `SELECT floor(${sqlName(feature.name)} / 5) * 5 AS bin, count(*) AS rows\nFROM ${sqlName(view.name)}\nWHERE ${sqlName(feature.name)} IS NOT NULL\nGROUP BY bin\nORDER BY bin`,
    });
    examples.push({
      title: `Newest row of each ${key.name} in ${view.name}`,
      sql: `SELECT *\nFROM ${sqlName(view.name)}\nQUALIFY row_number() OVER (PARTITION BY ${sqlName(key.name)} ORDER BY event_timestamp DESC) = 1`,
    });
  }
  if (dataset) examples.push({ title: `Rows of ${dataset.name}`, sql: `SELECT *\nFROM ${sqlName(dataset.name)}` });
  return examples;
}
