import { stat } from 'node:fs/promises';
import type { Config } from '../config/schema';
import type { Platform } from '../pipeline/platform';
import { Workspace } from '../pipeline/workspace';
import { WorkbenchError } from '../utils/errors';
import { sha256Hex } from '../utils/hash';
import { readConfig } from './config-file';
import { nodePlatform } from './node-platform';
import { OutputFile } from './output-file';
import { isAbsent } from './output-tree';
import { readBytes } from './table-file';

interface Opening {
  /** A file of config.yaml's form; null for the one built in. */
  readonly config: string | null;
  /** `read`: it must be there. `change`: it must be there and will be written. `make`: it may be missing. */
  readonly mode: 'read' | 'change' | 'make';
}

/** A workspace in a command: the bundle of `--workspace`, in memory until it is saved. */
export class WorkspaceFile {
  readonly path: string;
  readonly config: Config;
  readonly platform: Platform;
  readonly workspace: Workspace;
  readonly #output: OutputFile | null;
  /** SHA-256 of the file as it was read; null when there was none. */
  readonly #read: string | null;

  private constructor(path: string, config: Config, output: OutputFile | null, read: string | null) {
    this.path = path;
    this.config = config;
    this.platform = nodePlatform();
    this.workspace = new Workspace(this.platform, config);
    this.#output = output;
    this.#read = read;
  }

  /**
   * Reads the file of `--workspace`, and where it will be written tries its place before work begins. Throws USAGE for a
   * file that cannot be read or written, INTEROP_INVALID for one that is no whole bundle.
   */
  static async open(path: string, { config, mode }: Opening): Promise<WorkspaceFile> {
    const loaded = await readConfig(config);
    const output = mode === 'read' ? null : await OutputFile.open(path, ['.zip'], [], 'workspace');
    try {
      const bytes = mode === 'make' && (await isMissing(path)) ? null : await readBytes(path);
      const file = new WorkspaceFile(path, loaded, output, bytes ? sha256Hex(bytes) : null);
      if (bytes) await file.workspace.importBundle(bytes);
      return file;
    } catch (error) {
      await output?.abandon();
      throw error;
    }
  }

  /** Writes the workspace to its file, whole or not at all; refused when another process wrote it meanwhile. */
  async save(): Promise<void> {
    if (!this.#output) throw new Error('invariant: a workspace that was opened to be read is not saved');
    const { bytes } = await this.workspace.exportBundle(null);
    const now = (await isMissing(this.path)) ? null : sha256Hex(await readBytes(this.path));
    if (now !== this.#read) {
      throw new WorkbenchError(
        'BUSY',
        `${this.path} was changed by another command meanwhile; nothing was written. Run this one again.`,
      );
    }
    await this.#output.write(bytes);
  }

  /** Removes the folders that opening made, when nothing is saved. */
  async abandon(): Promise<void> {
    await this.#output?.abandon();
  }
}

async function isMissing(path: string): Promise<boolean> {
  return stat(path).then(() => false, isAbsent);
}
