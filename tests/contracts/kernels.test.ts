import { makeWasmKernels } from '../../src/kernels/wasm';
import { kernelsWasm } from '../../src/kernels/wasm-bytes';
import { instantiateWasm } from '../../src/platform/wasm/host';
import { holdsToReference } from './kernels';
import { predictsAsReference } from './predictors';

function load() {
  const module = instantiateWasm(kernelsWasm);
  if (!module) throw new Error('this host does not run the module');
  return makeWasmKernels(module);
}

holdsToReference('WebAssembly', load);
predictsAsReference('WebAssembly', load);
