import type { KernelExports } from './wasm-exports';
import { WasmBoosting } from './wasm-boosting';
import { wasmPredictor } from './wasm-predictor';
import { WasmMemory, type LinearMemory } from './wasm-memory';
import type { BinLayout, BinTable, BoostingRows, BoostingSource, Kernels } from './types';

/** An instance of the module that assembly.ts becomes, and its memory. */
interface KernelModule {
  readonly memory: LinearMemory;
  readonly exports: object;
}

/** The module's own data lies below. */
const FIRST_FREE_BYTE = 65536;
/** Upper halves of a float's bits, and one more. */
const PREFIXES = 65537;
/** What 32-bit addresses reach. */
const MOST_BYTES = 4294967296;
const SORT_COUNTS = 3 * 2048 * 4;

/** The twin in WebAssembly. Tables and trainings share the module's memory. */
export function makeWasmKernels(module: KernelModule): Kernels {
  const { memory } = module;
  const exports = module.exports as KernelExports;
  const room = new WasmMemory(memory, FIRST_FREE_BYTE);
  return {
    name: 'wasm',
    mostBytes: MOST_BYTES,
    sortFloat32: (values) => {
      const from = room.take(4 * values.length);
      const into = room.take(4 * values.length);
      const counts = room.take(SORT_COUNTS);
      room.floats(from, values.length).set(values);
      exports.sortFloat32(from, values.length, into, counts);
      const sorted = room.floats(into, values.length).slice();
      for (const block of [from, into, counts]) room.give(block);
      return sorted;
    },
    makePredictor: (forest, features) => wasmPredictor(room, exports, forest, features),
    makeBinTable: (layout) => new WasmBinTable(room, exports, layout),
  };
}

/** Codes row by row, padded to words of four columns, for histograms, and column by column for partitions. */
export class WasmBinTable implements BinTable {
  readonly layout: BinLayout;
  readonly rowMajor: number;
  readonly columns: number;
  readonly stride: number;
  /** Byte offsets of each column's slots, value bins and missing codes. */
  readonly offsets: number;
  readonly binCounts: number;
  readonly missingCodes: number;
  readonly #room: WasmMemory;
  readonly #exports: KernelExports;

  constructor(room: WasmMemory, exports: KernelExports, layout: BinLayout) {
    const { rowCount, featureCount, groupCount } = layout;
    this.layout = layout;
    this.#room = room;
    this.#exports = exports;
    this.stride = 4 * groupCount;
    this.rowMajor = room.take(rowCount * this.stride);
    this.columns = room.take(rowCount * featureCount);
    this.offsets = this.#keep(layout.slotOffsets.map((slot) => 8 * slot));
    this.binCounts = this.#keep(layout.binCounts);
    this.missingCodes = this.#keep(layout.missingCodes);
  }

  binColumn(feature: number, values: Float32Array, cuts: Float32Array): boolean {
    const room = this.#room;
    const { rowCount, missingCodes } = this.layout;
    const from = room.take(4 * rowCount);
    const bounds = room.take(4 * cuts.length);
    const index = room.take(2 * PREFIXES);
    room.floats(from, rowCount).set(values);
    room.floats(bounds, cuts.length).set(cuts);
    const beyond = this.#exports.binColumn(
      from,
      rowCount,
      bounds,
      cuts.length - 1,
      missingCodes[feature] ?? -1,
      this.rowMajor + feature,
      this.stride,
      this.columns + feature * rowCount,
      index,
    );
    for (const block of [from, bounds, index]) room.give(block);
    return beyond !== 0;
  }

  setCodes(feature: number, codes: Uint8Array): void {
    const { rowCount } = this.layout;
    const column = this.columns + feature * rowCount;
    this.#room.bytes(column, rowCount).set(codes);
    this.#exports.spreadCodes(column, rowCount, this.rowMajor + feature, this.stride);
  }

  codes(feature: number, rows?: Int32Array): Uint8Array {
    const { rowCount } = this.layout;
    const column = this.#room.bytes(this.columns + feature * rowCount, rowCount);
    if (!rows) return column.slice();
    const picked = new Uint8Array(rows.length);
    for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i] as number] as number;
    return picked;
  }

  startBoosting(source: BoostingSource): BoostingRows {
    return new WasmBoosting(this.#room, this.#exports, this, source);
  }

  close(): void {
    for (const block of [this.rowMajor, this.columns, this.offsets, this.binCounts, this.missingCodes]) {
      this.#room.give(block);
    }
  }

  #keep(values: Int32Array): number {
    const start = this.#room.take(4 * values.length);
    this.#room.ints(start, values.length).set(values);
    return start;
  }
}
