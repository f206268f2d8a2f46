import type { Workbench } from '../../pipeline/client';
import type { BundleModel, BundleView, ImportChoices, ImportResult } from '../../pipeline/exchange/types';
import type { Progress } from '../../utils/control';
import { isStopped, messageOf } from '../state/fault';

/** More than this is not read into memory at once. */
const MOST_BYTES = 2 * 1024 ** 3;

/** What becomes of one model of the bundle. */
export interface Row {
  readonly model: BundleModel;
  readonly skip: boolean;
  readonly as: string;
}

/** A bundle on its way in: read, checked, chosen from, imported. */
export class ImportDraft {
  view = $state.raw<BundleView | null>(null);
  rows = $state.raw<readonly Row[]>([]);
  fileName = $state('');
  fault = $state<string | null>(null);
  step = $state.raw<Progress | null>(null);
  stop = $state.raw<AbortController | null>(null);
  #bytes: Uint8Array | null = null;
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  get wanted(): number {
    return this.rows.filter((row) => !row.skip).length;
  }

  change(name: string, change: Partial<Pick<Row, 'skip' | 'as'>>): void {
    this.rows = this.rows.map((row) => (row.model.name === name ? { ...row, ...change } : row));
  }

  /** Reads and checks a file; answers when it is known what it holds or why not. */
  async read(file: File): Promise<void> {
    this.fileName = file.name;
    [this.view, this.rows, this.#bytes] = [null, [], null];
    await this.#work(async (onProgress, signal) => {
      if (file.size > MOST_BYTES)
        throw new Error(`${file.name} has more than 2 GB, and no bundle that is read is so large.`);
      const bytes = new Uint8Array(await file.arrayBuffer());
      this.view = await this.#workbench.inspectBundle(bytes, onProgress, signal);
      this.rows = this.view.models.map((model) => ({ model, skip: false, as: model.suggested }));
      this.#bytes = bytes;
    });
  }

  /** Imports what was chosen; null when it was refused or stopped, which `fault` says. */
  async import(): Promise<ImportResult | null> {
    const bytes = this.#bytes;
    if (!bytes) return null;
    let result: ImportResult | null = null;
    await this.#work(async (onProgress, signal) => {
      result = await this.#workbench.importBundle(bytes, this.#choices(), onProgress, signal);
    });
    return result;
  }

  #choices(): ImportChoices {
    return Object.fromEntries(this.rows.map(({ model, skip, as }) => [model.name, skip ? 'skip' : { as: as.trim() }]));
  }

  async #work(work: (onProgress: (step: Progress) => void, signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    this.stop = controller;
    this.fault = null;
    try {
      await work((step) => (this.step = step), controller.signal);
    } catch (error) {
      this.fault = isStopped(error) ? 'Stopped; nothing was imported.' : messageOf(error);
    }
    [this.stop, this.step] = [null, null];
  }
}
