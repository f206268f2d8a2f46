import * as Comlink from 'comlink';
import { WorkbenchError } from '../../src/utils/errors';

/** A service behind a worker: the same methods, and a promise that rejects when the worker is gone. */
export interface RemoteWorker<T> {
  readonly api: T;
  /** Rejects with WORKER_LOST when the worker dies; never resolves. */
  readonly lost: Promise<never>;
  terminate(): void;
}

type Method = (...args: unknown[]) => Promise<unknown>;

/** What a worker holds for as long as it lives, so that others learn of its end. */
export function lifeLock(name: string): string {
  return `glasshouse-worker-${name}`;
}

/** Wraps a worker made by `start`, which must expose an object with Comlink and call holdLifeLock. */
export function remoteWorker<T extends object>(what: string, start: (name: string) => Worker): RemoteWorker<T> {
  const name = `${what}-${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
  const worker = start(name);
  const remote = Comlink.wrap<Record<string, Method>>(worker);
  const lost = watch(worker, what, name);
  lost.catch(() => undefined);
  const api = new Proxy(
    {},
    {
      get: (_target, method) => {
        if (typeof method !== 'string' || method === 'then') return undefined;
        return (...args: unknown[]) => {
          const call = remote[method] as Method | undefined;
          if (!call) throw new Error(`invariant: no remote method ${method}`);
          return Promise.race([call(...args.map(toWire)), lost]);
        };
      },
    },
  ) as T;
  return { api, lost, terminate: () => worker.terminate() };
}

function toWire(argument: unknown): unknown {
  return typeof argument === 'function' ? Comlink.proxy(argument) : argument;
}

function watch(worker: Worker, what: string, name: string): Promise<never> {
  return new Promise((_resolve, reject) => {
    watchWorker(worker, name, (why) => {
      reject(
        new WorkbenchError(
          'WORKER_LOST',
          `The ${what} worker stopped (${why}), probably because the browser ran out of memory or closed it. Nothing half-done was kept; run the stage again, with fewer rows if it stops again.`,
        ),
      );
    });
  });
}

/** What a worker says once it holds its lock. */
export const ALIVE = 'alive';

/** Ends a worker that fails or is ended, and says why. The worker must call holdLifeLock. */
export function watchWorker(worker: Worker, name: string, onLost: (why: string) => void): void {
  const fail = (why: string) => {
    worker.terminate();
    onLost(why);
  };
  worker.addEventListener('error', (event) => fail(event.message || 'it failed to start'));
  if (!('locks' in navigator)) return;
  worker.addEventListener('message', function ready(event: MessageEvent) {
    if (event.data !== ALIVE) return;
    worker.removeEventListener('message', ready);
    void navigator.locks.request(lifeLock(name), () => fail('it was ended')).catch(() => undefined);
  });
}
