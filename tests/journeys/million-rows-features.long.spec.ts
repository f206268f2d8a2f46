import { readdirSync, readFileSync } from 'node:fs';
import { chromium, expect, test } from '@playwright/test';
import { canMeasure, watchMemory } from '../../bench/training/memory.mjs';
import { browserArguments, installedBrowser } from '../../scripts/browser.mjs';
import { openOptions, serveSite, takeLongTasks, waitIdle, watchLongTasks } from './site';

const MOST_BYTES = 1.5e9;
const LONGEST_TASK_MS = 50;

test('1,000,000 rows are generated, joined and materialised in bounded memory while the page answers', async () => {
  test.setTimeout(1_800_000);
  const site = await serveSite();
  // Without a profile on disk Chromium would keep the stores in memory, and they would be counted.
  const profile = test.info().outputPath('profile');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: installedBrowser(),
    args: browserArguments,
    viewport: { width: 1440, height: 960 },
  });
  const page = await context.newPage();
  await watchLongTasks(page);
  await page.goto(`${site.url}#/heart_disease/features`);
  await openOptions(page);
  await page.getByTestId('rows-input').fill('1000000');
  await takeLongTasks(page);
  const memory = canMeasure ? watchMemory(browserOf(profile)) : null;
  const began = Date.now();
  // Runs Data first, which the Features stage needs.
  await page.getByTestId('run-stage').first().click();
  await expect(page.getByTestId('cancel').first()).toBeVisible();
  await waitIdle(page, 1_500_000);
  const seconds = (Date.now() - began) / 1000;
  const held = memory?.stop();
  await expect(page.getByTestId('stage-features')).toHaveAttribute('data-status', /good|attention/);
  const longest = Math.max(0, ...(await takeLongTasks(page)));
  const peak = held ? held.peak - held.loaded : 0;
  console.log(
    `1,000,000 rows generated, joined and materialised in ${seconds.toFixed(1)} s; peak ${(peak / 1e9).toFixed(2)} GB over the idle browser; longest main-thread task ${longest} ms`,
  );
  expect(longest).toBeLessThan(LONGEST_TASK_MS);
  expect(peak).toBeLessThan(MOST_BYTES);
  await context.close();
  await site.stop();
});

/** The first process that was started with the profile: the browser's own. */
function browserOf(profile: string): number {
  const started = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      return line.includes(`--user-data-dir=${profile}`) && !line.includes('--type=');
    } catch {
      return false;
    }
  });
  return Math.min(...started.map(Number));
}
