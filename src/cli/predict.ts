import { csvPieces } from '../data/csv/write-csv';
import type { Table } from '../utils/columns';
import type { PredictArguments } from './arguments/predict';
import { columnsForModel, textFeatures } from './feature-columns';
import { encodeTable } from './node-platform';
import type { Outcome, Say } from './outcome';
import { OutputFile } from './output-file';
import { checkOutput, predictionTable } from './prediction-table';
import { about, readTableFile, TABLE_ENDINGS, tableEnding } from './table-file';
import { readModel } from './train';

/** The JSON of `glasshouse predict --json`; docs/cli.md describes it and a test holds it to its schema. */
export interface PredictSummary {
  readonly model: string;
  readonly objective: string;
  readonly out: string;
  readonly rows: number;
  readonly trees: number;
  readonly columns: readonly string[];
  readonly ignored_columns: number;
  readonly warnings: readonly string[];
}

/** Writes what a model says of each row of a file. */
export async function predictFile(args: PredictArguments, say: Say): Promise<Outcome> {
  tableEnding('data', args.data);
  const out = await OutputFile.open(args.out, TABLE_ENDINGS, [args.data, args.model]);
  try {
    return await predictInto(out, args, say);
  } catch (error) {
    await out.abandon();
    throw error;
  }
}

async function predictInto(out: OutputFile, args: PredictArguments, say: Say): Promise<Outcome> {
  const booster = await readModel(args.model);
  checkOutput(booster, args.output);
  say(`reading ${args.data} …`);
  const { name, table, warnings } = await readTableFile('data', args.data, textFeatures(booster));
  const { columns, others } = await about(name, () => columnsForModel(table, booster));
  say(`${table.rowCount} rows, ${booster.trees.length} trees …`);
  const predictions = await predictionTable(booster, columns, args, {});
  await out.write(content(args.out, predictions));
  const summary: PredictSummary = {
    model: args.model,
    objective: booster.params.objective,
    out: args.out,
    rows: table.rowCount,
    trees: booster.trees.length,
    columns: [...predictions.columns.keys()],
    ignored_columns: others.length,
    warnings,
  };
  return { summary, text: describe(summary) };
}

function content(path: string, table: Table): Uint8Array | Iterable<string> {
  const ending = tableEnding('out', path);
  return ending === '.csv' ? csvPieces(shortest(table)) : encodeTable(ending, table);
}

/** Numbers with as few digits as give the same float32 again: what is written is float32, but for SHAP values. */
function shortest(table: Table): Table {
  const columns = [...table.columns].map(([name, column]) => {
    if (column.type !== 'float64' || name.startsWith('shap_')) return [name, column] as const;
    return [name, { type: 'float64', values: column.values.map(shortestSingle) }] as const;
  });
  return { rowCount: table.rowCount, columns: new Map(columns) };
}

function shortestSingle(value: number): number {
  for (const digits of [6, 7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

function describe(summary: PredictSummary): string {
  const others = summary.ignored_columns;
  return [
    `${summary.objective}, ${summary.trees} trees: ${summary.rows} rows, columns ${summary.columns.slice(0, 10).join(', ')}${summary.columns.length > 10 ? ', …' : ''}.`,
    ...(others === 0 ? [] : [`${others} ${others === 1 ? 'column is' : 'columns are'} no features of the model.`]),
    ...summary.warnings,
    `Written to ${summary.out}.`,
    '',
  ].join('\n');
}
