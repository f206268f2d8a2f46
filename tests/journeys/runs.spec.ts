import { expect, test } from '@playwright/test';
import { runAll, serveSite } from './site';

test('runs are found, compared, put in the trash and taken out, and deleted for good', async ({ page }) => {
  const site = await serveSite();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(site.url);
  await runAll(page, { rows: 2000, evals: 2 });
  await page.evaluate(() =>
    window.glasshouse.run('heart_disease', { seed: 4, rows: 2000, maxEvals: 2, stages: ['training'] }),
  );
  await page.getByTestId('stage-training').click();
  await page.getByTestId('tab-runs').click();
  const filter = page.getByTestId('run-filter');
  const rows = page.getByTestId('runs').locator('tbody tr');
  const total = page.getByTestId('runs-total');
  await expect(total).toHaveText(/^6 runs\./);

  await test.step('found by a filter, ordered by a column', async () => {
    await filter.fill("tags.glasshouse.kind = 'mlp' OR (seed = 4 AND metrics.holdout.roc_auc > 0.5)");
    await expect(total).toContainText('4 of 6 runs');
    const head = page.getByRole('columnheader', { name: 'holdout.roc_auc' });
    await head.getByRole('button').click();
    await expect(head).toHaveAttribute('aria-sort', 'descending');
    const column = await head.evaluate((cell: HTMLTableCellElement) => cell.cellIndex);
    const scores = () => rows.locator(`:nth-child(${column + 1})`).allTextContents();
    await expect.poll(async () => (await scores()).join()).toMatch(/^(0\.\d{4},?){4}$/);
    expect(await scores()).toEqual((await scores()).toSorted().reverse());
  });

  await test.step('a fault stands under the filter with its place, and the rows stay', async () => {
    await filter.fill('seed = 4 AND metrics.holdout.roc_auc >> 0.5');
    await expect(page.getByTestId('filter-fault')).toContainText('at character 38: ">>" is no comparator');
    await expect(page.getByTestId('filter-fault').locator('mark')).toHaveText('>>');
    await page.getByRole('button', { name: 'Go to the place in the filter' }).click();
    expect(await filter.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(37);
    await expect(rows).toHaveCount(4);
    await filter.fill('');
    await expect(page.getByTestId('filter-fault')).toHaveCount(0);
    await expect(total).toHaveText(/^6 runs\./);
  });

  await test.step('columns are chosen, and the view is kept over a reload', async () => {
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByLabel('min of holdout.logloss').check();
    await page.getByLabel('max_depth', { exact: true }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    await filter.fill("params.max_depth > 0 AND dataset.name LIKE 'heart%'");
    await expect(total).toContainText('2 of 6 runs');
    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByLabel('Name of the view').fill('trees');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await filter.fill('');
    await page.reload();
    await page.getByRole('button', { name: 'trees', exact: true }).click();
    await expect(total).toContainText('2 of 6 runs');
    await expect(page.getByRole('columnheader', { name: 'min holdout.logloss' })).toBeVisible();
  });

  await test.step('compared side by side', async () => {
    await filter.fill("tags.glasshouse.kind = 'xgboost'");
    await expect(total).toContainText('2 of 6 runs');
    await page.getByLabel('Choose all runs found').check();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    const compared = page.getByTestId('compare');
    await expect(compared).toContainText('2 runs side by side');
    await expect(compared.getByRole('row', { name: /holdout\.roc_auc/ })).toBeVisible();
    await expect(compared.getByRole('row', { name: /^objective/ })).toHaveCount(0);
    await compared.getByLabel('also what is the same').check();
    await expect(compared.getByRole('row', { name: /^objective/ })).toBeVisible();
    await expect(compared.getByRole('img', { name: /by step of 2 runs/ })).toBeVisible();
    await expect(compared.getByRole('img', { name: 'ROC of 2 runs' })).toBeVisible();
    await compared.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Choose none' }).click();
  });

  await test.step('to the trash and back; what is needed is not deleted', async () => {
    await filter.fill('');
    await expect(total).toHaveText(/^6 runs\./);
    await page.getByLabel('Choose all runs found').check();
    await page.getByRole('button', { name: 'Move to trash' }).click();
    await expect(page.getByTestId('runs-said')).toHaveText('6 runs moved to the trash.');
    await page.locator('label', { hasText: 'Trash' }).click();
    await expect(total).toHaveText(/^6 runs\./);
    await filter.fill("seed = 7 AND tags.glasshouse.kind = 'logistic'");
    await expect(total).toContainText('1 of 6');
    await page.getByLabel('Choose all runs found').check();
    await page.getByRole('button', { name: 'Restore' }).click();
    await expect(page.getByTestId('runs-said')).toHaveText('1 run restored.');
    await filter.fill('');
    await expect(total).toHaveText(/^5 runs\./);
    await page.getByLabel('Choose all runs found').check();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    const dialog = page.getByTestId('delete-runs');
    await expect(dialog).toContainText(/3 runs with their metrics[\s\S]*frees [\d.]+ [kM]B/);
    await expect(dialog).toContainText('is version 1 of heart_disease');
    await expect(dialog).toContainText('the result that the Training stage shows');
    await page.getByTestId('delete-go').click();
    await expect(page.getByTestId('runs-said')).toContainText(/3 runs deleted for good; [\d.]+ [kM]B freed/);
    await expect(total).toHaveText(/^2 runs\./);
  });

  expect(errors).toEqual([]);
  await site.stop();
});
