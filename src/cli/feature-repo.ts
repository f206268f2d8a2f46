import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { describeFault } from '../config/faults';
import { loadFeatureRepo } from '../config/feature-repo';
import { definitionsFromRepo, type RepoDefinitions } from '../features/repo';
import type { Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { about, readBytes, readTableFile } from './table-file';

/** The file of a folder that holds its definitions. */
export const REPO_FILE = 'features.yaml';

/** The definitions of a folder. Throws USAGE or FEATURES_INVALID sentences that name the file and the line. */
export async function readRepo(folder: string): Promise<RepoDefinitions> {
  const path = join(folder, REPO_FILE);
  const text = new TextDecoder().decode(await readBytes(path));
  const loaded = loadFeatureRepo(text);
  if ('faults' in loaded) {
    throw new WorkbenchError('USAGE', loaded.faults.map((fault) => describeFault(fault, path)).join('\n'));
  }
  return about(path, () => definitionsFromRepo(loaded.repo));
}

/** The table of one source; text keys stay text where the file is CSV. */
export async function readSource(folder: string, path: string, textKeys: ReadonlySet<string>): Promise<Table> {
  const whole = resolve(folder, path);
  const real = await realpath(whole).catch(() => whole);
  const root = await realpath(folder).catch(() => resolve(folder));
  if (isAbsolute(path) || leadsOut(resolve(folder), whole) || leadsOut(root, real)) {
    throw new WorkbenchError('USAGE', `${REPO_FILE}: the path "${path}" leads out of the folder; give one inside it.`);
  }
  const { table } = await readTableFile('repo', whole, textKeys, 'refuse');
  return table;
}

function leadsOut(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way.startsWith('..') || isAbsolute(way);
}

/** The files that a folder's definitions are read from. */
export function filesOf(folder: string, { paths }: RepoDefinitions): readonly string[] {
  return [join(folder, REPO_FILE), ...[...paths.values()].map((path) => join(folder, path))];
}

/** Keys declared as text, which keep their leading zeros in CSV files. */
export function textKeysOf({ definitions }: RepoDefinitions): ReadonlySet<string> {
  return new Set(
    definitions.entities.filter((entity) => entity.value_type === 'String').flatMap((entity) => entity.join_keys),
  );
}
