import { invariant, WorkbenchError } from '../utils/errors';

/** The part of WebAssembly.Memory that is used here. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; throws when the host has no more. */
  grow(pages: number): number;
}

const PAGE = 65536;
const ALIGN = 64;

interface Block {
  readonly start: number;
  readonly bytes: number;
}

/**
 * Blocks of a linear memory, first fit, neighbours joined when freed. Growing the memory detaches every typed array over
 * it, so views are made anew for each use.
 */
export class WasmMemory {
  readonly #memory: LinearMemory;
  readonly #taken = new Map<number, number>();
  #free: Block[] = [];
  #end: number;

  /** @param from the first byte that no code of the module uses. */
  constructor(memory: LinearMemory, from: number) {
    this.#memory = memory;
    this.#end = align(from);
  }

  /** The first byte of a block of zeros. */
  take(bytes: number): number {
    const size = align(Math.max(bytes, ALIGN));
    const at = this.#free.findIndex((block) => block.bytes >= size);
    const start = at < 0 ? this.#append(size) : this.#cut(at, size);
    this.#taken.set(start, size);
    if (at >= 0) this.bytes(start, size).fill(0);
    return start;
  }

  give(start: number): void {
    const bytes = this.#taken.get(start);
    invariant(bytes !== undefined, () => `no block starts at ${start}`);
    this.#taken.delete(start);
    const blocks = [...this.#free, { start, bytes }].sort((a, b) => a.start - b.start);
    this.#free = [];
    for (const block of blocks) {
      const last = this.#free.at(-1);
      if (last && last.start + last.bytes === block.start) {
        this.#free[this.#free.length - 1] = { start: last.start, bytes: last.bytes + block.bytes };
      } else this.#free.push(block);
    }
  }

  bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, start, length);
  }

  ints(start: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, start, length);
  }

  floats(start: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, start, length);
  }

  doubles(start: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, start, length);
  }

  /** Room at the end, where nothing was written yet. */
  #append(size: number): number {
    const start = this.#end;
    const missing = start + size - this.#memory.buffer.byteLength;
    if (missing > 0) this.#grow(missing);
    this.#end += size;
    return start;
  }

  #grow(bytes: number): void {
    try {
      this.#memory.grow(Math.ceil(bytes / PAGE));
    } catch (cause) {
      const megabytes = (count: number) => Math.ceil(count / 1048576).toLocaleString('en');
      throw new WorkbenchError(
        'OUT_OF_MEMORY',
        `Training needs ${megabytes(bytes)} MB more than the ${megabytes(this.#memory.buffer.byteLength)} MB it has, and the host gives no more. Close other tabs, or train on fewer rows or columns.`,
        {},
        { cause },
      );
    }
  }

  #cut(at: number, size: number): number {
    const { start, bytes } = this.#free[at] as Block;
    this.#free.splice(at, 1, ...(bytes > size ? [{ start: start + size, bytes: bytes - size }] : []));
    return start;
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGN) * ALIGN;
}
