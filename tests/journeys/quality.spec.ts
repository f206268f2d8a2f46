import { expect, test } from '@playwright/test';
import { runAll, serveSite, waitIdle } from './site';

test('quality is shown by feature, and serving that is broken on purpose is told everywhere and refused', async ({
  page,
}) => {
  const site = await serveSite();
  await page.goto(site.url);
  await runAll(page, { seed: 7, rows: 3000, evals: 2 });
  await page.getByTestId('stage-features').click();
  await expect(page.locator('[data-fact="freshness"]')).toContainText('at most 60 days expected');
  await page.getByTestId('tab-quality').click();
  await expect(page.getByTestId('freshness-vitals')).toContainText('fresh');
  await expect(page.getByTestId('quality-failures')).toHaveCount(0);
  const bp = page.getByTestId('quality-resting_bp');
  await expect(bp).toContainText('40 to 260');
  await expect(bp.getByText('passed:').first()).toBeAttached();
  await expect(bp.getByRole('img')).toHaveAttribute('aria-label', /^resting_bp: \d+ different values/);

  const checks = page.getByRole('radiogroup', { name: 'Past checks' }).getByRole('radio');
  await expect(checks).toHaveCount(2);
  await expect(page.getByTestId('check-found')).toContainText('On materialize');
  await checks.nth(1).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('check-found')).toContainText('On ingest');
  await expect(page.getByTestId('check-found')).toContainText('expectations held, n = ');

  await page.getByTestId('quality-search').fill('CHOL');
  await expect(page.locator('tr[data-testid^="quality-"]')).toHaveCount(3);

  await page.getByTestId('tab-skew').click();
  await expect(page.getByTestId('skew-verdict')).toContainText('no feature differs');
  await expect(page.getByTestId('skew-verdict')).toContainText('n = 100 entities');
  await page.getByTestId('fault-feature').selectOption('vitals:resting_bp');
  await page.getByTestId('fault-kind').selectOption('unit');
  await page.getByTestId('fault-on').click();
  await expect(page.getByTestId('serving-fault').first()).toContainText('vitals:resting_bp is served in another unit');
  await expect(page.getByTestId('skew-verdict')).toContainText('1 of 16 features differ');
  await expect(page.getByTestId('skew-resting_bp')).toContainText(/differs for \d+ of 100/);
  await page.getByText('Chosen keys').click();
  await page.getByTestId('skew-keys').fill('PT00001, nobody');
  await page.getByTestId('skew-go').click();
  await expect(page.getByTestId('error-message')).toContainText('There is no patient_id "nobody"');
  await expect(page.getByTestId('skew-keys')).toHaveValue('PT00001, nobody');
  await page.getByTestId('skew-keys').fill('PT00001');
  await page.getByTestId('skew-go').click();
  await expect(page.getByTestId('skew-resting_bp')).toContainText('differs for 1 of 1');

  await page.getByTestId('stage-inference').click();
  await expect(page.getByTestId('serving-fault')).toContainText('Serving is broken on purpose');
  await page.getByTestId('stage-training').click();
  await page.evaluate(() =>
    window.glasshouse.run('heart_disease', { seed: 8, maxEvals: 2, stages: ['training', 'registry'] }),
  );
  await waitIdle(page);
  await page.getByTestId('stage-registry').click();
  await expect(page.getByTestId('stage-sentence')).toContainText('Refused: 1 of 16 features');
  await expect(page.getByTestId('stage-sentence')).toContainText('resting_bp differs for');

  await page.getByTestId('stage-inference').click();
  await page.getByTestId('serving-fault-off').click();
  await expect(page.getByTestId('serving-fault')).toHaveCount(0);
  await page.getByTestId('stage-features').click();
  await page.getByTestId('tab-skew').click();
  await expect(page.getByTestId('skew-verdict')).toContainText('no feature differs');
  await site.stop();
});
