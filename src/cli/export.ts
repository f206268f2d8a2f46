import { join, resolve } from 'node:path';
import { tablesAtHand } from '../features/raw-tables';
import { feastRepo } from '../interop/feast/repo';
import type { Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import type { FeastArguments } from './arguments/export';
import { filesOf, readRepo, readSource, textKeysOf } from './feature-repo';
import { encodeTable, openSql } from './node-platform';
import type { Outcome, Say } from './outcome';
import { OutputFolder, type FileContent } from './output-folder';
import { isSameFile } from './same-file';

/** The JSON of `glasshouse export --feast … --json`; docs/cli.md describes it and a test holds it to its schema. */
export interface ExportSummary {
  readonly project: string;
  readonly out: string;
  readonly views: readonly string[];
  readonly rows: Readonly<Record<string, number>>;
  readonly files: readonly string[];
}

/** Writes the definitions and data of a folder as a Feast repository. */
export async function exportFeast(args: FeastArguments, say: Say): Promise<Outcome> {
  if (resolve(args.feast) === resolve(args.repo)) {
    throw new WorkbenchError('USAGE', `--feast and --repo are both "${args.feast}"; give another folder to write to.`);
  }
  const out = await OutputFolder.open(args.feast);
  try {
    return await exportInto(out, args, say);
  } catch (error) {
    await out.abandon();
    throw error;
  }
}

async function exportInto(out: OutputFolder, args: FeastArguments, say: Say): Promise<Outcome> {
  const repo = await readRepo(args.repo);
  const tables = new Map<string, Table>();
  for (const [name, path] of repo.paths) {
    say(`reading ${path} …`);
    tables.set(name, await readSource(args.repo, path, textKeysOf(repo)));
  }
  const engine = await openSql();
  const { project, definitions, services } = repo;
  const online =
    args.online === 'redis' ? ({ type: 'redis', connection: args.redis } as const) : ({ type: 'sqlite' } as const);
  const made = await feastRepo(
    tablesAtHand(tables, () => Promise.resolve(engine)),
    { project, definitions, services, online, offline: args.offline },
    { onProgress: ({ label }) => say(`${label} …`) },
  );
  await engine.close();
  const files = new Map<string, FileContent>(made.texts);
  for (const [name, table] of made.tables) files.set(name, encodeTable('.parquet', table));
  await refuseSources(args, filesOf(args.repo, repo), [...files.keys()]);
  await out.write(files, []);
  const summary: ExportSummary = {
    project,
    out: args.feast,
    views: definitions.views.map((view) => view.name),
    rows: Object.fromEntries([...made.tables].map(([name, table]) => [name, table.rowCount])),
    files: [...files.keys()],
  };
  return { summary, text: `${args.feast}: ${summary.files.join(', ')}\nRun "feast apply" in that folder.\n` };
}

/** Nothing that was read is written over. */
async function refuseSources({ feast }: FeastArguments, sources: readonly string[], names: readonly string[]) {
  for (const name of names) {
    for (const source of sources) {
      if (await isSameFile(join(feast, name), source))
        throw new WorkbenchError(
          'USAGE',
          `--feast would write ${name} over ${source}, which is read; give another folder.`,
        );
    }
  }
}
