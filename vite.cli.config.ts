import { defineConfig } from 'vite';

/** Builds the command: our code in one file, libraries from node_modules. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: 'src/cli/main.ts',
    outDir: '.cache/cli',
    emptyOutDir: true,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'main.js', format: 'es', codeSplitting: false } },
  },
});
