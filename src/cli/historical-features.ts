import { csvPieces } from '../data/csv/write-csv';
import { getHistoricalFeatures } from '../features/historical';
import { tablesAtHand } from '../features/raw-tables';
import { projectionsOf } from '../features/resolve';
import { splitOnDemand } from '../features/on-demand';
import type { RepoDefinitions } from '../features/repo';
import type { FeatureService, LeakReport, PointInTimeMode } from '../features/types';
import type { Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import type { HistoricalFeaturesArguments } from './arguments/historical-features';
import { REPO_FILE, readRepo, readSource, textKeysOf } from './feature-repo';
import { encodeTable, openSql } from './node-platform';
import type { Outcome, Say } from './outcome';
import { OutputFile } from './output-file';
import { readTableFile, TABLE_ENDINGS, tableEnding } from './table-file';

/** The JSON of `glasshouse historical-features --json`; docs/cli.md describes it and a test holds it to its schema. */
export interface HistoricalFeaturesSummary {
  readonly project: string;
  readonly out: string;
  readonly mode: PointInTimeMode;
  readonly rows: number;
  readonly columns: readonly string[];
  /** Per feature column: rows with a value. */
  readonly coverage: Readonly<Record<string, number>>;
  readonly leaks: readonly LeakReport[];
  readonly warnings: readonly string[];
}

/** Writes entity rows with their features as they stood at each row's time. */
export async function historicalFeatures(args: HistoricalFeaturesArguments, say: Say): Promise<Outcome> {
  tableEnding('entities', args.entities);
  const out = await OutputFile.open(args.out, TABLE_ENDINGS, [args.entities]);
  try {
    return await joinInto(out, args, say);
  } catch (error) {
    await out.abandon();
    throw error;
  }
}

async function joinInto(out: OutputFile, args: HistoricalFeaturesArguments, say: Say): Promise<Outcome> {
  const repo = await readRepo(args.repo);
  const features = featuresOf(repo, args);
  const sources = neededTables(repo, features);
  const keys = textKeysOf(repo);
  const tables = new Map<string, Table>();
  for (const name of sources) {
    say(`reading ${repo.paths.get(name) ?? name} …`);
    tables.set(name, await readSource(args.repo, repo.paths.get(name) ?? name, keys));
  }
  say(`reading ${args.entities} …`);
  const entities = await readTableFile('entities', args.entities, keys, 'refuse');
  const opened: { close(): Promise<void> }[] = [];
  const atHand = tablesAtHand(tables, async () => {
    const engine = await openSql();
    opened.push(engine);
    return engine;
  });
  say(`joining ${entities.table.rowCount} rows …`);
  const result = await getHistoricalFeatures(
    atHand,
    {
      definitions: repo.definitions,
      features,
      entityRows: entities.table,
      mode: args.mode,
      fullFeatureNames: args.fullFeatureNames,
    },
    {},
  );
  for (const engine of opened) await engine.close();
  await out.write(content(args.out, result.table));
  const summary: HistoricalFeaturesSummary = {
    project: repo.project,
    out: args.out,
    mode: result.mode,
    rows: result.table.rowCount,
    columns: [...result.table.columns.keys()],
    coverage: result.coverage,
    leaks: result.leaks,
    warnings: entities.warnings,
  };
  return { summary, text: describe(summary) };
}

function featuresOf(repo: RepoDefinitions, args: HistoricalFeaturesArguments): FeatureService['features'] {
  if (args.features) return args.features;
  const service = repo.services.find((candidate) => candidate.name === args.service);
  if (service) return service.features;
  const known = repo.services.map((candidate) => candidate.name).join(', ') || 'none';
  throw new WorkbenchError('USAGE', `${REPO_FILE} has no feature service "${args.service ?? ''}"; there are ${known}.`);
}

function neededTables({ definitions }: RepoDefinitions, features: FeatureService['features']): ReadonlySet<string> {
  const { inputs } = splitOnDemand(definitions, features);
  return new Set(projectionsOf(definitions, inputs).map(({ resolved }) => resolved.source.table));
}

function content(path: string, table: Table): Uint8Array | Iterable<string> {
  const ending = tableEnding('out', path);
  return ending === '.csv' ? csvPieces(table) : encodeTable(ending, table);
}

function describe(summary: HistoricalFeaturesSummary): string {
  const lines = [`${summary.out}: ${summary.rows} rows, ${summary.columns.length} columns, mode ${summary.mode}`];
  for (const [name, present] of Object.entries(summary.coverage)) lines.push(`  ${name}: ${present} with a value`);
  for (const leak of summary.leaks) {
    const values = Object.values(leak.values).reduce((sum, count) => sum + count, 0);
    if (leak.rows === 0 && values === 0) continue;
    const other = summary.mode === 'leak_safe' ? 'feast' : 'leak_safe';
    lines.push(
      `  ${leak.view}: mode ${other} would have taken other source rows for ${leak.rows} rows (${values} values)`,
    );
  }
  return `${lines.join('\n')}\n`;
}
