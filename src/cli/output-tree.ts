import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { WorkbenchError } from '../utils/errors';

/** A new folder with folders in it: there as a whole, or not there. */
export class OutputTree {
  readonly #path: string;
  readonly #staging: string;

  private constructor(path: string) {
    this.#path = resolve(path);
    this.#staging = `${this.#path}.writing-${process.pid}`;
  }

  /** Tries the place. Throws USAGE where something stands already or nothing can be written. */
  static async open(path: string): Promise<OutputTree> {
    const tree = new OutputTree(path);
    const there = await readdir(tree.#path).catch((error: unknown) => (isAbsent(error) ? [] : null));
    if (there === null || there.length > 0) {
      throw new WorkbenchError(
        'USAGE',
        `--out is "${path}", where something stands already; give a new or an empty folder.`,
      );
    }
    try {
      await mkdir(tree.#staging, { recursive: true });
      return tree;
    } catch (error) {
      throw new WorkbenchError(
        'USAGE',
        `Cannot write to ${path}: ${error instanceof Error ? error.message : String(error)}.`,
      );
    }
  }

  async write(files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
    const made = new Set<string>();
    for (const [name, content] of files) {
      const place = join(this.#staging, name);
      if (!made.has(dirname(place))) await mkdir(dirname(place), { recursive: true });
      made.add(dirname(place));
      await writeFile(place, content);
    }
    await rmdir(this.#path).catch(() => undefined);
    await rename(this.#staging, this.#path);
  }

  /** Removes what was written so far. */
  abandon(): Promise<void> {
    return rm(this.#staging, { recursive: true, force: true });
  }
}

/** Whether a file-system error says that nothing is there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
