// Trees over raw float32 values. A node is 16 bytes: condition, or the leaf's value; byte offset of its feature in a row
// with the default side in bit 31 (1: right); byte offsets of its left and right child from the tree's first node. A leaf
// is its own child. By category bit 30 is set and the condition's place holds the number of a set: 32 bytes, a bit a
// category that goes right.

const BY_SET: u32 = 0x40000000;
const OFFSET: u32 = 0x3fffffff;
const SET_BITS: f32 = 256;

/** Rows [0, count) of `columns` (each `rowCount` long from `from` on) side by side into `rows`. */
export function gatherRows(
  columns: usize,
  rowCount: usize,
  features: usize,
  from: usize,
  count: usize,
  rows: usize,
): void {
  for (let feature: usize = 0; feature < features; feature++) {
    const column = columns + ((feature * rowCount + from) << 2);
    let cell = rows + (feature << 2);
    const stride = features << 2;
    for (let row: usize = 0; row < count; row++) {
      store<f32>(cell, load<f32>(column + (row << 2)));
      cell += stride;
    }
  }
}

function next(tree: usize, node: usize, row: usize): usize {
  const rule = load<u32>(node, 4);
  const value = load<f32>(row + <usize>(rule & OFFSET));
  const right = select<u32>(rule >> 31, <u32>!(value < load<f32>(node)), value != value);
  return tree + <usize>load<u32>(node + ((<usize>right) << 2), 8);
}

/** sums[row * stride] += leaf value * weight for `count` rows, eight at a time; every leaf is at most `depth` deep. */
export function addTreeToRows(
  tree: usize,
  depth: i32,
  rows: usize,
  rowBytes: usize,
  count: usize,
  sums: usize,
  sumStride: usize,
  weight: f64,
): void {
  let row = rows;
  let sum = sums;
  let left = count;
  for (; left >= 8; left -= 8) {
    const r1 = row + rowBytes;
    const r2 = r1 + rowBytes;
    const r3 = r2 + rowBytes;
    const r4 = r3 + rowBytes;
    const r5 = r4 + rowBytes;
    const r6 = r5 + rowBytes;
    const r7 = r6 + rowBytes;
    let n0 = tree;
    let n1 = tree;
    let n2 = tree;
    let n3 = tree;
    let n4 = tree;
    let n5 = tree;
    let n6 = tree;
    let n7 = tree;
    for (let step = 0; step < depth; step++) {
      n0 = next(tree, n0, row);
      n1 = next(tree, n1, r1);
      n2 = next(tree, n2, r2);
      n3 = next(tree, n3, r3);
      n4 = next(tree, n4, r4);
      n5 = next(tree, n5, r5);
      n6 = next(tree, n6, r6);
      n7 = next(tree, n7, r7);
    }
    sum = addLeafTo(sum, n0, sumStride, weight);
    sum = addLeafTo(sum, n1, sumStride, weight);
    sum = addLeafTo(sum, n2, sumStride, weight);
    sum = addLeafTo(sum, n3, sumStride, weight);
    sum = addLeafTo(sum, n4, sumStride, weight);
    sum = addLeafTo(sum, n5, sumStride, weight);
    sum = addLeafTo(sum, n6, sumStride, weight);
    sum = addLeafTo(sum, n7, sumStride, weight);
    row = r7 + rowBytes;
  }
  for (; left > 0; left--) {
    let node = tree;
    for (let step = 0; step < depth; step++) node = next(tree, node, row);
    sum = addLeafTo(sum, node, sumStride, weight);
    row += rowBytes;
  }
}

function addLeafTo(sum: usize, node: usize, stride: usize, weight: f64): usize {
  store<f64>(sum, load<f64>(sum) + <f64>load<f32>(node) * weight);
  return sum + stride;
}

/** The same for trees of any depth and with categories, row by row. */
export function addAnyTreeToRows(
  tree: usize,
  sets: usize,
  rows: usize,
  rowBytes: usize,
  count: usize,
  sums: usize,
  sumStride: usize,
  weight: f64,
): void {
  let sum = sums;
  const last = rows + count * rowBytes;
  for (let row = rows; row < last; row += rowBytes) {
    let node = tree;
    for (;;) {
      const rule = load<u32>(node, 4);
      let child: usize;
      if (rule & BY_SET) {
        const value = load<f32>(row + <usize>(rule & OFFSET));
        const listed = value >= 0 && value < SET_BITS && inSet(sets + ((<usize>load<u32>(node)) << 5), <u32>value);
        const right = select<u32>(rule >> 31, <u32>listed, value != value);
        child = tree + <usize>load<u32>(node + ((<usize>right) << 2), 8);
      } else child = next(tree, node, row);
      if (child == node) break;
      node = child;
    }
    sum = addLeafTo(sum, node, sumStride, weight);
  }
}

function inSet(set: usize, code: u32): bool {
  return ((load<u8>(set + <usize>(code >> 3)) >> (<u8>(code & 7))) & 1) != 0;
}

/** margins[i] = sums[i] rounded to float32, for `count` numbers. */
export function roundSums(sums: usize, count: usize, margins: usize): void {
  for (let i: usize = 0; i < count; i++) store<f32>(margins + (i << 2), <f32>load<f64>(sums + (i << 3)));
}
