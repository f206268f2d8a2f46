import { WorkbenchError } from '../utils/errors';
import type { Platform } from './platform';
import { namedFiles, type NamedFile } from './storage';

const NAMED = 4;

/** What one model keeps of one kind. */
export interface SpaceUse {
  readonly model: string;
  readonly kind: NamedFile['kind'];
  readonly bytes: number;
}

/** What takes the space of a workspace, largest first. Sizes no record says are read off the files. */
async function spaceUsed(platform: Platform): Promise<readonly SpaceUse[]> {
  const uses = new Map<string, SpaceUse>();
  for (const file of await namedFiles(platform)) {
    const size = file.bytes ?? (await platform.files.read(file.path))?.byteLength ?? 0;
    const key = `${file.model}\n${file.kind}`;
    uses.set(key, { model: file.model, kind: file.kind, bytes: (uses.get(key)?.bytes ?? 0) + size });
  }
  return [...uses.values()].sort((a, b) => b.bytes - a.bytes);
}

/** A fault of a full disk with what can be freed; `details.uses` lists all of it. */
export async function sayingWhatToFree(platform: Platform, error: WorkbenchError): Promise<WorkbenchError> {
  const uses = await spaceUsed(platform).catch(() => []);
  const listed = uses
    .slice(0, NAMED)
    .map(({ model, kind, bytes }) => `${PLURAL[kind]} of ${model} (${sizeText(bytes)})`);
  const advice =
    listed.length > 0
      ? `What takes space here: ${listed.join(', ')}. Delete a model or a data set you no longer need, or free disk space, and try again.`
      : 'Nothing of this workspace takes space worth naming. Free disk space, and try again.';
  return new WorkbenchError(error.code, `${error.message} ${advice}`, { ...error.details, uses }, { cause: error });
}

const PLURAL: Readonly<Record<NamedFile['kind'], string>> = {
  'raw table': 'raw tables',
  'data set': 'the data set',
  predictions: 'predictions',
  'file opened': 'the opened file',
};

function sizeText(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(bytes / 1e6, 0.1).toFixed(1)} MB`;
}
