import { shardPort } from '../src/training/shards/message-port';
import { LEAST_CELLS, type ShardHost, type ShardPort } from '../src/training/shards/types';
import { ALIVE, watchWorker } from './rpc/remote';

/** Workers of this worker that share the rows of one training. Memory is shared where the page is isolated. */
export function shardHost(most: number, sharesMemory: boolean = self.crossOriginIsolated): ShardHost {
  return {
    most,
    leastCells: LEAST_CELLS,
    sharesMemory,
    open: (count) => Promise.resolve(Array.from({ length: count }, openShard)),
  };
}

function openShard(): ShardPort {
  const name = `shard-${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
  const worker = new Worker(new URL('./shard.worker.ts', import.meta.url), { type: 'module', name });
  return shardPort(
    {
      post: (message, transfer) => worker.postMessage(message, [...transfer] as ArrayBuffer[]),
      onMessage: (listener) =>
        worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
          if (data !== ALIVE) listener(data);
        }),
    },
    (lose) => watchWorker(worker, name, lose),
    () => worker.terminate(),
  );
}
