import { writeBundle } from '../../interop/bundle/write';
import { WorkbenchError } from '../../utils/errors';
import { controlOf } from '../platform';
import type { ModelSpec } from '../model-spec';
import { allTables, filesNamedBy } from '../storage';
import type { TakenFile } from '../store/types';
import type { ExchangeContext } from './context';
import { ownersIn, tablesOf } from './owners';
import { readTables, tablesAtHand, type Tables } from './tables-at-hand';

/** Everything the workspace holds, as one zip. */
export async function exportWorkspace(context: ExchangeContext): Promise<TakenFile> {
  const bytes = await fromOneMoment(async () => bundleOf(context, 'workspace', await tablesNow(context)));
  return { fileName: 'glasshouse-workspace.zip', bytes };
}

/** One model with its lineage: definitions, data, runs, versions, aliases and its lines of the log. */
export async function exportModelBundle(context: ExchangeContext, spec: ModelSpec): Promise<TakenFile> {
  const { name } = spec.config;
  const bytes = await fromOneMoment(async () => {
    const tables = tablesOf(await tablesNow(context), name);
    if ([...tables.values()].every((records) => records.length === 0)) {
      throw new WorkbenchError('USAGE', `Nothing is recorded of ${name} yet. Run a stage first.`);
    }
    return bundleOf(context, 'model', tables);
  });
  return { fileName: `${name}-bundle.zip`, bytes };
}

function tablesNow({ platform }: ExchangeContext): Promise<Tables> {
  const names = Object.keys(allTables).sort();
  return platform.records.read(names, (tx) => readTables(tx, names));
}

async function bundleOf(context: ExchangeContext, kind: 'workspace' | 'model', records: Tables): Promise<Uint8Array> {
  const { platform, onProgress, signal } = context;
  const files = new Map<string, () => Promise<Uint8Array>>();
  const named = await filesNamedBy(tablesAtHand(records));
  for (const { path, what } of [...named].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    files.set(path, async () => (await platform.files.read(path)) ?? missing(what));
  }
  const models = [...ownersIn(records)].sort();
  const content = { kind, created_at: platform.now(), models, records, files };
  return writeBundle(content, controlOf(platform.pause, onProgress, signal));
}

function missing(what: string): never {
  const text = `The storage has lost ${what}, so no whole bundle can be made. Check the storage in the Data stage, and run the stage that made it again.`;
  throw new WorkbenchError('STORAGE_CORRUPT', text, { missing: true });
}

/** Another tab may delete a file after the records were read; then everything is read once more. */
async function fromOneMoment<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.details['missing'] !== true) throw error;
    return work();
  }
}
