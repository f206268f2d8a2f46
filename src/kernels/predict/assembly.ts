// Trees over binned rows. A node is 16 bytes: left child (-1 at a leaf), right child, feature, and a rule. Numeric rule:
// bin | missing << 9 | missingLeft << 18. By category: bit 31 and the number of a table of 256 bytes, 1 for codes that go
// right. A leaf keeps its float32 value where an inner node keeps the feature.

const BY_CODE: u32 = 0x80000000;

/** margin += value for rows[begin..end); a row's margin lies at margins + row * stride. */
export function addLeaf(rows: usize, begin: usize, end: usize, margins: usize, stride: usize, value: f32): void {
  const last = rows + (end << 2);
  for (let at = rows + (begin << 2); at < last; at += 4) {
    const margin = margins + <usize>load<u32>(at) * stride;
    store<f32>(margin, load<f32>(margin) + value);
  }
}

function goesLeft(rule: u32, code: u32, tables: usize): bool {
  if (rule & BY_CODE) return load<u8>(tables + ((<usize>(rule & ~BY_CODE)) << 8) + <usize>code) == 0;
  return code == ((rule >> 9) & 511) ? rule >> 18 != 0 : code <= (rule & 511);
}

/** margin += the value of the leaf that each of rows[begin..end) falls into. */
export function addBinnedTree(
  nodes: usize,
  tables: usize,
  bins: usize,
  binStride: usize,
  rows: usize,
  begin: usize,
  end: usize,
  margins: usize,
  stride: usize,
): void {
  const last = rows + (end << 2);
  for (let at = rows + (begin << 2); at < last; at += 4) {
    const row: usize = load<u32>(at);
    const cells = bins + row * binStride;
    let node = nodes;
    let left = load<i32>(node);
    while (left >= 0) {
      const code = <u32>load<u8>(cells + <usize>load<u32>(node, 8));
      const child = goesLeft(load<u32>(node, 12), code, tables) ? left : load<i32>(node, 4);
      node = nodes + ((<usize>child) << 4);
      left = load<i32>(node);
    }
    const margin = margins + row * stride;
    store<f32>(margin, load<f32>(margin) + load<f32>(node, 8));
  }
}
