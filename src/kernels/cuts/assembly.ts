// Radix sort of float32 values by their bits, 11 at a time, as sortFloat32 of reference.ts does.

const MASK: u32 = 2047;

function scatter(from: usize, into: usize, count: usize, starts: usize, shift: u32): void {
  for (let i: usize = 0; i < count; i++) {
    const key = load<u32>(from + (i << 2));
    const start = starts + ((<usize>((key >> shift) & MASK)) << 2);
    const at = load<u32>(start);
    store<u32>(into + ((<usize>at) << 2), key);
    store<u32>(start, at + 1);
  }
}

function toStarts(counts: usize): void {
  let sum: u32 = 0;
  for (let i: usize = 0; i < 2048; i++) {
    const count = load<u32>(counts + (i << 2));
    store<u32>(counts + (i << 2), sum);
    sum += count;
  }
}

/** Sorts `values` ascending into `spare`; `values` is used up. `counts` has room for 3 * 2048 words. No NaN. */
export function sortFloat32(values: usize, count: usize, spare: usize, counts: usize): void {
  memory.fill(counts, 0, 3 * 2048 * 4);
  for (let i: usize = 0; i < count; i++) {
    const at = values + (i << 2);
    const bits = load<u32>(at);
    const key = bits ^ ((<u32>((<i32>bits) >> 31)) | 0x80000000);
    store<u32>(at, key);
    const low = counts + ((<usize>(key & MASK)) << 2);
    store<u32>(low, load<u32>(low) + 1);
    const middle = counts + ((<usize>((key >> 11) & MASK)) << 2);
    store<u32>(middle, load<u32>(middle, 8192) + 1, 8192);
    const high = counts + ((<usize>(key >> 22)) << 2);
    store<u32>(high, load<u32>(high, 16384) + 1, 16384);
  }
  toStarts(counts);
  toStarts(counts + 8192);
  toStarts(counts + 16384);
  scatter(values, spare, count, counts, 0);
  scatter(spare, values, count, counts + 8192, 11);
  scatter(values, spare, count, counts + 16384, 22);
  for (let i: usize = 0; i < count; i++) {
    const at = spare + (i << 2);
    const key = load<u32>(at);
    store<u32>(at, key ^ ((<u32>(~(<i32>key) >> 31)) | 0x80000000));
  }
}
