import { lstat, mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { WorkbenchError } from '../utils/errors';

/** Text, bytes, or text piece by piece. */
export type FileContent = string | Uint8Array | Iterable<string>;

/** The folder of `--out`: made and tried before work begins, and filled with all files or none. */
export class OutputFolder {
  readonly #path: string;
  /** Folders that were not there before, outermost first. */
  readonly #made: readonly string[];

  private constructor(path: string, made: readonly string[]) {
    this.#path = path;
    this.#made = made;
  }

  /** Makes the folder where it is missing. Throws USAGE when it cannot be written to. */
  static async open(path: string): Promise<OutputFolder> {
    if (path.trim() === '') throw new WorkbenchError('USAGE', '--out is empty; name a folder to write to.');
    const made: string[] = [];
    try {
      await makeFolders(resolve(path), made);
      const probe = join(path, `.writing-${process.pid}`);
      await writeFile(probe, '');
      await rm(probe);
      return new OutputFolder(path, made);
    } catch (error) {
      await removeFolders(made);
      throw cannotWrite(path, error);
    }
  }

  /**
   * Writes files under their names and removes those of `known` that are not among them, left by an earlier run. When
   * one cannot be written, everything is put back as it was.
   */
  async write(files: ReadonlyMap<string, FileContent>, known: readonly string[]): Promise<void> {
    const staging = join(this.#path, `.writing-${process.pid}`);
    const former = join(this.#path, `.former-${process.pid}`);
    const saved: string[] = [];
    const placed: string[] = [];
    try {
      await mkdir(staging);
      await mkdir(former);
      for (const [name, content] of files) await writeFile(join(staging, name), content);
      for (const name of new Set([...files.keys(), ...known])) {
        if (!(await isFile(join(this.#path, name)))) continue;
        await rename(join(this.#path, name), join(former, name));
        saved.push(name);
      }
      for (const name of files.keys()) {
        await rename(join(staging, name), join(this.#path, name));
        placed.push(name);
      }
    } catch (error) {
      for (const name of placed) await rm(join(this.#path, name), { force: true });
      for (const name of saved) await rename(join(former, name), join(this.#path, name));
      throw cannotWrite(this.#path, error);
    } finally {
      await rm(staging, { recursive: true, force: true });
      await rm(former, { recursive: true, force: true });
    }
  }

  /** Removes the folders that `open` made, as far as they are empty. */
  abandon(): Promise<void> {
    return removeFolders(this.#made);
  }
}

/** One folder at a time: a recursive mkdir never returns on some file systems that refuse it. */
async function makeFolders(path: string, made: string[]): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return;
  if (found) throw new Error(`${path} is a file, not a folder`);
  const parent = dirname(path);
  if (parent !== path) await makeFolders(parent, made);
  await mkdir(path);
  made.push(path);
}

async function removeFolders(made: readonly string[]): Promise<void> {
  for (const path of [...made].reverse()) await rmdir(path).catch(() => undefined);
}

/** True for a file that may be replaced; throws where a folder has its name. */
async function isFile(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (found?.isDirectory()) throw new Error(`${path} is a folder, and a file must be written there`);
  return found !== null;
}

function cannotWrite(path: string, error: unknown): WorkbenchError {
  const why = error instanceof Error ? error.message : String(error);
  return new WorkbenchError(
    'USAGE',
    `Cannot write to ${path}: ${why}. Nothing there was changed; give --out another folder.`,
    {},
    { cause: error },
  );
}
