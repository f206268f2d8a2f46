import { defineConfig } from 'vite';

/** Builds the command and what its threads run: our code, libraries from node_modules. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    outDir: '.cache/cli',
    emptyOutDir: true,
    target: 'node20',
    rolldownOptions: {
      input: { main: 'src/cli/main.ts', shard: 'src/cli/shard.ts' },
      output: { entryFileNames: '[name].js', format: 'es' },
    },
  },
});
