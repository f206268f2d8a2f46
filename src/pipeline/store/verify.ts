import { isBeginning } from '../../features/offline/read';
import { eachBlock, onlineViews } from '../../features/online/read';
import { sha256Hex } from '../../utils/hash';
import { checkpoint, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import type { Platform } from '../platform';
import { namedFiles, type NamedFile } from '../storage';
import { count } from '../stage-results';
import type { Partition, StageRecord } from '../tables';
import type { StoreCheck } from './types';

/** Holds every stored file against its record, and records against each other. Nothing may be written meanwhile. */
export function verifyStore(platform: Platform, control: Control): Promise<StoreCheck> {
  return platform.exclusive(async () => {
    const named = await namedFiles(platform);
    const stored = new Set(await platform.files.list());
    const faults: string[] = [];
    let bytes = 0;
    for (const [done, file] of named.entries()) {
      await checkpoint(control, { label: `checking ${file.what}`, done, total: named.length });
      const content = await platform.files.read(file.path);
      bytes += content?.byteLength ?? 0;
      const fault = await fileFault(platform, file, content);
      if (fault !== null) faults.push(fault);
    }
    const known = new Set(named.map(({ path }) => path));
    for (const path of stored) {
      if (!known.has(path))
        faults.push(`No record names the file ${path}; it is deleted when the page is opened again.`);
    }
    return { files: known.size, bytes, faults: [...faults, ...(await recordFaults(platform))] };
  });
}

async function fileFault(
  platform: Platform,
  { path, what, bytes, digest }: NamedFile,
  content: Uint8Array | undefined,
): Promise<string | null> {
  if (!content) return `A file of ${what} is missing (${path}).`;
  if (bytes !== undefined && content.byteLength !== bytes) {
    return `A file of ${what} has ${count(content.byteLength)} bytes, and ${count(bytes)} were written (${path}).`;
  }
  if (digest !== undefined && sha256Hex(content) !== digest) {
    return `A file of ${what} is not what was written: its hash differs (${path}).`;
  }
  if (!path.endsWith('.arrow') || digest !== undefined) return null;
  return platform.arrow.decode(content).then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof WorkbenchError)) throw error;
      return `A file of ${what} cannot be read (${path}): ${error.message}`;
    },
  );
}

/** Records that contradict each other. */
async function recordFaults(platform: Platform): Promise<readonly string[]> {
  const { partitions, stages } = await platform.records.read(['partitions', 'stage_results'], async (tx) => ({
    partitions: await tx.query<Partition>('partitions'),
    stages: await tx.query<StageRecord>('stage_results'),
  }));
  const faults: string[] = [];
  const models = new Set([...stages.map(({ model }) => model), ...partitions.map(({ model }) => model)]);
  for (const model of models) {
    const own = partitions.filter((partition) => partition.model === model);
    const ofModel = stages.filter((record) => record.model === model);
    const data = ofModel.find((record): record is StageRecord<'data'> => record.stage === 'data');
    const features = ofModel.find((record): record is StageRecord<'features'> => record.stage === 'features');
    faults.push(...tableFaults(model, own, data), ...(await onlineFaults(platform, model, features)));
  }
  return faults;
}

/** The online store: as many rows as its views say, and any at all where the Features stage filled it. */
async function onlineFaults(
  { records }: Platform,
  model: string,
  features: StageRecord<'features'> | undefined,
): Promise<readonly string[]> {
  const faults: string[] = [];
  let rows = 0;
  for (const view of await onlineViews(records, model)) {
    let found = 0;
    await eachBlock(records, view, ({ keys }) => void (found += keys.length));
    if (found !== view.rows) {
      faults.push(
        `The online store says that the view ${view.view} of ${model} has ${count(view.rows)} rows, and holds ${count(found)}.`,
      );
    }
    rows += found;
  }
  if (features && features.result.onlineRows > 0 && rows === 0) {
    faults.push(`The Features stage of ${model} filled the online store, and it is empty.`);
  }
  return faults;
}

function tableFaults(
  model: string,
  partitions: readonly Partition[],
  data: StageRecord<'data'> | undefined,
): readonly string[] {
  if (!data) {
    return partitions.length > 0
      ? [`${model} has ${partitions.length} partitions, and its Data stage has not run.`]
      : [];
  }
  const faults: string[] = [];
  const tables = new Set([...data.result.profiles.map(({ table }) => table), ...partitions.map(({ table }) => table)]);
  for (const table of tables) {
    const own = partitions.filter((partition) => partition.table === table);
    const rows = own.reduce((sum, partition) => sum + partition.rows, 0);
    const said = data.result.profiles.find((profile) => profile.table === table)?.rows;
    if (said !== rows) {
      faults.push(
        `The partitions of the table ${table} of ${model} hold ${count(rows)} rows, and its Data stage counted ${said === undefined ? 'none' : count(said)}.`,
      );
    }
    if (!isBeginning(own))
      faults.push(`The partitions of the table ${table} of ${model} leave rows out, or hold some twice.`);
  }
  return faults;
}
