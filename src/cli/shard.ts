import { parentPort } from 'node:worker_threads';
import { referenceKernels } from '../kernels/reference';
import { makeWasmKernels } from '../kernels/wasm';
import { kernelsWasm } from '../kernels/wasm-bytes';
import { instantiateWasm } from '../platform/wasm/host';
import { serveShard } from '../training/shards/message-port';

const module = instantiateWasm(kernelsWasm);
serveShard(
  {
    post: (message, transfer) => parentPort?.postMessage(message, [...transfer] as ArrayBuffer[]),
    onMessage: (listener) => parentPort?.on('message', listener),
  },
  module ? makeWasmKernels(module) : referenceKernels,
);
