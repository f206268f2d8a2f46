import { lstat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { WorkbenchError } from '../utils/errors';
import { OutputFolder, type FileContent } from './output-folder';

/** The file of `--out` or another flag: its place is tried before work begins, and it is written whole or not at all. */
export class OutputFile {
  readonly path: string;
  readonly #folder: OutputFolder;

  private constructor(path: string, folder: OutputFolder) {
    this.path = path;
    this.#folder = folder;
  }

  /**
   * Makes missing folders. Throws USAGE for another ending, for a place that cannot be written to, and for a file that is
   * read by the same command.
   */
  static async open(
    path: string,
    endings: readonly string[],
    inputs: readonly string[],
    flag = 'out',
  ): Promise<OutputFile> {
    const refuse = (text: string) => new WorkbenchError('USAGE', `--${flag} is "${path}"${text}`);
    if (!endings.includes(extname(path).toLowerCase())) {
      throw refuse(`; expected a file that ends in ${endings.join(', ')}.`);
    }
    if (inputs.some((input) => resolve(input) === resolve(path))) {
      throw refuse(', which is read as well; give another file.');
    }
    const found = await lstat(path).catch(() => null);
    if (found && !found.isFile()) throw refuse(', where something else than a file stands; give another name.');
    return new OutputFile(path, await OutputFolder.open(dirname(path)));
  }

  /** Replaces the file; as it was where that fails. */
  write(content: FileContent): Promise<void> {
    return this.#folder.write(new Map([[basename(this.path), content]]), []);
  }

  /** Removes the folders that `open` made. */
  abandon(): Promise<void> {
    return this.#folder.abandon();
  }
}
