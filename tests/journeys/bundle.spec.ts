import { readFile } from 'node:fs/promises';
import { expect, test, type Download, type Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { digest, expectAllDone, runAll, serveSite } from './site';

const MODEL = 'heart_disease';

async function bytesOf(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

async function menu(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: 'Models and workspace' }).click();
  await page.getByTestId(entry).click();
}

function probability(page: Page, model: string, key: string): Promise<number> {
  return page.evaluate(
    async ([name, entity]) => (await window.glasshouse.predict(name ?? '', entity ?? '')).probability,
    [model, key],
  );
}

test('a workspace is exported, imported into a fresh profile, and predicts the same', async ({ page, browser }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await runAll(page, { seed: 7, rows: 3000, evals: 2 });
  const [key = ''] = await page.evaluate(() => window.glasshouse.findKeys('heart_disease', ''));
  const was = await probability(page, MODEL, key);

  await page.getByTestId('stage-registry').click();
  await page.getByRole('tab', { name: /Versions/ }).click();
  await page.getByRole('button', { name: 'Take v1 away' }).click();
  const [folder] = await Promise.all([page.waitForEvent('download'), page.getByTestId('take-v1-mlflow').click()]);
  expect(folder.suggestedFilename()).toBe('heart_disease-v1-mlflow.zip');
  const files = unzipSync(await bytesOf(folder));
  expect(strFromU8(files['MLmodel'] ?? new Uint8Array())).toContain('loader_module: "mlflow.xgboost"');

  await menu(page, 'export-workspace');
  const [taken] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-workspace-go').click()]);
  await expect(page.getByTestId('export-said')).toContainText('glasshouse-workspace.zip');
  const bundle = await bytesOf(taken);
  const exported = await digest(page);

  const context = await browser.newContext();
  const fresh = await context.newPage();
  await fresh.goto(site.url);
  await expect(fresh.getByTestId('stage-monitoring')).toBeVisible();
  await menu(fresh, 'import-bundle');
  const torn = { name: 'torn.zip', mimeType: 'application/zip', buffer: bundle.subarray(0, bundle.length - 500) };
  await fresh.getByTestId('choose-bundle').setInputFiles(torn);
  await expect(fresh.getByTestId('import-dialog')).toContainText('it was cut short');
  await fresh.getByTestId('choose-bundle').setInputFiles({ ...torn, name: 'ws.zip', buffer: bundle });
  await expect(fresh.getByTestId('bundle-facts')).toContainText('a whole workspace');
  await fresh.getByTestId('import-go').click();
  await expect(fresh.getByTestId('import-dialog')).toHaveCount(0);
  await expectAllDone(fresh);
  expect(await digest(fresh)).toBe(exported);
  expect(await probability(fresh, MODEL, key)).toBe(was);

  await menu(fresh, 'import-bundle');
  await fresh.getByTestId('choose-bundle').setInputFiles({ ...torn, name: 'ws.zip', buffer: bundle });
  await expect(fresh.getByTestId('bundle-model-heart_disease')).toContainText('has a model heart_disease already');
  await fresh.getByTestId('import-as-heart_disease').fill('Wrong name');
  await fresh.getByTestId('import-go').click();
  await expect(fresh.getByTestId('import-dialog')).toContainText('cannot name a model');
  await fresh.getByTestId('import-as-heart_disease').fill('heart_copy');
  await fresh.getByTestId('import-go').click();
  await expect(fresh.getByTestId('import-dialog')).toHaveCount(0);
  await expect(fresh.getByTestId('model-picker')).toHaveValue('heart_copy');
  expect(await probability(fresh, 'heart_copy', key)).toBe(was);
  expect(await probability(fresh, MODEL, key)).toBe(was);
  await fresh.reload();
  await expectAllDone(fresh);
  await context.close();
  await site.stop();
});
