// Narrows the splits of many nodes to those that may be best. Which are allowed is told by whole numbers and so exact; gains
// are float32 and may be off, but by less than BLUR of what they are made of (reference.ts is the search whose answer is
// among them). A term g^2 / (h + lambda) has at most 2^-19.5 of relative error under WGSL's rules: i32 to f32, subtracting
// alpha and squaring g, adding lambda, a division good to 2.5 ulp. Ties of the float32 cast of the exact gain add 2^-23.

const BLUR = 0x1p-18;
/** Sums of all rows stay within 2^30; scaled they stay within 1. */
const SCALE = 0x1p-30;
const NO_COLUMNS = 0xffffffffu;
/** Most candidates of a search, and the words of its answer: how many there are, then four words each. */
const MOST = 32u;
const FOUND_WORDS = 4u + 4u * MOST;

struct Search {
  split: u32,
  right: u32,
  /** Slots of the child with fewer rows and of the other. */
  built: u32,
  rest: u32,
  gradient: i32,
  hessian: i32,
  /** First word of the bits of its columns. */
  columns: u32,
  unused: u32,
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> splits: array<Split>;
@group(0) @binding(2) var<storage, read> middles: array<u32>;
@group(0) @binding(3) var<storage, read> searches: array<Search>;
@group(0) @binding(4) var<storage, read> columnBits: array<u32>;
/** Columns of the tree: number, value bins, and 1 where values are missing. */
@group(0) @binding(5) var<storage, read> columns: array<vec4u>;
@group(0) @binding(6) var<storage, read> histograms: array<i32>;
/** By search, a gain that the best split reaches. */
@group(0) @binding(7) var<storage, read_write> bounds: array<atomic<u32>>;
@group(0) @binding(8) var<storage, read_write> found: array<atomic<i32>>;

/** (hessian, gradient) up to and including each bin. */
var<workgroup> sums: array<vec2i, LANES>;
var<workgroup> top: atomic<u32>;

/** What a lane has: a bin, and the sums of the left side when it is the last to go left, or the first to go right. */
struct Bin {
  searched: bool,
  filled: bool,
  hasMissing: bool,
  upTo: vec2i,
  before: vec2i,
}

fn isSearched(search: Search, column: u32) -> bool {
  return search.columns == NO_COLUMNS || ((columnBits[search.columns + (column >> 5u)] >> (column & 31u)) & 1u) == 1u;
}

fn slotOf(search: Search) -> u32 {
  let isSmaller = leftIsSmaller(splits[search.split], middles[search.split]) == (search.right == 0u);
  return select(search.rest, search.built, isSmaller);
}

fn binOf(search: Search, column: vec4u, lane: u32) -> Bin {
  let base = slotOf(search) * settings.slotWords + (column.x << 9u);
  var own = vec2i(0, 0);
  if (lane < column.y) {
    own = vec2i(histograms[base + 2u * lane], histograms[base + 2u * lane + 1u]);
  }
  sums[lane] = own;
  workgroupBarrier();
  for (var step = 1u; step < LANES; step <<= 1u) {
    var before = vec2i(0, 0);
    if (lane >= step) {
      before = sums[lane - step];
    }
    workgroupBarrier();
    sums[lane] += before;
    workgroupBarrier();
  }
  var bin: Bin;
  bin.searched = isSearched(search, column.x);
  bin.filled = any(own != vec2i(0, 0));
  bin.upTo = sums[lane];
  if (column.z == 1u) {
    let at = base + 2u * column.y;
    bin.hasMissing = histograms[at] != 0 || histograms[at + 1u] != 0;
  }
  // Missing goes left: what is not from this bin on.
  bin.before = vec2i(search.hessian, search.gradient) - (sums[LANES - 1u] - bin.upTo + own);
  return bin;
}

/** Gain of a side, and the size that its error is measured by. */
fn sideGain(side: vec2i) -> vec2f {
  let gradient = abs(f32(side.y) * SCALE);
  let hessian = f32(side.x) * SCALE + settings.lambda;
  let shrunk = max(gradient - settings.alpha, 0.0);
  return vec2f(shrunk * shrunk / hessian, gradient * gradient / hessian);
}

/** Gain and size of a split; below 0 when it is not allowed. */
fn gainOf(search: Search, left: vec2i) -> vec2f {
  let right = vec2i(search.hessian, search.gradient) - left;
  let least = max(settings.leastHessian, 1);
  if (left.x < least || right.x < least) {
    return vec2f(-1.0, 0.0);
  }
  return sideGain(left) + sideGain(right);
}

fn forward(search: Search, bin: Bin) -> vec2f {
  if (!bin.searched || !bin.filled) {
    return vec2f(-1.0, 0.0);
  }
  return gainOf(search, bin.upTo);
}

fn backward(search: Search, bin: Bin, lane: u32) -> vec2f {
  if (!bin.searched || !bin.filled || !bin.hasMissing || lane == 0u) {
    return vec2f(-1.0, 0.0);
  }
  return gainOf(search, bin.before);
}

/** Finds what the best split gains at least. One workgroup a column and search. */
@compute @workgroup_size(LANES)
fn bound(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let search = searches[group.y];
  let bin = binOf(search, columns[group.x], lane);
  let one = forward(search, bin);
  let other = backward(search, bin, lane);
  // Numbers at least 0 are in the order of their bits.
  let least = max(max(one.x - BLUR * one.y, other.x - BLUR * other.y), 0.0);
  atomicMax(&top, bitcast<u32>(least));
  workgroupBarrier();
  if (lane == 0u) {
    atomicMax(&bounds[group.y], atomicLoad(&top));
  }
}

fn propose(number: u32, column: u32, bin: u32, missingLeft: u32, left: vec2i) {
  let place = u32(atomicAdd(&found[number * FOUND_WORDS], 1));
  if (place >= MOST) {
    return;
  }
  let at = number * FOUND_WORDS + 4u + 4u * place;
  atomicStore(&found[at], i32(column));
  atomicStore(&found[at + 1u], i32(2u * bin + missingLeft));
  atomicStore(&found[at + 2u], left.y);
  atomicStore(&found[at + 3u], left.x);
}

/** Lists the splits that may reach the bound. */
@compute @workgroup_size(LANES)
fn choose(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let search = searches[group.y];
  let column = columns[group.x];
  let bin = binOf(search, column, lane);
  let least = bitcast<f32>(atomicLoad(&bounds[group.y]));
  let one = forward(search, bin);
  if (one.x >= 0.0 && one.x + BLUR * one.y >= least) {
    propose(group.y, column.x, lane, 0u, bin.upTo);
  }
  let other = backward(search, bin, lane);
  if (other.x >= 0.0 && other.x + BLUR * other.y >= least) {
    propose(group.y, column.x, lane - 1u, 1u, bin.before);
  }
}
