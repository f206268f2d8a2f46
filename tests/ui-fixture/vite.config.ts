import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Serves the page on made-up answers: `npx vite --config tests/ui-fixture/vite.config.ts`, then "/?state=full". */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: '../../static',
  cacheDir: '../../node_modules/.vite-fixture',
  plugins: [svelte()],
  server: { fs: { allow: ['../..'] } },
});
