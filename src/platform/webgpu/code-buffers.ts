import type { BinTable } from '../../kernels/types';

/** Columns of a block: two words of a row. */
export const BLOCK_COLUMNS = 8;
const WORDS_A_BLOCK = 2;
/** Rows sent at a time. */
const PIECE = 65_536;

/** Codes of some blocks of columns, row by row. */
export interface CodeBuffer {
  readonly buffer: GPUBuffer;
  readonly firstBlock: number;
  readonly blocks: number;
  /** Words of a row. */
  readonly stride: number;
}

/** Where a column's code is found. */
export interface CodePlace {
  readonly buffer: number;
  readonly word: number;
  readonly shift: number;
}

/** All codes of a table, in as many buffers as the device's limit asks for. */
export class CodeBuffers {
  readonly buffers: readonly CodeBuffer[];
  readonly blockCount: number;

  /** @param mostBytes of one buffer. */
  constructor(device: GPUDevice, { layout: { rowCount, featureCount } }: BinTable, mostBytes: number) {
    this.blockCount = Math.ceil(featureCount / BLOCK_COLUMNS);
    const blockBytes = 4 * WORDS_A_BLOCK * rowCount;
    const most = Math.max(1, Math.floor(mostBytes / blockBytes));
    this.buffers = Array.from({ length: Math.ceil(this.blockCount / most) }, (_, i) => {
      const firstBlock = i * most;
      const blocks = Math.min(most, this.blockCount - firstBlock);
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
      const buffer = device.createBuffer({ size: blocks * blockBytes, usage });
      return { buffer, firstBlock, blocks, stride: WORDS_A_BLOCK * blocks };
    });
  }

  /** Sends all codes. */
  fill(device: GPUDevice, bins: BinTable): void {
    const { rowCount, featureCount } = bins.layout;
    for (let from = 0; from < rowCount; from += PIECE) {
      const count = Math.min(PIECE, rowCount - from);
      const rows = Int32Array.from({ length: count }, (_, i) => from + i);
      for (const { buffer, firstBlock, blocks, stride } of this.buffers) {
        const bytes = new Uint8Array(4 * stride * count);
        const first = BLOCK_COLUMNS * firstBlock;
        const end = Math.min(first + BLOCK_COLUMNS * blocks, featureCount);
        for (let feature = first; feature < end; feature++) {
          const codes = bins.codes(feature, rows);
          for (let i = 0, at = feature - first; i < count; i++, at += 4 * stride) bytes[at] = codes[i] as number;
        }
        device.queue.writeBuffer(buffer, 4 * stride * from, bytes);
      }
    }
  }

  placeOf(feature: number): CodePlace {
    const block = Math.floor(feature / BLOCK_COLUMNS);
    const buffer = this.buffers.findIndex(({ firstBlock, blocks }) => block < firstBlock + blocks);
    const { firstBlock = 0 } = this.buffers[buffer] ?? {};
    const column = feature - BLOCK_COLUMNS * firstBlock;
    return { buffer, word: column >> 2, shift: 8 * (column & 3) };
  }

  destroy(): void {
    for (const { buffer } of this.buffers) buffer.destroy();
  }
}
