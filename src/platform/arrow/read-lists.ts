import { takeOrMissing, type ListColumn, type ScalarColumn } from '../../utils/columns';
import { noRows, type ArrowChunk } from './chunks';

type ReadItems = (children: readonly ArrowChunk[], total: number) => ScalarColumn;

/** Lists of any offset width or of one length. Elements under missing lists, and outside all lists, are left out. */
export function readLists(chunks: readonly ArrowChunk[], rows: number, readItems: ReadItems): ListColumn {
  const offsets = new Int32Array(rows + 1);
  const valid = new Uint8Array(rows);
  let row = 0;
  for (const chunk of chunks) {
    for (let index = 0; index < chunk.length; index++, row++) {
      valid[row] = chunk.nullCount === 0 || chunk.getValid(index) ? 1 : 0;
      const length = valid[row] === 1 ? placeOf(chunk, index + 1) - placeOf(chunk, index) : 0;
      offsets[row + 1] = (offsets[row] as number) + length;
    }
  }
  const children = chunks.flatMap(itemsOf);
  const total = children.reduce((sum, child) => sum + child.length, 0);
  const items = takeOrMissing(readItems(children, total), placesOf(chunks, offsets));
  return valid.includes(0) ? { type: 'list', offsets, valid, items } : { type: 'list', offsets, items };
}

/** The elements of a chunk; a list without rows may have none, but has a type. */
function itemsOf({ children, type }: ArrowChunk): readonly ArrowChunk[] {
  const item = type.children?.[0]?.type;
  const [held] = children;
  return held ? [held] : item ? [noRows(item)] : [];
}

/** Where the list at an index begins among the elements of its chunk. */
function placeOf({ type, valueOffsets }: ArrowChunk, index: number): number {
  return type.listSize === undefined ? Number(valueOffsets[index]) : type.listSize * index;
}

/** The place of each element that is kept among all elements. */
function placesOf(chunks: readonly ArrowChunk[], offsets: Int32Array): Int32Array {
  const places = new Int32Array(offsets[offsets.length - 1] as number);
  let row = 0;
  let before = 0;
  for (const chunk of chunks) {
    for (let index = 0; index < chunk.length; index++, row++) {
      const begin = offsets[row] as number;
      const first = before + placeOf(chunk, index);
      for (let at = begin; at < (offsets[row + 1] as number); at++) places[at] = first + at - begin;
    }
    before += chunk.children[0]?.length ?? 0;
  }
  return places;
}
