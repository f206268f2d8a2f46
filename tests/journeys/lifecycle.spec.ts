import { expect, test } from '@playwright/test';
import { expectAllDone, runAll, serveSite, STAGES } from './site';
import { takePicture } from './pictures';

test('a newcomer runs the built-in model, reloads, and runs again with the server stopped', async ({ page }) => {
  const site = await serveSite();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url) && !/^(blob|data):/.test(request.url())) foreign.push(request.url());
  });

  const opened = Date.now();
  await page.goto(site.url);
  await expect(page.getByTestId('stage-monitoring')).toBeVisible();
  console.log(`the lifecycle map was there after ${Date.now() - opened} ms`);
  for (const stage of STAGES) await expect(page.getByTestId(`stage-${stage}`)).toHaveAttribute('data-status', 'empty');

  await runAll(page);
  await expectAllDone(page);
  for (const stage of STAGES) {
    await page.getByTestId(`stage-${stage}`).click();
    await expect(page.getByTestId('stage-sentence')).not.toBeEmpty();
    await expect(page.locator('svg[aria-label]').first(), stage).toBeVisible();
    await expect(page.getByTestId('error-message')).toHaveCount(0);
    await takePicture(page, stage);
  }

  const sentences = await sentencesOf(page);
  await page.reload();
  await expectAllDone(page);
  expect(await sentencesOf(page)).toEqual(sentences);

  await expect(page.getByTestId('offline-state')).toHaveAttribute('data-state', 'ready', { timeout: 60_000 });
  await site.stop();
  await page.reload();
  await expectAllDone(page);
  await runAll(page, { seed: 8, rows: 5000, evals: 3 });
  await expectAllDone(page);
  await page.getByTestId('stage-data').click();
  await expect(page.getByTestId('stage-sentence')).toContainText(/5,\d\d\d|4,9\d\d/);

  expect(foreign).toEqual([]);
  expect(errors).toEqual([]);
});

async function sentencesOf(page: import('@playwright/test').Page): Promise<string[]> {
  const found: string[] = [];
  for (const stage of STAGES) {
    await page.getByTestId(`stage-${stage}`).click();
    await expect(page.getByTestId('stage-sentence')).not.toBeEmpty();
    found.push((await page.getByTestId('stage-sentence').textContent()) ?? '');
  }
  return found;
}
