import type { BinTable } from '../../kernels/types';
import type { GrowthDevice, GrowthTable } from '../../training/growth/device';
import { WorkbenchError } from '../../utils/errors';
import { BLOCK_COLUMNS, CodeBuffers } from './code-buffers';
import { deviceLost, type Gpu } from './gpu';
import { slotBytes } from './growth-buffers';
import { WebGpuTable } from './growth-table';
import { compilePrograms, type Programs } from './programs';

/** Histograms kept on the GPU: at most so many, and so many bytes of them; fewer than three are no use. */
const MOST_SLOTS = 512;
const MOST_SLOT_BYTES = 268_435_456;
const LEAST_SLOTS = 3;
/** Bytes of a row's pair. */
const PAIR_BYTES = 8;
/** Bytes of a histogram that one workgroup subtracts. */
const WORKGROUP_BYTES = 1024;

/**
 * Rows times columns from which a GPU is chosen: ten million cells take WebAssembly about 25 ms a tree, and a tree here
 * exchanges with the GPU some eight times, a few milliseconds, besides 16 bytes a row. Estimated, not measured on a GPU.
 */
export const LEAST_GPU_CELLS = 10_000_000;

interface Kept {
  readonly bins: BinTable;
  readonly gpu: Gpu;
  readonly codes: CodeBuffers;
  users: number;
}

export interface GrowthOptions {
  /** Rows times columns of a training from which the GPU is used. Default LEAST_GPU_CELLS. */
  readonly leastCells?: number;
  /** Most bytes of a buffer; the device's limit by default, and at most that. */
  readonly mostBytes?: number;
}

/**
 * Tree growth on the GPU that `find` gives. The codes of the last table stay on it, so that trials of a search send them
 * once.
 */
export class WebGpuGrowth implements GrowthDevice {
  readonly name = 'webgpu';
  readonly leastCells: number;
  readonly #find: () => Promise<Gpu | null>;
  readonly #mostBytes: number;
  #compiled: { readonly gpu: Gpu; readonly programs: Programs } | null = null;
  #kept: Kept | null = null;

  constructor(
    find: () => Promise<Gpu | null>,
    { leastCells = LEAST_GPU_CELLS, mostBytes = Infinity }: GrowthOptions = {},
  ) {
    this.#find = find;
    this.leastCells = leastCells;
    this.#mostBytes = mostBytes;
  }

  async open(bins: BinTable): Promise<GrowthTable | null> {
    try {
      return await this.#open(bins);
    } catch (error) {
      if (error instanceof WorkbenchError) throw error;
      throw deviceLost(error instanceof Error ? error.message : String(error));
    }
  }

  /** Takes the codes of the last table off the GPU. */
  close(): void {
    if (this.#kept) this.#forget(this.#kept);
  }

  async #open(bins: BinTable): Promise<GrowthTable | null> {
    const gpu = await this.#find();
    if (!gpu || !this.#fits(gpu, bins)) return null;
    const programs = await this.#programsOn(gpu);
    gpu.device.pushErrorScope('out-of-memory');
    const kept = this.#codesOn(gpu, bins);
    const table = this.#table(gpu, programs, kept);
    const full = await gpu.device.popErrorScope().catch(() => null);
    const lost = gpu.lost();
    if (!full && lost === null) return table;
    table.close();
    this.#forget(kept);
    if (lost !== null) throw deviceLost(lost);
    return null;
  }

  async #programsOn(gpu: Gpu): Promise<Programs> {
    if (this.#compiled?.gpu !== gpu) this.#compiled = { gpu, programs: await compilePrograms(gpu.device) };
    return this.#compiled.programs;
  }

  #codesOn(gpu: Gpu, bins: BinTable): Kept {
    const kept = this.#kept;
    if (kept?.bins === bins && kept.gpu === gpu) return kept;
    if (kept) this.#forget(kept);
    const codes = new CodeBuffers(gpu.device, bins, this.#bufferBytes(gpu));
    codes.fill(gpu.device, bins);
    this.#kept = { bins, gpu, codes, users: 0 };
    return this.#kept;
  }

  #table(gpu: Gpu, programs: Programs, kept: Kept): WebGpuTable {
    const { codes, bins } = kept;
    kept.users += 1;
    const closed = () => {
      kept.users -= 1;
      if (kept !== this.#kept && kept.users === 0) codes.destroy();
    };
    return new WebGpuTable({ gpu, programs, codes, layout: bins.layout, slots: this.#slots(gpu, bins), closed });
  }

  #forget(kept: Kept): void {
    if (this.#kept === kept) this.#kept = null;
    if (kept.users === 0) kept.codes.destroy();
  }

  /** Pairs, row lists and one block of codes are not divided, and neither are histograms. */
  #fits(gpu: Gpu, bins: BinTable): boolean {
    const { rowCount, featureCount } = bins.layout;
    const workgroups = Math.max(featureCount, slotBytes(blocksOf(bins)) / WORKGROUP_BYTES);
    return (
      rowCount > 0 &&
      PAIR_BYTES * rowCount <= this.#bufferBytes(gpu) &&
      this.#slots(gpu, bins) >= LEAST_SLOTS &&
      workgroups <= gpu.device.limits.maxComputeWorkgroupsPerDimension
    );
  }

  #slots(gpu: Gpu, bins: BinTable): number {
    const bytes = Math.min(this.#bufferBytes(gpu), MOST_SLOT_BYTES);
    return Math.min(MOST_SLOTS, Math.floor(bytes / slotBytes(blocksOf(bins))));
  }

  #bufferBytes({ device: { limits } }: Gpu): number {
    return Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize, this.#mostBytes);
  }
}

function blocksOf({ layout }: BinTable): number {
  return Math.ceil(layout.featureCount / BLOCK_COLUMNS);
}
