import { packTree, type PackedTree } from './forest/pack';
import { referencePredictor, type Forest, type Predictor } from './forest/reference';
import type { KernelExports } from './wasm-exports';
import type { WasmMemory } from './wasm-memory';

/** Rows copied into the module at once, and rows that go down all trees before the next. */
const CHUNK = 4096;
const BLOCK = 128;
/** Deeper trees are walked to their leaves and no further, row by row. */
const MOST_STEPS = 12;

interface PlacedTree {
  readonly nodes: number;
  readonly sets: number;
  readonly depth: number;
  readonly plain: boolean;
  readonly output: number;
  readonly weight: number;
}

/** The predictor in WebAssembly; in plain TypeScript where a tree has something it does not hold. */
export function wasmPredictor(room: WasmMemory, exports: KernelExports, forest: Forest, features: number): Predictor {
  const packed = forest.trees.map(packTree);
  if (packed.includes(null)) return referencePredictor(forest);
  return new WasmPredictor(room, exports, { forest, features, packed: packed as readonly PackedTree[] });
}

class WasmPredictor implements Predictor {
  readonly #room: WasmMemory;
  readonly #exports: KernelExports;
  readonly #forest: Forest;
  readonly #features: number;
  readonly #trees: readonly PlacedTree[];
  readonly #blocks: number[] = [];
  readonly #columns: number;
  readonly #rows: number;
  readonly #sums: number;
  readonly #margins: number;

  constructor(
    room: WasmMemory,
    exports: KernelExports,
    { forest, features, packed }: { forest: Forest; features: number; packed: readonly PackedTree[] },
  ) {
    this.#room = room;
    this.#exports = exports;
    this.#forest = forest;
    this.#features = features;
    this.#trees = packed.map(({ nodes, sets, depth }, index) => ({
      nodes: this.#keep(nodes),
      sets: this.#keep(sets),
      depth,
      plain: sets.length === 0 && depth <= MOST_STEPS,
      output: forest.treeOutputs?.[index] ?? 0,
      weight: forest.treeWeights?.[index] ?? 1,
    }));
    this.#columns = this.#take(4 * CHUNK * features);
    this.#rows = this.#take(4 * BLOCK * features);
    this.#sums = this.#take(8 * BLOCK * forest.outputs);
    this.#margins = this.#take(4 * CHUNK * forest.outputs);
  }

  margins(columns: readonly Float32Array[], from: number, to: number, into: Float32Array): void {
    const { outputs } = this.#forest;
    for (let begin = from; begin < to; begin += CHUNK) {
      const count = Math.min(CHUNK, to - begin);
      columns.forEach((column, feature) => {
        this.#room.floats(this.#columns + 4 * CHUNK * feature, count).set(column.subarray(begin, begin + count));
      });
      for (let row = 0; row < count; row += BLOCK) this.#predictBlock(row, Math.min(BLOCK, count - row));
      into.set(this.#room.floats(this.#margins, count * outputs), (begin - from) * outputs);
    }
  }

  close(): void {
    for (const block of this.#blocks.splice(0)) this.#room.give(block);
  }

  /** Rows [from, from + count) of the chunk. */
  #predictBlock(from: number, count: number): void {
    const { outputs, base } = this.#forest;
    const exports = this.#exports;
    const rowBytes = 4 * this.#features;
    exports.gatherRows(this.#columns, CHUNK, this.#features, from, count, this.#rows);
    this.#room.doubles(this.#sums, count * outputs).fill(base);
    for (const { nodes, sets, depth, plain, output, weight } of this.#trees) {
      const sums = this.#sums + 8 * output;
      if (plain) exports.addTreeToRows(nodes, depth, this.#rows, rowBytes, count, sums, 8 * outputs, weight);
      else exports.addAnyTreeToRows(nodes, sets, this.#rows, rowBytes, count, sums, 8 * outputs, weight);
    }
    exports.roundSums(this.#sums, count * outputs, this.#margins + 4 * from * outputs);
  }

  #keep(words: Uint32Array): number {
    const start = this.#take(4 * words.length);
    this.#room.ints(start, words.length).set(words);
    return start;
  }

  #take(bytes: number): number {
    const start = this.#room.take(bytes);
    this.#blocks.push(start);
    return start;
  }
}
