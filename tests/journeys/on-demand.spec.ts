import { expect, test } from '@playwright/test';
import { runAll, serveSite, waitIdle } from './site';

test('a function in TypeScript is read, taken into training, and served with its feature', async ({ page }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await runAll(page, { seed: 7, rows: 2000, evals: 1 });
  await page.getByTestId('stage-features').click();
  await page.getByTestId('tab-definitions').click();
  const view = page.getByTestId('view-exertion');
  await expect(view).toContainText('on demand from patient_demographics, vitals');
  await view.getByText('The function, in TypeScript').click();
  await expect(view.locator('pre')).toContainText('const share = reached / (220 - age);');
  await expect(view.getByRole('button', { name: /^Edit/ })).toHaveCount(0);

  await view.getByLabel('The model is trained on heart_rate_share').check();
  await page.getByTestId('plan-definitions').click();
  await expect(page.getByTestId('plan')).toContainText('The model is trained on exertion:heart_rate_share as well.');
  await page.getByTestId('apply-definitions').click();
  await expect(page.getByTestId('applied')).toContainText('Version 1 holds.');
  await page.evaluate(() => window.glasshouse.run('heart_disease', { seed: 8, rows: 2000, maxEvals: 1 }));
  await waitIdle(page);

  const seen = await page.evaluate(async () => {
    const [key = ''] = await window.glasshouse.findKeys('heart_disease', '');
    const features = ['patient_demographics:age', 'vitals:max_heart_rate', 'exertion:heart_rate_share'];
    const call = { entity_rows: [{ patient_id: key }], features };
    const { results } = await window.glasshouse.getOnlineFeatures('heart_disease', call);
    const registry = await window.glasshouse.registryView('heart_disease');
    const newest = registry?.versions.find((version) => version.version === 2);
    return { values: results[0]?.map(({ value }) => Number(value)) ?? [], skew: newest?.decision?.skew };
  });
  const [age = NaN, reached = NaN, share] = seen.values;
  expect(share).toBe(reached / (220 - age));
  expect(seen.skew).toMatchObject({ entities: 100, features: 17, differing: [] });
  await site.stop();
});
