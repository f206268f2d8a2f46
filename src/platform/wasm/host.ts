/** A WebAssembly module's exports and the memory it was given. */
export interface WasmInstance {
  readonly memory: WebAssembly.Memory;
  readonly exports: WebAssembly.Exports;
}

/** 4 GiB, what 32-bit addresses reach. */
const MOST_PAGES = 65536;

/**
 * Instantiates a module that imports its memory, in a worker or in Node. Null where the host has no WebAssembly or not
 * all of its instructions (128-bit SIMD).
 *
 * @param base64 the module.
 */
export function instantiateWasm(base64: string): WasmInstance | null {
  if (typeof WebAssembly === 'undefined') return null;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return null;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return { memory, exports };
}
