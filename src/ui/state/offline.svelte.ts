/** Whether the page works without a network, and whether a newer version waits. */
export class Offline {
  /**
   * "unsupported": no service worker here; "preparing": the page's files are being kept; "page": they are kept and the
   * SQL engine follows with the first run; "ready": everything is kept.
   */
  state = $state<'unsupported' | 'preparing' | 'page' | 'ready'>('unsupported');
  /** Swaps to the waiting version and reloads; null when there is none. */
  update = $state.raw<(() => void) | null>(null);
}
