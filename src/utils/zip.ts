import { strToU8, zipSync } from 'fflate';

/** MS-DOS time, which zip files hold, begins here; every file has it, so that equal files give equal archives. */
const EPOCH = new Date(1980, 0, 1);

/** Files by path as one zip archive, in their order. */
export function zipFiles(files: ReadonlyMap<string, string | Uint8Array>): Uint8Array {
  const entries = [...files].map(([path, content]) => [path, typeof content === 'string' ? strToU8(content) : content]);
  return zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>, { mtime: EPOCH });
}
