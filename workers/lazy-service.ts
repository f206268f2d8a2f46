type Method = (...args: unknown[]) => Promise<unknown>;

/** A service of this worker whose code is loaded at the first call, and again when that failed. */
export function lazyService<T extends object>(load: () => Promise<T>): T {
  let loading: Promise<T> | null = null;
  const loaded = () =>
    (loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    }));
  return new Proxy(
    {},
    {
      get: (_target, method) => {
        if (typeof method !== 'string' || method === 'then') return undefined;
        return async (...args: unknown[]) => {
          const service = await loaded();
          return (service as Record<string, Method>)[method]?.apply(service, args);
        };
      },
    },
  ) as T;
}
