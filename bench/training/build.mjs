import { join } from 'node:path';
import { build } from 'vite';
import { root } from '../../scripts/install.mjs';

const HERE = import.meta.dirname;

/**
 * Builds what is measured in Node, our own code, with what its threads run.
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
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: {
        input: { train: join(HERE, 'node-train.ts'), shard: join(root, 'src', 'cli', 'shard.ts') },
        output: { entryFileNames: '[name].js', format: 'es' },
      },
    },
  });
  return outDir;
}
