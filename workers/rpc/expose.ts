import * as Comlink from 'comlink';
import { installWire } from './wire';
import { lifeLock } from './remote';

/** Offers `service` to the thread that made this worker, and shows that the worker is alive until it ends. */
export function exposeService(service: object): void {
  installWire();
  Comlink.expose(service);
  if ('locks' in navigator) {
    void navigator.locks.request(lifeLock(self.name), () => {
      self.postMessage('alive');
      return new Promise<never>(() => undefined);
    });
  }
}
