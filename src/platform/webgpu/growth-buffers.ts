import type { NarrowingLimits } from '../../training/growth/device';
import { BLOCK_COLUMNS, type CodeBuffers } from './code-buffers';
import { deviceLost, type Gpu } from './gpu';
import type { Bound } from './program';
import { Scratch } from './scratch';

/** Words of a column in a histogram: hessian and gradient of 256 codes. */
export const COLUMN_WORDS = 512;
const BLOCK_WORDS = COLUMN_WORDS * BLOCK_COLUMNS;
/** Uniform buffers are bound at multiples of this. */
const SETTINGS_BYTES = 256;
const SETTINGS_USED = 32;

const LISTS = [
  'splits',
  'middles',
  'chunks',
  'lefts',
  'builds',
  'blocks',
  'subtractions',
  'searches',
  'columnBits',
  'columns',
  'bounds',
  'found',
  'buildSettings',
  'partitionSettings',
] as const;
type ListName = (typeof LISTS)[number];

interface Settings extends Partial<NarrowingLimits> {
  readonly first: number;
  readonly stride: number;
}

/** Bytes of a histogram of so many blocks of columns. */
export function slotBytes(blocks: number): number {
  return 4 * BLOCK_WORDS * blocks;
}

/** Buffers of one training on a GPU. */
export class GrowthBuffers {
  readonly rows: GPUBuffer;
  readonly spare: GPUBuffer;
  readonly pairs: GPUBuffer;
  readonly histograms: GPUBuffer;
  readonly slotWords: number;
  readonly lists: Readonly<Record<ListName, Scratch>>;
  readonly #gpu: Gpu;
  readonly #codes: CodeBuffers;
  readonly #staging: Scratch;

  constructor(gpu: Gpu, codes: CodeBuffers, rowCount: number, slots: number) {
    const { device } = gpu;
    const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const buffer = (size: number) => device.createBuffer({ size, usage: storage });
    const list = (name: ListName) =>
      new Scratch(device, name.endsWith('Settings') ? storage | GPUBufferUsage.UNIFORM : storage);
    this.#gpu = gpu;
    this.#codes = codes;
    this.slotWords = BLOCK_WORDS * codes.blockCount;
    this.rows = buffer(4 * rowCount);
    this.spare = buffer(4 * rowCount);
    this.pairs = buffer(8 * rowCount);
    this.histograms = buffer(slots * slotBytes(codes.blockCount));
    this.lists = Object.fromEntries(LISTS.map((name) => [name, list(name)])) as Record<ListName, Scratch>;
    this.#staging = new Scratch(device, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  }

  /** Writes the settings that go with one buffer of codes. */
  setSettings(list: 'build' | 'partition', index: number, settings: Settings): void {
    const { first, stride, leastHessian = 0, lambda = 0, alpha = 0 } = settings;
    const bytes = new DataView(new ArrayBuffer(SETTINGS_USED));
    [first, stride, this.slotWords, leastHessian].forEach((word, i) => bytes.setUint32(4 * i, word, true));
    bytes.setFloat32(16, lambda, true);
    bytes.setFloat32(20, alpha, true);
    this.#gpu.device.queue.writeBuffer(this.settings(list, index).buffer, SETTINGS_BYTES * index, bytes.buffer);
  }

  settings(list: 'build' | 'partition', index = 0): Bound {
    const buffer = this.lists[`${list}Settings`].room(SETTINGS_BYTES * this.#codes.buffers.length);
    return { buffer, offset: SETTINGS_BYTES * index, size: SETTINGS_USED };
  }

  /** Submits, and reads parts of buffers, one after the other. Throws DEVICE_LOST. */
  async read(encoder: GPUCommandEncoder, parts: readonly Required<Bound>[]): Promise<ArrayBuffer> {
    const { device, lost } = this.#gpu;
    const bytes = parts.reduce((sum, { size }) => sum + size, 0);
    const staging = this.#staging.room(bytes);
    let at = 0;
    for (const { buffer, offset, size } of parts) {
      encoder.copyBufferToBuffer(buffer, offset, staging, at, size);
      at += size;
    }
    device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, bytes);
    } catch (error) {
      throw deviceLost(lost() ?? (error instanceof Error ? error.message : String(error)));
    }
    this.check();
    const copy = staging.getMappedRange(0, bytes).slice(0);
    staging.unmap();
    return copy;
  }

  /** Throws DEVICE_LOST when the device is gone. */
  check(): void {
    const why = this.#gpu.lost();
    if (why !== null) throw deviceLost(why);
  }

  destroy(): void {
    for (const buffer of [this.rows, this.spare, this.pairs, this.histograms]) buffer.destroy();
    for (const scratch of [...Object.values(this.lists), this.#staging]) scratch.destroy();
  }
}
