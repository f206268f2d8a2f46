import asc from 'assemblyscript/asc';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

const OPTIONS = '-O3 --converge --noAssert --runtime stub --importMemory --noExportMemory --enable simd';

/**
 * The kernels of src/kernels/assembly.ts as a WebAssembly module.
 * @returns {Promise<Uint8Array>}
 */
export async function compileKernels() {
  /** @type {Uint8Array | undefined} */
  let binary;
  const { error, stderr } = await asc.main(
    ['src/kernels/assembly.ts', '--outFile', 'kernels.wasm', ...OPTIONS.split(' ')],
    {
      readFile: (name) => {
        try {
          return readFileSync(join(root, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  const said = stderr.toString();
  if (error || said !== '' || !binary) throw new Error(`AssemblyScript refuses src/kernels:\n${said || error}`);
  return binary;
}
