// Trees over binned rows: nodes are 16 bytes: left child (-1 at a leaf), right child, feature, and packed
// bin | missing << 9 | missingLeft << 18; a leaf keeps its float32 value where an inner node keeps the feature.

/** margins[row] += value for rows[begin..end). */
export function addLeaf(rows: usize, begin: usize, end: usize, margins: usize, value: f32): void {
  const last = rows + (end << 2);
  for (let at = rows + (begin << 2); at < last; at += 4) {
    const margin = margins + ((<usize>load<u32>(at)) << 2);
    store<f32>(margin, load<f32>(margin) + value);
  }
}

/** margins[row] += the value of the leaf that each of rows[begin..end) falls into. */
export function addBinnedTree(
  nodes: usize,
  bins: usize,
  stride: usize,
  rows: usize,
  begin: usize,
  end: usize,
  margins: usize,
): void {
  const last = rows + (end << 2);
  for (let at = rows + (begin << 2); at < last; at += 4) {
    const row: usize = load<u32>(at);
    const cells = bins + row * stride;
    let node = nodes;
    let left = load<i32>(node);
    while (left >= 0) {
      const rule = load<u32>(node, 12);
      const code = <u32>load<u8>(cells + <usize>load<u32>(node, 8));
      const isMissing = code == ((rule >> 9) & 511);
      const goesLeft = isMissing ? rule >> 18 != 0 : code <= (rule & 511);
      node = nodes + ((<usize>(goesLeft ? left : load<i32>(node, 4))) << 4);
      left = load<i32>(node);
    }
    const margin = margins + (row << 2);
    store<f32>(margin, load<f32>(margin) + load<f32>(node, 8));
  }
}
