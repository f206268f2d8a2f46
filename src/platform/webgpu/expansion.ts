import type { DeviceOrder, DeviceSearch } from '../../training/growth/device';
import type { CodeBuffers } from './code-buffers';

/** As the shaders have them. */
const PARTITION_CHUNK = 1024;
const BUILD_CHUNK = 4096;
const SPLIT_WORDS = 16;
const SEARCH_WORDS = 8;
const NO_COLUMNS = 0xffffffff;

/** Items [first, first + count) of a list whose rows are in one buffer of codes. */
export interface Run {
  readonly first: number;
  readonly count: number;
}

/** Lists that the shaders read to split some nodes. */
export interface Expansion {
  readonly splits: Uint32Array<ArrayBuffer>;
  /** Split and number of each chunk of rows, by buffer of codes. */
  readonly chunks: Uint32Array<ArrayBuffer>;
  readonly runs: readonly Run[];
  readonly builds: Uint32Array<ArrayBuffer>;
  readonly subtractions: Uint32Array<ArrayBuffer>;
  readonly cleared: readonly number[];
  readonly searches: Uint32Array<ArrayBuffer>;
  readonly columnBits: Uint32Array<ArrayBuffer>;
  /** Least gains of the searches. */
  readonly bounds: Float32Array<ArrayBuffer>;
  /** Number of the search of each child, -1 for none. */
  readonly searchOf: readonly { readonly left: number; readonly right: number }[];
}

/** What splits these nodes. */
export function expansionOf(orders: readonly DeviceOrder[], codes: CodeBuffers, searched: boolean): Expansion {
  const places = orders.map(({ feature }) => codes.placeOf(feature));
  const splits = new Uint32Array(SPLIT_WORDS * orders.length);
  const chunks: number[] = [];
  const runs = codes.buffers.map((_, buffer) => {
    const first = chunks.length / 2;
    orders.forEach((order, i) => {
      const { word, shift, buffer: own } = places[i] as (typeof places)[number];
      if (own !== buffer) return;
      const count = Math.ceil((order.end - order.begin) / PARTITION_CHUNK);
      splits.set([order.begin, order.end, word, shift, chunks.length / 2, count], SPLIT_WORDS * i);
      splits.set(order.right, SPLIT_WORDS * i + 8);
      for (let chunk = 0; chunk < count; chunk++) chunks.push(i, chunk);
    });
    return { first, count: chunks.length / 2 - first };
  });
  return {
    splits,
    chunks: Uint32Array.from(chunks),
    runs,
    builds: Uint32Array.from(orders.flatMap(buildsOf)),
    subtractions: Uint32Array.from(
      orders.flatMap(({ subtracts, rest, built }) => (subtracts && built >= 0 ? [rest, built] : [])),
    ),
    cleared: orders.flatMap(({ built, rest, subtracts }) => (built < 0 ? [] : subtracts ? [built] : [built, rest])),
    ...searchesOf(orders, searched),
  };
}

/** The whole of the drawn rows as a node that is not split: all go left, and the other child is empty. */
export function rootExpansion(slot: number, count: number, search: DeviceSearch, searched: boolean): Expansion {
  const order = { begin: 0, end: count, built: slot, rest: slot, left: search, rightSearch: null };
  const splits = new Uint32Array(SPLIT_WORDS);
  splits[1] = count;
  return {
    splits,
    chunks: new Uint32Array(),
    runs: [],
    builds: Uint32Array.from(buildRows(0, 1, slot, count)),
    subtractions: new Uint32Array(),
    cleared: [slot],
    ...searchesOf([order], searched),
  };
}

function buildsOf({ begin, end, built, rest, subtracts }: DeviceOrder, split: number): number[] {
  if (built < 0) return [];
  const small = buildRows(split, 0, built, (end - begin) >> 1);
  return subtracts ? small : [...small, ...buildRows(split, 1, rest, end - begin)];
}

/** Chunks of a child that has at most so many rows. */
function buildRows(split: number, larger: number, slot: number, most: number): number[] {
  return Array.from({ length: Math.ceil(most / BUILD_CHUNK) }, (_, chunk) => [split, larger, chunk, slot]).flat();
}

type Searched = Pick<DeviceOrder, 'built' | 'rest' | 'left' | 'rightSearch'>;

function searchesOf(orders: readonly Searched[], searched: boolean) {
  const words: number[] = [];
  const bits: number[] = [];
  const gains: number[] = [];
  const add = ({ built, rest }: Searched, split: number, right: number, search: DeviceSearch | null) => {
    if (!search || !searched) return -1;
    const columns = search.columns ? bits.length : NO_COLUMNS;
    for (const word of search.columns ?? []) bits.push(word);
    words.push(split, right, built, rest, search.gradient, search.hessian, columns, 0);
    gains.push(search.leastGain);
    return words.length / SEARCH_WORDS - 1;
  };
  const searchOf = orders.map((order, split) => ({
    left: add(order, split, 0, order.left),
    right: add(order, split, 1, order.rightSearch),
  }));
  return {
    searches: Uint32Array.from(words),
    columnBits: Uint32Array.from(bits),
    bounds: Float32Array.from(gains),
    searchOf,
  };
}
