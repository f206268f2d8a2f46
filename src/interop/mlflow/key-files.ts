import { sha256Hex } from '../../utils/hash';
import { utf8Bytes } from '../../utils/utf8';

/** Bytes of one name that every file system takes. */
const MOST_BYTES = 200;

/**
 * Where each key's file goes. MLflow names files after keys, "a/b" in a folder "a". Keys that cannot stand beside each
 * other as files everywhere are called otherwise: those with a colon, with a dot or space at a name's end or with very
 * long names, those that differ in case only, and "a" beside "a/b". Earlier keys, in order of code units, keep their names.
 */
export function keyFiles(keys: readonly string[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const taken = new Set<string>();
  const folders = new Set<string>();
  for (const key of [...keys].sort()) {
    const plain = key.split('/').map(safeName).join('/');
    let file = plain;
    // In no folder: one that is a file's name would be in the way of every name below it.
    for (let n = 2; isTaken(file, taken, folders); n++) file = `${plain.replaceAll('/', '_')}_${n}`;
    taken.add(file.toLowerCase());
    for (const folder of foldersOf(file)) folders.add(folder.toLowerCase());
    files.set(key, file);
  }
  return files;
}

function safeName(name: string): string {
  if (utf8Bytes(name).length > MOST_BYTES) return `long_${sha256Hex(name).slice(0, 16)}`;
  return name.replaceAll(':', '_').replace(/[. ]$/, '_');
}

function isTaken(file: string, taken: ReadonlySet<string>, folders: ReadonlySet<string>): boolean {
  const lower = file.toLowerCase();
  return taken.has(lower) || folders.has(lower) || foldersOf(lower).some((folder) => taken.has(folder));
}

function foldersOf(file: string): readonly string[] {
  const parts = file.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}
