import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Whether two paths lead to one file, by whatever names, links or folders; one that is not there is its own path. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  if (resolve(a) === resolve(b)) return true;
  const [one, other] = await Promise.all([a, b].map((path) => stat(path).catch(() => null)));
  if (one && other) return one.dev === other.dev && one.ino === other.ino;
  const [from, to] = await Promise.all([a, b].map((path) => realpath(path).catch(() => resolve(path))));
  return from === to;
}
