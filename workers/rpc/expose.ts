import * as Comlink from 'comlink';
import { installWire } from './wire';
import { ALIVE, lifeLock } from './remote';

/** Offers `service` to the thread that made this worker, and shows that the worker is alive until it ends. */
export function exposeService(service: object): void {
  installWire();
  Comlink.expose(service);
  holdLifeLock();
}

/** Shows that this worker is alive until it ends. */
export function holdLifeLock(): void {
  if (!('locks' in navigator)) return;
  void navigator.locks.request(lifeLock(self.name), () => {
    self.postMessage(ALIVE);
    return new Promise<never>(() => undefined);
  });
}
