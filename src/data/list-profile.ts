import type { ListColumn, ScalarColumn } from '../utils/columns';
import { checkpoint, type Control } from '../utils/control';
import { PatternSet } from './distinct';

const CHUNK = 16_384;

/** Elements of each list, NaN where the list is missing. */
export function lengthsOf({ offsets, valid }: ListColumn): Float64Array {
  const lengths = new Float64Array(offsets.length - 1);
  for (let row = 0; row < lengths.length; row++) {
    lengths[row] = valid?.[row] === 0 ? NaN : (offsets[row + 1] as number) - (offsets[row] as number);
  }
  return lengths;
}

/** How many different lists there are, by 64 bits of each one's content; missing ones are not counted. */
export async function differentLists({ offsets, valid, items }: ListColumn, control: Control): Promise<number> {
  const seen = new PatternSet();
  const wordsOf = wordReader(items);
  for (let row = 0; row < offsets.length - 1; row++) {
    if (row % CHUNK === 0) await checkpoint(control);
    if (valid?.[row] === 0) continue;
    const digest = { low: 0x811c9dc5, high: 0x9747b28c };
    for (let at = offsets[row] as number; at < (offsets[row + 1] as number); at++) wordsOf(at, digest);
    seen.add(digest.low, digest.high);
  }
  return seen.size;
}

interface Digest {
  low: number;
  high: number;
}

/** Two lanes of multiply and rotate (MurmurHash3's constants), fed word by word. */
function mix(digest: Digest, word: number): void {
  const low = Math.imul(digest.low ^ Math.imul(word, 0xcc9e2d51), 0x1b873593);
  digest.low = (low << 15) | (low >>> 17);
  const high = Math.imul(digest.high ^ Math.imul(word, 0x85ebca6b), 0xc2b2ae35);
  digest.high = (high << 13) | (high >>> 19);
}

/** Feeds the element at a place into a digest: whether it is there, then its words. */
function wordReader(items: ScalarColumn): (at: number, digest: Digest) => void {
  if (items.type === 'string' || items.type === 'bool') {
    const values = items.type === 'string' ? items.codes : items.values;
    return (at, digest) => mix(digest, (values[at] as number) + 2);
  }
  const { values } = items;
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  const isThere =
    items.type === 'int64' ? (at: number) => items.valid?.[at] !== 0 : (at: number) => !Number.isNaN(items.values[at]);
  return (at, digest) => {
    const there = isThere(at);
    mix(digest, there ? 1 : 2);
    // 0 and -0 are one value.
    if (!there || values[at] === 0) return;
    mix(digest, words[2 * at] as number);
    mix(digest, words[2 * at + 1] as number);
  };
}
