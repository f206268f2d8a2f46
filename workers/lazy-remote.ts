import { remoteWorker, type RemoteWorker } from './rpc/remote';

type Method = (...args: unknown[]) => Promise<unknown>;

/** A service whose worker starts at the first call, and again after it was lost. */
export function lazyRemote<T extends object>(what: string, start: (name: string) => Worker): T {
  let remote: RemoteWorker<T> | null = null;
  const api = (): T => {
    if (!remote) {
      const started = remoteWorker<T>(what, start);
      started.lost.catch(() => {
        if (remote === started) remote = null;
      });
      remote = started;
    }
    return remote.api;
  };
  return new Proxy(
    {},
    {
      get: (_target, method) => {
        if (typeof method !== 'string' || method === 'then') return undefined;
        return (...args: unknown[]) => (api() as Record<string, Method>)[method]?.(...args);
      },
    },
  ) as T;
}
