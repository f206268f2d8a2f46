import { env } from '@tensorflow/tfjs';

let registered: Promise<boolean> | null = null;

/**
 * Makes tfjs's WebAssembly backend ready and says whether it is: only with SIMD and on one thread, so that the same
 * program computes everywhere and gives the same bits.
 * @param url of tfjs-backend-wasm-simd.wasm; Node finds its own copy when it is left out
 */
export function registerWasm(url: string | undefined): Promise<boolean> {
  registered ??= register(url);
  return registered;
}

async function register(url: string | undefined): Promise<boolean> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await env().getAsync('WASM_HAS_SIMD_SUPPORT'))) return false;
  if (url !== undefined) {
    setWasmPaths({
      'tfjs-backend-wasm.wasm': url,
      'tfjs-backend-wasm-simd.wasm': url,
      'tfjs-backend-wasm-threaded-simd.wasm': url,
    });
  }
  return true;
}
