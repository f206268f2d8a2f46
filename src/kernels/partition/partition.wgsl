// Stable partition of the rows of many nodes at once: lefts of each chunk are counted, counts become places, rows move to
// the spare list and back. The twin is `partitionRows` in reference.ts.

/** Rows of a chunk, and of each lane of it. */
const CHUNK = 1024u;
const OWN = 4u;

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read_write> rowOrder: array<u32>;
@group(0) @binding(3) var<storage, read_write> spare: array<u32>;
@group(0) @binding(4) var<storage, read> splits: array<Split>;
/** Split of each chunk, and its number there. */
@group(0) @binding(5) var<storage, read> chunks: array<vec2u>;
/** Rows of each chunk that go left; then those of the chunks before it in its split. */
@group(0) @binding(6) var<storage, read_write> lefts: array<u32>;
@group(0) @binding(7) var<storage, read_write> middles: array<u32>;

var<workgroup> counts: array<u32, LANES>;

/** Sums of the counts up to and including each lane's. */
fn accumulate(lane: u32, own: u32) -> u32 {
  counts[lane] = own;
  workgroupBarrier();
  for (var step = 1u; step < LANES; step <<= 1u) {
    var before = 0u;
    if (lane >= step) {
      before = counts[lane - step];
    }
    workgroupBarrier();
    counts[lane] += before;
    workgroupBarrier();
  }
  return counts[lane];
}

fn goesLeft(split: u32, row: u32) -> bool {
  let code = (codes[row * settings.stride + splits[split].word] >> splits[split].shift) & 255u;
  return ((splits[split].right[code >> 7u][(code >> 5u) & 3u] >> (code & 31u)) & 1u) == 0u;
}

@compute @workgroup_size(LANES)
fn count(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let number = settings.first + group.x;
  let chunk = chunks[number];
  let start = splits[chunk.x].begin + chunk.y * CHUNK + lane * OWN;
  let stop = min(start + OWN, splits[chunk.x].end);
  var left = 0u;
  for (var i = start; i < stop; i++) {
    left += select(0u, 1u, goesLeft(chunk.x, rowOrder[i]));
  }
  let sum = accumulate(lane, left);
  if (lane == LANES - 1u) {
    lefts[number] = sum;
  }
}

/** One workgroup a split. */
@compute @workgroup_size(LANES)
fn place(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = splits[group.x].firstChunk;
  let chunkCount = splits[group.x].chunkCount;
  var before = 0u;
  for (var tile = 0u; tile < chunkCount; tile += LANES) {
    let i = tile + lane;
    var own = 0u;
    if (i < chunkCount) {
      own = lefts[first + i];
    }
    let sum = accumulate(lane, own);
    if (i < chunkCount) {
      lefts[first + i] = before + sum - own;
    }
    before += counts[LANES - 1u];
    workgroupBarrier();
  }
  if (lane == 0u) {
    middles[group.x] = splits[group.x].begin + before;
  }
}

@compute @workgroup_size(LANES)
fn scatter(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let number = settings.first + group.x;
  let chunk = chunks[number];
  let begin = splits[chunk.x].begin;
  let start = begin + chunk.y * CHUNK + lane * OWN;
  let stop = min(start + OWN, splits[chunk.x].end);
  var left = 0u;
  for (var i = start; i < stop; i++) {
    left += select(0u, 1u, goesLeft(chunk.x, rowOrder[i]));
  }
  var leftAt = begin + lefts[number] + accumulate(lane, left) - left;
  // As many rows lie before `from` as have gone left or right.
  var rightAt = middles[chunk.x] + start - leftAt;
  for (var i = start; i < stop; i++) {
    let row = rowOrder[i];
    if (goesLeft(chunk.x, row)) {
      spare[leftAt] = row;
      leftAt++;
    } else {
      spare[rightAt] = row;
      rightAt++;
    }
  }
}

@compute @workgroup_size(LANES)
fn restore(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let chunk = chunks[settings.first + group.x];
  let start = splits[chunk.x].begin + chunk.y * CHUNK;
  let stop = min(start + CHUNK, splits[chunk.x].end);
  for (var i = start + lane; i < stop; i += LANES) {
    rowOrder[i] = spare[i];
  }
}
