// Put before every shader of the tree engine.

/** A node being split: rows [begin, end) of the row order. Rows from its place in `middles` on go right. */
struct Split {
  begin: u32,
  end: u32,
  /** Where the split column's code is: word within a row, and bits to shift it by. */
  word: u32,
  shift: u32,
  /** Its chunks among those of all splits. */
  firstChunk: u32,
  chunkCount: u32,
  unused: vec2u,
  /** 256 bits: 1 where a code goes right. */
  right: array<vec4u, 2>,
}

struct Settings {
  /** First item of this dispatch. */
  first: u32,
  /** Words of a row in this buffer of codes. */
  stride: u32,
  /** Words of a histogram. */
  slotWords: u32,
  leastHessian: i32,
  lambda: f32,
  alpha: f32,
}

const LANES = 256u;

fn leftIsSmaller(split: Split, middle: u32) -> bool {
  return middle - split.begin <= split.end - middle;
}
