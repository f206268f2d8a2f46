import { expect, test, type Page } from '@playwright/test';
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
    if (stage === 'inference') await predictOne(page);
    if (stage !== 'registry' && stage !== 'monitoring') await takePicture(page, stage);
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

/** Every stage's sentence, as the page shows it. */
async function sentencesOf(page: Page): Promise<string[]> {
  const stages = await page.evaluate(async () => (await window.glasshouse.overview()).models[0]?.stages);
  const found: string[] = [];
  for (const stage of STAGES) {
    await page.getByTestId(`stage-${stage}`).click();
    await expect(page.getByTestId('stage-sentence')).toHaveText(stages?.[stage].sentence ?? 'no sentence');
    found.push((await page.getByTestId('stage-sentence').textContent()) ?? '');
  }
  return found;
}

async function predictOne(page: Page): Promise<void> {
  await page.getByTestId('predict-go').click();
  await expect(page.getByTestId('prediction')).toContainText('%');
  const [prediction] = await page.evaluate(
    async () => (await window.glasshouse.inferenceView('heart_disease'))?.recent ?? [],
  );
  const sum = prediction?.factors.reduce((total, factor) => total + factor.shap, prediction.base) ?? NaN;
  console.log(
    `prediction: ${prediction?.factors[0]?.text}; margin ${prediction?.margin.toFixed(4)}, base + SHAP ${sum.toFixed(4)}`,
  );
  expect(Math.abs(sum - (prediction?.margin ?? NaN))).toBeLessThan(1e-5);
}
