/** What the module made from assembly.ts exports. Addresses are bytes; row counts and positions are rows. */
export interface KernelExports {
  sortFloat32(values: number, count: number, spare: number, counts: number): void;
  binColumn(
    values: number,
    count: number,
    cuts: number,
    last: number,
    missing: number,
    rowMajor: number,
    stride: number,
    column: number,
    first: number,
  ): number;
  spreadCodes(column: number, count: number, rowMajor: number, stride: number): void;
  largestPair(pairs: number, rows: number, count: number, out: number): void;
  sumPairs(pairs: number, rows: number, count: number, gradientUnit: number, hessianUnit: number, out: number): void;
  quantisePairs(
    pairs: number,
    rows: number,
    count: number,
    gradientScale: number,
    hessianScale: number,
    packed: number,
    out: number,
  ): void;
  exactSum(
    pairs: number,
    rows: number,
    begin: number,
    end: number,
    gradientScale: number,
    hessianScale: number,
    out: number,
  ): void;
  logisticGradients(
    rows: number,
    from: number,
    to: number,
    margins: number,
    labels: number,
    weights: number,
    positiveWeight: number,
    pairs: number,
    out: number,
  ): number;
  likelihood(rows: number, from: number, to: number, margins: number, labels: number, out: number): number;
  buildHistogram(
    bins: number,
    stride: number,
    rows: number,
    begin: number,
    end: number,
    pairs: number,
    offsets: number,
    histogram: number,
  ): void;
  buildPaddedHistogram(
    bins: number,
    stride: number,
    rows: number,
    begin: number,
    end: number,
    pairs: number,
    histogram: number,
  ): void;
  buildHistogramOfGroups(
    bins: number,
    stride: number,
    rows: number,
    begin: number,
    end: number,
    pairs: number,
    offsets: number,
    histogram: number,
    groups: number,
    count: number,
  ): void;
  addHistogram(into: number, from: number, bytes: number): void;
  subtractHistogram(parent: number, child: number, bytes: number): void;
  clearBytes(start: number, bytes: number): void;
  setSplitTask(lambda: number, alpha: number, minChildWeight: number, gradientUnit: number, hessianUnit: number): void;
  findBestSplit(
    histogram: number,
    features: number,
    count: number,
    offsets: number,
    bins: number,
    missing: number,
    gradient: number,
    hessian: number,
    gain: number,
    out: number,
  ): void;
  partitionRows(
    column: number,
    rows: number,
    begin: number,
    end: number,
    lastLeft: number,
    missing: number,
    missingLeft: number,
    spare: number,
  ): number;
  partitionRowsByCode(
    column: number,
    rows: number,
    begin: number,
    end: number,
    codesRight: number,
    spare: number,
  ): number;
  addLeaf(rows: number, begin: number, end: number, margins: number, stride: number, value: number): void;
  addBinnedTree(
    nodes: number,
    tables: number,
    bins: number,
    binStride: number,
    rows: number,
    begin: number,
    end: number,
    margins: number,
    stride: number,
  ): void;
  gatherRows(columns: number, rowCount: number, features: number, from: number, count: number, rows: number): void;
  addTreeToRows(
    tree: number,
    depth: number,
    rows: number,
    rowBytes: number,
    count: number,
    sums: number,
    sumStride: number,
    weight: number,
  ): void;
  addAnyTreeToRows(
    tree: number,
    sets: number,
    rows: number,
    rowBytes: number,
    count: number,
    sums: number,
    sumStride: number,
    weight: number,
  ): void;
  roundSums(sums: number, count: number, margins: number): void;
}
