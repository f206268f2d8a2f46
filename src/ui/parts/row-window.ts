/** Browsers refuse elements much taller than this; beyond it, scrolling moves through the rows proportionally. */
export const TALLEST = 12_000_000;

export interface RowWindow {
  /** First row drawn, and how many. */
  readonly first: number;
  readonly count: number;
  /** Empty room above and below the drawn rows, in pixels. */
  readonly above: number;
  readonly below: number;
}

/** Which rows of `total` stand in a scrolled box `viewport` pixels high, with a few more on either side. */
export function rowWindow(scrollTop: number, viewport: number, total: number, rowHeight: number): RowWindow {
  const spare = 8;
  const visible = Math.ceil(viewport / rowHeight);
  const full = total * rowHeight;
  const height = Math.min(full, TALLEST);
  const ratio =
    height === full
      ? scrollTop / rowHeight
      : (scrollTop / Math.max(1, height - viewport)) * Math.max(0, total - visible);
  const top = Math.max(0, Math.min(Math.floor(ratio), Math.max(0, total - visible)));
  const first = Math.max(0, top - spare);
  const count = Math.min(total - first, visible + 2 * spare);
  const above =
    height === full
      ? first * rowHeight
      : Math.max(0, Math.min(scrollTop - (top - first) * rowHeight, height - count * rowHeight));
  return { first, count, above, below: Math.max(0, height - above - count * rowHeight) };
}
