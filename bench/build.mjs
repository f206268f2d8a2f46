import { join } from 'node:path';
import { build } from 'vite';
import { root } from '../scripts/install.mjs';

/**
 * Builds a benchmark's part that runs in Node (its `node-entry.ts`) in one file.
 * @param {string} folder of the benchmark
 * @param {string} cache
 * @returns {Promise<string>} the file
 */
export async function buildForNode(folder, cache) {
  const outDir = join(cache, 'node');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: join(folder, 'node-entry.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'entry.js', format: 'es', codeSplitting: false } },
    },
  });
  return join(outDir, 'entry.js');
}

/**
 * Builds a benchmark's page (its folder `page`), whose work is done in a worker, with the settings of the real page.
 * @param {string} folder of the benchmark
 * @param {string} cache
 * @returns {Promise<string>} the folder to serve
 */
export async function buildPage(folder, cache) {
  const outDir = join(cache, 'page');
  await build({
    root: join(folder, 'page'),
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    base: './',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2022' },
  });
  return outDir;
}
