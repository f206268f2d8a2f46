import type { BinLayout } from '../../kernels/types';
import type {
  DeviceOrder,
  DeviceSearch,
  DeviceSplit,
  DeviceTree,
  Found,
  GrowthTable,
  NarrowingLimits,
} from '../../training/growth/device';
import { BLOCK_COLUMNS, type CodeBuffers } from './code-buffers';
import { expansionOf, rootExpansion, type Expansion } from './expansion';
import type { Gpu } from './gpu';
import { COLUMN_WORDS, GrowthBuffers } from './growth-buffers';
import type { Programs } from './programs';

/** As narrow.wgsl has them. */
const MOST_CANDIDATES = 32;
const FOUND_WORDS = 4 + 4 * MOST_CANDIDATES;
const LANES = 256;
const NO_LIMITS: NarrowingLimits = { leastHessian: 0, lambda: 0, alpha: 0 };

/** What a training on a GPU stands on. */
export interface TableSource {
  readonly gpu: Gpu;
  readonly programs: Programs;
  readonly codes: CodeBuffers;
  readonly layout: BinLayout;
  readonly slots: number;
  /** Called when the training is over. */
  readonly closed: () => void;
}

/** One training's rows, pairs and histograms on a GPU. */
export class WebGpuTable implements GrowthTable {
  readonly #source: TableSource;
  readonly #buffers: GrowthBuffers;
  #count = 0;
  #narrows = false;
  #columnCount = 0;
  /** Chosen blocks of each buffer of codes: [first, count) of the list of blocks. */
  #blockRuns: readonly { readonly first: number; readonly count: number }[] = [];

  constructor(source: TableSource) {
    this.#source = source;
    this.#buffers = new GrowthBuffers(source.gpu, source.codes, source.layout.rowCount, source.slots);
  }

  get slots(): number {
    return this.#source.slots;
  }

  begin({ pairs, drawn, features, limits }: DeviceTree): void {
    this.#buffers.check();
    const { queue } = this.#source.gpu.device;
    const { binCounts, missingCodes } = this.#source.layout;
    this.#count = drawn.length;
    this.#narrows = limits !== null;
    this.#columnCount = features.length;
    queue.writeBuffer(this.#buffers.pairs, 0, pairs as Int32Array<ArrayBuffer>);
    queue.writeBuffer(this.#buffers.rows, 0, drawn as Int32Array<ArrayBuffer>);
    const columns = Array.from(features, (feature) => {
      return [feature, binCounts[feature] as number, (missingCodes[feature] as number) < 0 ? 0 : 1, 0];
    });
    this.#buffers.lists.columns.holding(Uint32Array.from(columns.flat()));
    this.#writeBlocks(features);
    this.#source.codes.buffers.forEach(({ stride }, i) => {
      const first = this.#blockRuns[i]?.first ?? 0;
      this.#buffers.setSettings('build', i, { first, stride, ...(limits ?? NO_LIMITS) });
    });
  }

  async root(slot: number, search: DeviceSearch): Promise<Found> {
    this.#buffers.lists.middles.holding(Uint32Array.of(this.#count));
    const { found } = await this.#run(rootExpansion(slot, this.#count, search, this.#narrows));
    return found[0] ?? null;
  }

  async expand(orders: readonly DeviceOrder[]): Promise<readonly DeviceSplit[]> {
    const expansion = expansionOf(orders, this.#source.codes, this.#narrows);
    this.#buffers.lists.middles.room(4 * orders.length);
    const { middles, found } = await this.#run(expansion);
    return expansion.searchOf.map(({ left, right }, i) => ({
      middle: middles[i] as number,
      left: found[left] ?? null,
      right: found[right] ?? null,
    }));
  }

  async histograms(slots: readonly number[]): Promise<readonly Int32Array[]> {
    const length = COLUMN_WORDS * this.#source.layout.featureCount;
    const { histograms: buffer, slotWords } = this.#buffers;
    const parts = slots.map((slot) => ({ buffer, offset: 4 * slot * slotWords, size: 4 * length }));
    const all = new Int32Array(await this.#buffers.read(this.#encoder(), parts));
    return slots.map((_, i) => all.subarray(i * length, (i + 1) * length));
  }

  async order(): Promise<Int32Array> {
    const part = { buffer: this.#buffers.rows, offset: 0, size: 4 * this.#count };
    return new Int32Array(await this.#buffers.read(this.#encoder(), [part]));
  }

  close(): void {
    this.#buffers.destroy();
    this.#source.closed();
  }

  #encoder(): GPUCommandEncoder {
    return this.#source.gpu.device.createCommandEncoder();
  }

  /** Chosen blocks: number, and first word within a row of their buffer. */
  #writeBlocks(features: Int32Array): void {
    const chosen = new Set(Array.from(features, (feature) => Math.floor(feature / BLOCK_COLUMNS)));
    const words: number[] = [];
    this.#blockRuns = this.#source.codes.buffers.map(({ firstBlock, blocks }) => {
      const first = words.length / 2;
      for (let block = firstBlock; block < firstBlock + blocks; block++) {
        if (chosen.has(block)) words.push(block, 2 * (block - firstBlock));
      }
      return { first, count: words.length / 2 - first };
    });
    this.#buffers.lists.blocks.holding(Uint32Array.from(words));
  }

  async #run(expansion: Expansion): Promise<{ readonly middles: Uint32Array; readonly found: readonly Found[] }> {
    this.#buffers.check();
    const { histograms, slotWords, lists } = this.#buffers;
    const encoder = this.#encoder();
    for (const slot of expansion.cleared) encoder.clearBuffer(histograms, 4 * slot * slotWords, 4 * slotWords);
    const searches = expansion.bounds.length;
    const found = lists.found.room(4 * FOUND_WORDS * searches);
    for (let i = 0; i < searches; i++) encoder.clearBuffer(found, 4 * FOUND_WORDS * i, 4);
    lists.splits.holding(expansion.splits);
    const pass = encoder.beginComputePass();
    this.#partition(pass, expansion);
    this.#build(pass, expansion);
    this.#narrow(pass, expansion);
    pass.end();
    const nodes = expansion.searchOf.length;
    const read = await this.#buffers.read(encoder, [
      { buffer: lists.middles.room(0), offset: 0, size: 4 * nodes },
      ...(searches > 0 ? [{ buffer: found, offset: 0, size: 4 * FOUND_WORDS * searches }] : []),
    ]);
    const words = new Int32Array(read, 4 * nodes);
    return {
      middles: new Uint32Array(read, 0, nodes),
      found: Array.from({ length: searches }, (_, i) => candidatesAt(words, FOUND_WORDS * i)),
    };
  }

  #partition(pass: GPUComputePassEncoder, { chunks, runs, searchOf }: Expansion): void {
    if (chunks.length === 0) return;
    const { programs, codes } = this.#source;
    const { rows, spare, lists } = this.#buffers;
    lists.chunks.holding(chunks);
    lists.lefts.room(2 * chunks.length);
    const dispatches = codes.buffers.map(({ buffer, stride }, i) => {
      const { first, count } = runs[i] ?? { first: 0, count: 0 };
      this.#buffers.setSettings('partition', i, { first, stride });
      const used = [lists.splits, lists.chunks, lists.lefts, lists.middles].map((list) => list.room(0));
      const buffers = [buffer, rows, spare, ...used].map((one) => ({ buffer: one }));
      return { count, group: programs.partition.bind([this.#buffers.settings('partition', i), ...buffers]) };
    });
    const each = (entry: 'count' | 'scatter' | 'restore') => {
      for (const { count, group } of dispatches) programs.partition.run(pass, entry, group, [count]);
    };
    each('count');
    const [one] = dispatches;
    if (one) programs.partition.run(pass, 'place', one.group, [searchOf.length]);
    each('scatter');
    each('restore');
  }

  #build(pass: GPUComputePassEncoder, { builds, subtractions }: Expansion): void {
    if (builds.length === 0) return;
    const { programs, codes } = this.#source;
    const { rows, pairs, histograms, slotWords, lists } = this.#buffers;
    lists.builds.holding(builds);
    const used = [lists.splits, lists.middles, lists.builds, lists.blocks].map((list) => list.room(0));
    codes.buffers.forEach(({ buffer }, i) => {
      const buffers = [buffer, rows, pairs, ...used, histograms].map((one) => ({ buffer: one }));
      const group = programs.build.bind([this.#buffers.settings('build', i), ...buffers]);
      programs.build.run(pass, 'build', group, [builds.length / 4, this.#blockRuns[i]?.count ?? 0]);
    });
    const group = programs.subtract.bind([
      this.#buffers.settings('build'),
      { buffer: lists.subtractions.holding(subtractions) },
      { buffer: histograms },
    ]);
    programs.subtract.run(pass, 'subtract', group, [slotWords / LANES, subtractions.length / 2]);
  }

  #narrow(pass: GPUComputePassEncoder, { searches, columnBits, bounds }: Expansion): void {
    if (bounds.length === 0) return;
    const { narrow } = this.#source.programs;
    const { histograms, lists } = this.#buffers;
    lists.searches.holding(searches);
    lists.columnBits.holding(columnBits);
    lists.bounds.holding(bounds);
    const read = [lists.splits, lists.middles, lists.searches, lists.columnBits, lists.columns];
    const buffers = [
      ...read.map((list) => list.room(0)),
      histograms,
      ...[lists.bounds, lists.found].map((list) => list.room(0)),
    ];
    const group = narrow.bind([this.#buffers.settings('build'), ...buffers.map((buffer) => ({ buffer }))]);
    narrow.run(pass, 'bound', group, [this.#columnCount, bounds.length]);
    narrow.run(pass, 'choose', group, [this.#columnCount, bounds.length]);
  }
}

/** Null when there were more than a search can list. */
function candidatesAt(words: Int32Array, at: number): Found {
  const count = words[at] as number;
  return count > MOST_CANDIDATES ? null : words.slice(at + 4, at + 4 + 4 * count);
}
