import { Dexie } from 'dexie';
import type { FileStore } from '../../utils/records';
import { storageFault } from './records';

interface StoredFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Files in IndexedDB, for browsers without a private file system. A put is atomic by itself. */
export async function indexedDbFiles(name: string): Promise<FileStore> {
  const database = new Dexie(name, { chromeTransactionDurability: 'strict' });
  database.version(1).stores({ files: 'path' });
  await database.open();
  const files = database.table<StoredFile, string>('files');
  return {
    read: async (path) => (await files.get(path))?.bytes,
    write: async (path, bytes) => {
      await files.put({ path, bytes }).catch((error: unknown) => {
        throw storageFault(error);
      });
    },
    delete: (path) => files.delete(path),
    list: (prefix = '') => files.where('path').startsWith(prefix).primaryKeys(),
  };
}
