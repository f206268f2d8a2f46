/** A WebAssembly module's exports and the memory it was given. */
export interface WasmInstance {
  readonly memory: WasmMemoryObject;
  readonly exports: object;
}

interface WasmMemoryObject {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The part of the global WebAssembly object that is used; workers and Node declare it in different libraries. */
interface WasmGlobal {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemoryObject;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: WasmMemoryObject } },
  ) => { readonly exports: object };
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
  const wasm = (globalThis as unknown as { readonly WebAssembly?: WasmGlobal }).WebAssembly;
  if (!wasm) return null;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (!wasm.validate(bytes)) return null;
  const memory = new wasm.Memory({ initial: 1, maximum: MOST_PAGES });
  const { exports } = new wasm.Instance(new wasm.Module(bytes), { env: { memory } });
  return { memory, exports };
}
