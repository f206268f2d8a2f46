// Histograms of whole-number pairs: 256 codes a column, (hessian, gradient) a code. Sums are exact, so the order in which
// lanes add does not matter. The twin is `accumulateGroup` in reference.ts.

/** Rows of a chunk. */
const CHUNK = 4096u;
/** Columns of a block, and the words of their part of a histogram. */
const COLUMNS = 8u;
const BLOCK_WORDS = 4096u;

struct Build {
  split: u32,
  /** 1: of the child with more rows. */
  larger: u32,
  chunk: u32,
  slot: u32,
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read> rowOrder: array<u32>;
@group(0) @binding(3) var<storage, read> pairs: array<vec2i>;
@group(0) @binding(4) var<storage, read> splits: array<Split>;
@group(0) @binding(5) var<storage, read> middles: array<u32>;
@group(0) @binding(6) var<storage, read> builds: array<Build>;
/** Block of columns, and its first word within a row. */
@group(0) @binding(7) var<storage, read> blocks: array<vec2u>;
@group(0) @binding(8) var<storage, read_write> histograms: array<atomic<i32>>;

var<workgroup> sums: array<atomic<i32>, BLOCK_WORDS>;

@compute @workgroup_size(LANES)
fn build(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let task = builds[group.x];
  let split = splits[task.split];
  let middle = middles[task.split];
  let block = blocks[settings.first + group.y];
  let takesLeft = leftIsSmaller(split, middle) == (task.larger == 0u);
  let begin = select(middle, split.begin, takesLeft) + task.chunk * CHUNK;
  let end = min(select(split.end, middle, takesLeft), begin + CHUNK);
  if (begin >= end) {
    return;
  }
  for (var i = lane; i < BLOCK_WORDS; i += LANES) {
    atomicStore(&sums[i], 0);
  }
  workgroupBarrier();
  for (var i = begin + lane; i < end; i += LANES) {
    let row = rowOrder[i];
    let pair = pairs[row];
    let at = row * settings.stride + block.y;
    let low = codes[at];
    let high = codes[at + 1u];
    // Lanes start at different columns: neighbours rarely meet in a bin.
    for (var k = 0u; k < COLUMNS; k++) {
      let column = (k + lane) & 7u;
      let code = (select(low, high, column >= 4u) >> ((column & 3u) << 3u)) & 255u;
      let bin = (column << 9u) + (code << 1u);
      atomicAdd(&sums[bin], pair.x);
      atomicAdd(&sums[bin + 1u], pair.y);
    }
  }
  workgroupBarrier();
  let into = task.slot * settings.slotWords + block.x * BLOCK_WORDS;
  for (var i = lane; i < BLOCK_WORDS; i += LANES) {
    let sum = atomicLoad(&sums[i]);
    if (sum != 0) {
      atomicAdd(&histograms[into + i], sum);
    }
  }
}
