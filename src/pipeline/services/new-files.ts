import type { FileStore } from '../../utils/records';

/** Files written by one piece of work that nothing has committed yet. Those that were there before are not its own. */
export class NewFiles {
  readonly #files: FileStore;
  readonly #before: ReadonlySet<string>;
  readonly #written: string[] = [];

  private constructor(files: FileStore, before: readonly string[]) {
    this.#files = files;
    this.#before = new Set(before);
  }

  /** Runs `work`; when it fails, every file it wrote under `folder` is deleted again. */
  static async during<T>(files: FileStore, folder: string, work: (own: NewFiles) => Promise<T>): Promise<T> {
    const own = new NewFiles(files, await files.list(folder));
    try {
      return await work(own);
    } catch (error) {
      for (const path of own.#written) await files.delete(path);
      throw error;
    }
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    if (!this.#before.has(path)) this.#written.push(path);
    await this.#files.write(path, bytes);
  }
}
