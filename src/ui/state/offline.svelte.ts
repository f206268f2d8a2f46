/** Whether the page works without a network, and whether a newer version waits. */
export class Offline {
  /** "unsupported": no service worker here; "preparing": files are being kept; "ready": everything is kept. */
  state = $state<'unsupported' | 'preparing' | 'ready'>('unsupported');
  /** Swaps to the waiting version and reloads; null when there is none. */
  update = $state.raw<(() => void) | null>(null);
}
