import type { FileStore } from '../../utils/records';
import { WorkbenchError } from '../../utils/errors';

const PART = '.part';

/**
 * Files in the origin's private file system, under the folder `root`. A file is written beside its place and moved in
 * when whole, so that a tab killed in between leaves only a ".part" that nothing reads. Rejects where the browser has
 * no such file system.
 */
export async function opfsFiles(root: string): Promise<FileStore> {
  if (!('createWritable' in FileSystemFileHandle.prototype)) throw new Error('files here cannot be written');
  const top = await (await navigator.storage.getDirectory()).getDirectoryHandle(root, { create: true });
  return {
    read: async (path) => {
      const place = await locate(top, path, false);
      const handle = await place?.folder.getFileHandle(place.name).catch(() => null);
      return handle ? wholeFile(handle) : undefined;
    },
    write: (path, bytes) => writeFile(top, path, bytes),
    delete: async (path) => {
      const place = await locate(top, path, false);
      await place?.folder.removeEntry(place.name).catch(() => undefined);
    },
    list: async (prefix = '') => {
      const found: string[] = [];
      await walk(top, '', found).catch((error: unknown) => {
        throw erasedOr(error);
      });
      return found.filter((path) => path.startsWith(prefix) && !path.endsWith(PART)).sort();
    },
  };
}

/** Undefined where another tab deletes the file meanwhile. */
async function wholeFile(handle: FileSystemFileHandle): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await (await handle.getFile()).arrayBuffer());
  } catch (error) {
    if (error instanceof Error && ['NotFoundError', 'NotReadableError'].includes(error.name)) return undefined;
    throw error;
  }
}

async function writeFile(top: FileSystemDirectoryHandle, path: string, bytes: Uint8Array): Promise<void> {
  let place: Place | null = null;
  try {
    place = await locate(top, path, true);
    if (!place) throw new Error(`invariant: no folder for ${path}`);
    const part = await place.folder.getFileHandle(`${place.name}${PART}`, { create: true });
    const stream = await part.createWritable();
    await stream.write(bytes as Uint8Array<ArrayBuffer>);
    await stream.close();
    await moveInto(part, place, bytes);
  } catch (error) {
    await place?.folder.removeEntry(`${place.name}${PART}`).catch(() => undefined);
    if (error instanceof Error && error.name === 'QuotaExceededError') {
      throw new WorkbenchError(
        'STORAGE_REFUSED',
        `This browser has no space left for ${path} (${bytes.byteLength} bytes). Nothing was saved of this step.`,
        { full: true },
        { cause: error },
      );
    }
    throw erasedOr(error);
  }
}

/** What to say when the files of this site were deleted under an open tab. */
function erasedOr(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'NotFoundError') return error;
  return new WorkbenchError(
    'STORAGE_REFUSED',
    'The files of this workspace were deleted while this tab was open, in another tab or in the settings of the browser. Reload this tab and run the stages again.',
    {},
    { cause: error },
  );
}

/** createWritable is atomic on close; where `move` is missing the file is written once more at its place. */
async function moveInto(part: FileSystemFileHandle, place: Place, bytes: Uint8Array): Promise<void> {
  const movable = part as FileSystemFileHandle & { move?: (name: string) => Promise<void> };
  if (movable.move) return movable.move(place.name);
  const target = await place.folder.getFileHandle(place.name, { create: true });
  const stream = await target.createWritable();
  await stream.write(bytes as Uint8Array<ArrayBuffer>);
  await stream.close();
  await place.folder.removeEntry(part.name);
}

interface Place {
  readonly folder: FileSystemDirectoryHandle;
  readonly name: string;
}

async function locate(top: FileSystemDirectoryHandle, path: string, create: boolean): Promise<Place | null> {
  const parts = path.split('/').map(safeName);
  const name = parts.pop() ?? '';
  let folder = top;
  for (const part of parts) {
    const next = await folder.getDirectoryHandle(part, { create }).catch((error: unknown) => {
      if (create) throw error;
      return null;
    });
    if (!next) return null;
    folder = next;
  }
  return { folder, name };
}

function safeName(part: string): string {
  if (!/^[\w.\-=]{1,200}$/.test(part) || part === '.' || part === '..')
    throw new Error(`invariant: "${part}" cannot name a stored file`);
  return part;
}

async function walk(folder: FileSystemDirectoryHandle, prefix: string, found: string[]): Promise<void> {
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === 'directory') await walk(handle, `${prefix}${name}/`, found);
    else found.push(`${prefix}${name}`);
  }
}
