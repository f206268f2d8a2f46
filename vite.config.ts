import { availableParallelism } from 'node:os';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';
import { browserArguments, installedBrowser } from './scripts/browser.mjs';
import { withoutUnusedParts } from './scripts/unused-parts.mjs';

export default defineConfig({
  base: './',
  publicDir: 'static',
  plugins: [
    svelte(),
    VitePWA({
      registerType: 'prompt',
      injectRegister: false,
      manifest: {
        name: 'Glasshouse',
        short_name: 'Glasshouse',
        description: 'The whole machine-learning lifecycle in one browser tab.',
        display: 'standalone',
        background_color: '#fcfdfc',
        theme_color: '#fcfdfc',
        icons: [{ src: 'favicon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
      },
      workbox: {
        clientsClaim: true,
        globPatterns: ['**/*.{html,js,css,svg,woff2,csv,json,webmanifest}', '**/tfjs-backend-wasm-*.wasm'],
        globIgnores: ['**/duckdb-*'],
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
        navigateFallback: 'index.html',
        runtimeCaching: [
          {
            urlPattern: ({ url }) => /\.wasm$|duckdb-browser-eh\.worker/.test(url.pathname),
            handler: 'CacheFirst',
            options: { cacheName: 'glasshouse-engine' },
          },
        ],
      },
    }),
  ],
  worker: { format: 'es', plugins: () => [withoutUnusedParts()] },
  build: { target: 'es2022', rolldownOptions: { checks: { pluginTimings: false } } },
  optimizeDeps: { exclude: ['@duckdb/duckdb-wasm'], include: ['d3'] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          // Vitest leaves one core idle otherwise, of two that is half.
          maxWorkers: availableParallelism(),
          include: ['{src,workers,tests}/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/*.long.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          environment: 'node',
          include: ['{src,workers,tests}/**/*.long.test.ts'],
          fileParallelism: false,
          testTimeout: 1_800_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['{src,workers,tests}/**/*.browser.test.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: installedBrowser(),
                args: [...browserArguments, '--enable-features=SharedArrayBuffer'],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
