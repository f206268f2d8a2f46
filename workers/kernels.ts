import { referenceKernels } from '../src/kernels/reference';
import type { Kernels } from '../src/kernels/types';
import { makeWasmKernels } from '../src/kernels/wasm';
import { kernelsWasm } from '../src/kernels/wasm-bytes';
import { instantiateWasm } from '../src/platform/wasm/host';

/** WebAssembly where it runs, else plain TypeScript: the same numbers. */
export function loadKernels(): Kernels {
  const module = instantiateWasm(kernelsWasm);
  return module ? makeWasmKernels(module) : referenceKernels;
}
