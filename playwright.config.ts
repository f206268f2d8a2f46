import { defineConfig } from '@playwright/test';
import { browserArguments, installedBrowser } from './scripts/browser.mjs';

/** Journeys serve the built site themselves (tests/journeys/site.ts), so that they can stop it. */
export default defineConfig({
  testDir: 'tests/journeys',
  projects: [
    { name: 'journeys', testMatch: '*.spec.ts', testIgnore: '*.long.spec.ts' },
    { name: 'long', testMatch: '*.long.spec.ts' },
  ],
  outputDir: 'test-results/journeys',
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 960 },
    launchOptions: { executablePath: installedBrowser(), args: browserArguments },
  },
});
