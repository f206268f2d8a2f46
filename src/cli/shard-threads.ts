import { Worker } from 'node:worker_threads';
import { shardPort } from '../training/shards/message-port';
import type { ShardHost, ShardPort } from '../training/shards/types';

/**
 * Threads that share the rows of one training.
 * @param most threads besides the one that asks.
 * @param script what they run: `shard.js`, beside the command.
 */
export function shardThreads(most: number, script: URL): ShardHost {
  return {
    most,
    sharesMemory: true,
    open: (count) => Promise.resolve(Array.from({ length: count }, () => openShard(script))),
  };
}

function openShard(script: URL): ShardPort {
  const worker = new Worker(script);
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
