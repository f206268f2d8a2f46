import { expect, test } from '@playwright/test';
import { runAll, serveSite, waitIdle } from './site';

test('a feature is edited in the form, planned, applied, built and taken back; YAML faults have lines', async ({
  page,
}) => {
  const site = await serveSite();
  try {
    await page.goto(site.url);
    await runAll(page, { rows: 2000, evals: 1 });
    await page.getByTestId('stage-features').click();
    await page.getByTestId('tab-definitions').click();

    await page.getByTestId('definitions-search').fill('resting_bp');
    await expect(page.getByTestId('view-labs')).toHaveCount(0);
    await page.getByTestId('definitions-search').fill('');
    await page.getByTestId('add-feature-vitals').click();
    await page.getByTestId('field-name').fill('heart_rate_reserve');
    await page.getByTestId('field-expression').fill('220 - max_hart_rate');
    await page.getByTestId('save-feature').click();
    await page.getByTestId('plan-definitions').click();
    await expect(page.getByTestId('error-message')).toContainText('Did you mean "max_heart_rate"?');

    // What was typed survives a fault and a reload.
    await page.reload();
    await page.getByRole('button', { name: 'Edit heart_rate_reserve' }).click();
    await page.getByTestId('field-expression').fill('220 - max_heart_rate');
    await page.getByTestId('save-feature').click();
    await page.getByTestId('plan-definitions').click();
    const plan = page.getByTestId('plan');
    await expect(plan).toContainText('schema.heart_rate_reserve');
    await expect(plan).toContainText('The model is trained on vitals:heart_rate_reserve as well.');
    await page.getByTestId('apply-message').fill('reserve of the heart rate');
    await page.getByTestId('apply-definitions').click();
    await expect(page.getByTestId('applied')).toContainText('Version 1 holds.');
    await page.getByTestId('run-features').click();
    await waitIdle(page);
    await page.getByTestId('tab-coverage').click();
    await expect(page.getByText('heart_rate_reserve')).not.toHaveCount(0);

    await page.getByTestId('tab-definitions').click();
    await page.getByText('YAML', { exact: true }).click();
    const yaml = page.getByTestId('definitions-yaml');
    const text = await yaml.inputValue();
    const broken = text.replace('source: lab_results', 'source: lab_result');
    await yaml.fill(broken);
    await page.getByTestId('plan-definitions').click();
    const line = broken.slice(0, broken.indexOf('- name: labs')).split('\n').length;
    await expect(page.getByTestId('yaml-faults')).toContainText(`Line ${line}`);
    await expect(yaml).toHaveValue(broken);
    await page.getByRole('button', { name: 'Start over' }).click();
    await expect(yaml).toHaveValue(text);

    // The champion keeps its features.
    await yaml.fill(text.replace(/ {6}- name: thal\n(?: {8}.*\n)+/, '').replace(/ {6}- labs:thal\n/, ''));
    await page.getByTestId('plan-definitions').click();
    await expect(plan).toContainText('is trained on labs:thal, which would disappear');
    await expect(page.getByTestId('apply-definitions')).toBeDisabled();
    await page.getByRole('button', { name: 'Start over' }).click();

    await page.getByText('History', { exact: false }).first().click();
    await expect(page.getByTestId('definitions-history')).toContainText('reserve of the heart rate');
    await page.getByTestId('go-back-0').click();
    await expect(page.getByTestId('applied')).toContainText('Version 2 holds.');
    await page.getByTestId('run-features').click();
    await waitIdle(page);
    await page.getByTestId('tab-coverage').click();
    await expect(page.getByText('heart_rate_reserve')).toHaveCount(0);

    await page.getByTestId('tab-definitions').click();
    const download = page.waitForEvent('download');
    await page.getByTestId('export-feast').click();
    expect((await download).suggestedFilename()).toBe('heart_disease-feast.zip');
  } finally {
    await site.stop();
  }
});
