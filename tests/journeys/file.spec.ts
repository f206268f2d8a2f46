import { expect, test } from '@playwright/test';
import { expectAllDone, openOptions, serveSite, STAGES, waitIdle } from './site';

test('someone drops the Cleveland table and takes it through the lifecycle', async ({ page }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await page.getByTestId('file-input').first().setInputFiles('static/heart_cleveland.csv');
  const dialog = page.getByTestId('file-dialog');
  await expect(dialog).toContainText('303');
  await dialog.getByTestId('label-select').selectOption('num');
  await dialog.getByTestId('positive-rule').fill('> 0');
  await dialog.getByTestId('create-model').click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByTestId('model-picker')).toContainText(/cleveland/i);
  await openOptions(page);
  await page.getByTestId('seed-input').fill('1');
  await page.getByTestId('run-all').click();
  await expect(page.getByTestId('cancel').first()).toBeVisible();
  await waitIdle(page);
  await expectAllDone(page);
  for (const stage of STAGES) {
    await page.getByTestId(`stage-${stage}`).click();
    await expect(page.getByTestId('stage-sentence')).not.toBeEmpty();
  }
  await expect(page.getByTestId('stage-sentence')).toContainText('no time column');
  const auc = await page.evaluate(
    async () => (await window.glasshouse.trainingView('heart_cleveland'))?.evaluation.metrics.roc_auc,
  );
  console.log(`Cleveland hold-out ROC-AUC, seed 1: ${auc?.value.toFixed(3)} (n = ${auc?.n})`);
  expect(auc?.value).toBeGreaterThan(0.75);
  await page.reload();
  await expect(page.getByTestId('model-picker')).toContainText(/cleveland/i);
  await expectAllDone(page);
  await site.stop();
});

const BAD: readonly { readonly name: string; readonly body: string | Buffer; readonly says: RegExp }[] = [
  { name: 'empty.csv', body: 'a,b\n', says: /no rows/i },
  { name: 'one-column.csv', body: 'a\n1\n2\n', says: /one column|single column/i },
  {
    name: 'wide.csv',
    body: `${Array.from({ length: 2500 }, (_, i) => `c${i}`).join(',')}\n`,
    says: /2,500 columns; at most 2,000/,
  },
];

for (const { name, body, says } of BAD) {
  test(`${name} is refused with a sentence and nothing is stored`, async ({ page }) => {
    const site = await serveSite();
    await page.goto(site.url);
    const before = await page.evaluate(() => window.glasshouse.digest());
    await page
      .getByTestId('file-input')
      .first()
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(body) });
    await expect(page.getByTestId('error-message').first()).toContainText(says);
    expect(await page.evaluate(() => window.glasshouse.digest())).toBe(before);
    await site.stop();
  });
}

test('a label with one class is refused where the label is used, and the other stores stay', async ({ page }) => {
  const site = await serveSite();
  await page.goto(site.url);
  const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 7},yes`).join('\n');
  const message = await page.evaluate(async (text) => {
    const bytes = new TextEncoder().encode(text);
    try {
      const model = await window.glasshouse.createModel({ fileName: 'one.csv', bytes, label: 'y', positive: '== yes' });
      await window.glasshouse.run(model, { seed: 1 });
      return 'no error';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }, `a,b,y\n${rows}\n`);
  console.log(message);
  expect(message).toMatch(/class|positive|outcome/i);
  await site.stop();
});
