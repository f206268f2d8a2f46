import { join } from 'node:path';
import { build } from 'vite';
import { root } from '../../scripts/install.mjs';

const HERE = import.meta.dirname;

/**
 * Builds what is measured in Node, our own code in one file.
 * @param {string} cache
 * @returns {Promise<string>} the folder of `train.js`
 */
export async function buildForNode(cache) {
  const outDir = join(cache, 'node');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: join(HERE, 'train.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'train.js', format: 'es', codeSplitting: false } },
    },
  });
  return outDir;
}

/**
 * Builds the page that trains in a worker, with the settings of the real page.
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
