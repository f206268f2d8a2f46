import { lstat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { WorkbenchError } from '../utils/errors';
import { OutputFolder, type FileContent } from './output-folder';
import { isSameFile } from './same-file';

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
    await refuseInputs(path, inputs);
    const found = await lstat(path).catch(() => null);
    if (found && !found.isFile()) throw refuse(', where something else than a file stands; give another name.');
    return new OutputFile(path, await OutputFolder.open(dirname(path)));
  }

  /** Throws USAGE when one of the files is the one that would be written, under whatever name. */
  refuseInputs(inputs: readonly string[]): Promise<void> {
    return refuseInputs(this.path, inputs);
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

async function refuseInputs(path: string, inputs: readonly string[]): Promise<void> {
  for (const input of inputs) {
    if (await isSameFile(input, path))
      throw new WorkbenchError('USAGE', `--out is "${path}", which is read as well; give another file.`);
  }
}
