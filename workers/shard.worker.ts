import { referenceKernels } from '../src/kernels/reference';
import { makeWasmKernels } from '../src/kernels/wasm';
import { kernelsWasm } from '../src/kernels/wasm-bytes';
import { instantiateWasm } from '../src/platform/wasm/host';
import { serveShard } from '../src/training/shards/message-port';
import { holdLifeLock } from './rpc/expose';

const module = instantiateWasm(kernelsWasm);
serveShard(
  {
    post: (message, transfer) => self.postMessage(message, [...transfer] as ArrayBuffer[]),
    onMessage: (listener) => self.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data)),
  },
  module ? makeWasmKernels(module) : referenceKernels,
);
holdLifeLock();
