import { join } from 'node:path';
import { build } from 'vite';
import { root } from './install.mjs';

/**
 * Builds what peers ask of our own code, `tests/interop/tool`, in one file.
 * @param {string} outDir
 * @returns {Promise<string>} the script to run with Node
 */
export async function buildTool(outDir) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: join(root, 'tests', 'interop', 'tool', 'main.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'tool.js', format: 'es', codeSplitting: false } },
    },
  });
  return join(outDir, 'tool.js');
}
