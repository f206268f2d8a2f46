import { serveShard } from '../src/training/shards/message-port';
import { loadKernels } from './kernels';
import { holdLifeLock } from './rpc/expose';

serveShard(
  {
    post: (message, transfer) => self.postMessage(message, [...transfer] as ArrayBuffer[]),
    onMessage: (listener) => self.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data)),
  },
  loadKernels(),
);
holdLifeLock();
