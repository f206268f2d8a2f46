import { refuseBundle } from '../../interop/bundle/manifest';
import { readBundle, type ReadBundle } from '../../interop/bundle/read';
import { verifyAudit } from '../../registry/audit';
import type { AuditEntry } from '../../registry/types';
import { canonicalJson, sha256Hex } from '../../utils/hash';
import { controlOf } from '../platform';
import { allTables, filesNamedBy } from '../storage';
import type { ExchangeContext } from './context';
import { ownersIn, strayIn } from './owners';
import { checkRecords } from './record-shapes';
import { tablesAtHand } from './tables-at-hand';

/**
 * Reads a bundle and checks that its parts fit: records are of tables there are, every file that one names is there, is
 * the one recorded and lies in its model's folder, no file is there that none names, and a whole log holds.
 */
export async function openBundle(
  { platform, onProgress, signal }: Omit<ExchangeContext, 'config'>,
  bytes: Uint8Array,
): Promise<ReadBundle> {
  const bundle = await readBundle(bytes, controlOf(platform.pause, onProgress, signal));
  checkRecords(bundle.records, allTables);
  const { models, kind } = bundle.manifest;
  const stranger = [...ownersIn(bundle.records)].find((owner) => !models.includes(owner));
  if (stranger !== undefined)
    refuseBundle(`holds records of "${stranger.slice(0, 60)}", which it does not name among its models`);
  const stray = strayIn(bundle.records);
  if (stray !== null) refuseBundle(`holds records (${stray}) of a run that it does not hold`);
  await checkFiles(bundle);
  checkAudit(bundle, kind === 'workspace');
  return bundle;
}

async function checkFiles({ records, files }: ReadBundle): Promise<void> {
  const named = await filesNamedBy(tablesAtHand(records));
  for (const { path, model, what, digest } of named) {
    const [top, folder] = path.split('/');
    const inPlace = ['offline', 'uploads', 'predictions'].includes(top ?? '') && folder === model;
    if (!inPlace) refuseBundle(`names a file outside the folder of its model: ${path.slice(0, 80)} of ${model}`);
    const read = files.get(path);
    if (!read) return refuseBundle(`lacks ${what} (${path})`);
    if (digest !== undefined && sha256Hex(read()) !== digest)
      refuseBundle(`holds another file for ${what} than was recorded`);
  }
  const known = new Set(named.map(({ path }) => path));
  for (const path of files.keys()) if (!known.has(path)) refuseBundle(`holds the file ${path}, which no record names`);
}

/** A whole log is a chain; that of one model has gaps, and each line holds for itself. */
function checkAudit({ records }: ReadBundle, whole: boolean): void {
  const entries = (records.get('audit') ?? []) as readonly AuditEntry[];
  const broken = whole ? verifyAudit(entries) : (entries.find((entry) => !holdsAlone(entry))?.sequence ?? null);
  if (broken !== null) refuseBundle(`holds a log whose entry ${broken} was changed after it was written`);
}

function holdsAlone({ hash, ...body }: AuditEntry): boolean {
  return sha256Hex(canonicalJson(body)) === hash;
}
