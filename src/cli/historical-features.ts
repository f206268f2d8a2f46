import { csvPieces } from '../data/csv/write-csv';
import { getHistoricalFeatures } from '../features/historical';
import { tablesAtHand } from '../features/raw-tables';
import { projectionsOf } from '../features/resolve';
import { splitOnDemand } from '../features/on-demand';
import type { RepoDefinitions } from '../features/repo';
import { entityRowsAsOf, entityRowsBetween } from '../features/entity-selection';
import { entityRowsBySql } from '../features/entity-sql';
import type { EntityRows, FeatureService, LeakReport, OfflineTables, PointInTimeMode } from '../features/types';
import type { OpenSqlEngine } from '../pipeline/platform';
import type { Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import type { HistoricalFeaturesArguments } from './arguments/historical-features';
import { filesOf, REPO_FILE, readRepo, readSource, textKeysOf } from './feature-repo';
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
  const { entities } = args;
  if (entities.by === 'file') tableEnding('entities', entities.path);
  const out = await OutputFile.open(args.out, TABLE_ENDINGS, entities.by === 'file' ? [entities.path] : []);
  const repo = await readRepo(args.repo).catch(async (error: unknown) => {
    await out.abandon();
    throw error;
  });
  const opened = new OpenRepo(args.repo, repo, say);
  try {
    await out.refuseInputs(filesOf(args.repo, repo));
    return await joinInto(out, opened, args, say);
  } catch (error) {
    await out.abandon();
    throw error;
  } finally {
    await opened.close();
  }
}

/** A folder's tables, read when they are first asked for, and one SQL engine for them. */
class OpenRepo {
  readonly definitions: RepoDefinitions;
  readonly keys: ReadonlySet<string>;
  readonly #folder: string;
  readonly #say: Say;
  readonly #tables = new Map<string, Table>();
  #engine: Promise<OpenSqlEngine> | null = null;

  constructor(folder: string, definitions: RepoDefinitions, say: Say) {
    this.definitions = definitions;
    this.keys = textKeysOf(definitions);
    this.#folder = folder;
    this.#say = say;
  }

  readonly engine = (): Promise<OpenSqlEngine> => (this.#engine ??= openSql());

  async table(name: string): Promise<Table> {
    const known = this.#tables.get(name);
    if (known) return known;
    const path = this.definitions.paths.get(name) ?? name;
    this.#say(`reading ${path} …`);
    const table = await readSource(this.#folder, path, this.keys);
    this.#tables.set(name, table);
    return table;
  }

  /** The tables that features need, at hand for a join. */
  async atHand(features: FeatureService['features']): Promise<OfflineTables> {
    for (const name of neededTables(this.definitions, features)) await this.table(name);
    return tablesAtHand(this.#tables, this.engine);
  }

  async close(): Promise<void> {
    await (await this.#engine)?.close();
  }
}

async function joinInto(
  out: OutputFile,
  opened: OpenRepo,
  args: HistoricalFeaturesArguments,
  say: Say,
): Promise<Outcome> {
  const { definitions: repo } = opened;
  const features = featuresOf(repo, args);
  const tables = await opened.atHand(features);
  const { table: entityRows, warnings } = await entityRowsOf(opened, tables, features, args);
  say(`joining ${entityRows.rowCount} rows …`);
  const { definitions } = repo;
  const { mode, fullFeatureNames } = args;
  const result = await getHistoricalFeatures(tables, { definitions, features, entityRows, mode, fullFeatureNames }, {});
  await out.write(content(args.out, result.table));
  const summary: HistoricalFeaturesSummary = {
    project: repo.project,
    out: args.out,
    mode: result.mode,
    rows: result.table.rowCount,
    columns: [...result.table.columns.keys()],
    coverage: result.coverage,
    leaks: result.leaks,
    warnings,
  };
  return { summary, text: describe(summary) };
}

async function entityRowsOf(
  opened: OpenRepo,
  tables: OfflineTables,
  features: FeatureService['features'],
  { entities, mode }: HistoricalFeaturesArguments,
): Promise<{ readonly table: EntityRows; readonly warnings: readonly string[] }> {
  const call = { definitions: opened.definitions.definitions, features, mode };
  switch (entities.by) {
    case 'file':
      return readTableFile('entities', entities.path, opened.keys, 'refuse');
    case 'range': {
      const now = Date.now() * 1000;
      return { table: await entityRowsBetween(tables, call, { ...entities, now }), warnings: [] };
    }
    case 'snapshot':
      return { table: await entityRowsAsOf(tables, call, entities.at), warnings: [] };
    case 'sql': {
      const engine = await opened.engine();
      const names = [...opened.definitions.paths.keys()];
      const load = async (name: string) => engine.insert(name, await opened.table(name));
      return { table: await entityRowsBySql(engine, { sql: entities.sql, names, load }), warnings: [] };
    }
  }
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
