import { expect, test } from '@playwright/test';
import { runAll, serveSite } from './site';

/** Nothing from elsewhere, and no code made from text: what the worker that trains is held to. */
const STRICT = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

function policyOf(path: string): Record<string, string> {
  return path.includes('training.worker') ? { 'content-security-policy': STRICT } : {};
}

test('the tab trains other kinds of models beside the trees and shows them, its trainer under a strict content policy', async ({
  page,
}) => {
  const site = await serveSite(undefined, policyOf);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url) && !/^(blob|data):/.test(request.url())) foreign.push(request.url());
  });
  await page.goto(site.url);
  await runAll(page, { seed: 7, rows: 4000, evals: 2 });

  await page.getByTestId('stage-training').click();
  await expect(page.getByTestId('stage-sentence')).toContainText(/by log loss on validation rows/);
  await page.getByRole('tab', { name: /Kinds/ }).click();
  const rows = page.getByTestId('rivals').locator('tbody tr');
  await expect(rows).toHaveCount(3);
  await expect(rows).toContainText(['Boosted trees', 'Logistic regression', 'Multilayer perceptron']);
  for (const row of await rows.all()) await expect(row).toContainText(/0\.\d{3} to 0\.\d{3}/);
  await rows.nth(2).getByRole('button').click();
  await expect(page.getByText('learned from the same rows')).toBeVisible();
  await page.getByRole('tab', { name: /Runs/ }).click();
  await expect(page.locator('tr[aria-selected="true"]')).toContainText('heart_disease-mlp-seed-7');

  const rivals = await page.evaluate(async () => {
    const view = await window.glasshouse.trainingView('heart_disease');
    const { rows } = await window.glasshouse.searchRuns({
      models: ['heart_disease'],
      columns: ['tags.glasshouse.backend'],
    });
    return { backends: rows.map(({ cells }) => cells[0]).toSorted(), kinds: view?.rivals.map((rival) => rival.kind) };
  });
  expect(rivals).toEqual({ backends: ['tfjs-wasm', 'tfjs-wasm', 'wasm'], kinds: ['xgboost', 'logistic', 'mlp'] });
  await page.getByTestId('stage-registry').click();
  await page.getByRole('tab', { name: /Versions/ }).click();
  await expect(page.getByTestId('versions')).toContainText(/Boosted trees|Logistic regression|Multilayer perceptron/);
  expect(foreign).toEqual([]);
  expect(errors).toEqual([]);
  await site.stop();
});
