import { join } from 'node:path';
import { build } from 'vite';
import { root } from '../../scripts/install.mjs';

const HERE = import.meta.dirname;

/**
 * Builds what makes the files in Node in one file.
 * @param {string} cache
 * @returns {Promise<string>} the file
 */
export async function buildForNode(cache) {
  const outDir = join(cache, 'node');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: join(HERE, 'node-entry.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'entry.js', format: 'es', codeSplitting: false } },
    },
  });
  return join(outDir, 'entry.js');
}

/**
 * Builds the page that ingests in a worker, with the settings of the real page.
 * @param {string} cache
 * @returns {Promise<string>} the folder to serve
 */
export async function buildPage(cache) {
  const outDir = join(cache, 'page');
  await build({
    root: join(HERE, 'page'),
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    base: './',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2022' },
  });
  return outDir;
}
