import { Worker } from 'node:worker_threads';
import type { Twin } from './arguments/train';
import { shardPort } from '../training/shards/message-port';
import { LEAST_CELLS, type ShardHost, type ShardPort } from '../training/shards/types';

/**
 * Threads that share the rows of one training.
 * @param most threads besides the one that asks.
 * @param script what they run: `shard.js`, beside the command.
 * @param backend the twin of the kernels that they work with.
 */
export function shardThreads(most: number, script: URL, backend: Twin = 'wasm'): ShardHost {
  return {
    most,
    leastCells: LEAST_CELLS,
    sharesMemory: true,
    open: (count) => Promise.resolve(Array.from({ length: count }, () => openShard(script, backend))),
  };
}

function openShard(script: URL, backend: Twin): ShardPort {
  const worker = new Worker(script, { workerData: backend });
  return shardPort(
    {
      post: (message, transfer) => worker.postMessage(message, [...transfer] as ArrayBuffer[]),
      onMessage: (listener) => worker.on('message', listener),
    },
    (lose) => {
      worker.on('error', (error) => lose(error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => lose(`exit code ${code}`));
    },
    () => void worker.terminate(),
  );
}
