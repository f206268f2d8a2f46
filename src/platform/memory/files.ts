import type { FileStore } from '../../utils/records';

/** Files kept in memory; bytes are copied in and out. */
export function memoryFiles(): FileStore {
  const files = new Map<string, Uint8Array>();
  return {
    read: (path) => Promise.resolve(files.get(path)?.slice()),
    write: (path, bytes) => {
      files.set(path, bytes.slice());
      return Promise.resolve();
    },
    delete: (path) => {
      files.delete(path);
      return Promise.resolve();
    },
    list: (prefix = '') => Promise.resolve([...files.keys()].filter((path) => path.startsWith(prefix)).sort()),
  };
}
