/** True where all bins are equally wide, but for rounding. */
export function equallyWide(edges: readonly number[]): boolean {
  const [first = 0, second = 0] = edges;
  const width = second - first;
  return edges.every((edge, index) => Math.abs(edge - (first + index * width)) <= 1e-6 * Math.abs(width) * (index + 1));
}

/**
 * Shares of unequal bins, spread evenly inside each and collected in `bins` equal ones over the same range, so that
 * heights can be compared by eye. The sum stays the same.
 */
export function rebin(edges: readonly number[], shares: readonly number[], bins: number): number[] {
  const low = edges[0] ?? 0;
  const width = ((edges.at(-1) ?? low) - low) / bins;
  const drawn = new Array<number>(bins).fill(0);
  if (!(width > 0)) return drawn;
  shares.forEach((share, index) => {
    const from = edges[index] ?? low;
    const to = edges[index + 1] ?? from;
    const first = Math.max(0, Math.min(bins - 1, Math.floor((from - low) / width)));
    for (let bin = first; bin < bins && low + bin * width < to; bin++) {
      const overlap = Math.min(to, bin === bins - 1 ? to : low + (bin + 1) * width) - Math.max(from, low + bin * width);
      drawn[bin] = (drawn[bin] ?? 0) + (share * Math.max(0, overlap)) / (to - from);
    }
  });
  return drawn;
}
