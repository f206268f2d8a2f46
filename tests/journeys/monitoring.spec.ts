import { expect, test } from '@playwright/test';
import { takePicture } from './pictures';
import { runAll, serveSite, waitIdle } from './site';

const SCENARIOS = [
  { name: 'older_patients', check: 'dataset_drift', action: /pipeline/i },
  { name: 'higher_risk_mix', check: 'prediction_drift', action: /check the model/i },
  { name: 'prevalence_up', check: 'target_drift', action: /retrain/i },
] as const;

test('each scenario raises its own verdict with an action, and retraining closes the loop', async ({ page }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await runAll(page, { seed: 7, rows: 30000, evals: 8 });
  for (const { name, check, action } of SCENARIOS) {
    await page.getByTestId('stage-monitoring').click();
    await page.getByTestId(`scenario-${name}`).click();
    await expect(page.getByTestId('cancel').first()).toBeVisible();
    await waitIdle(page);
    const verdict = page.getByTestId(`verdict-${check}`);
    await expect(verdict).toHaveAttribute('data-drifted', 'true');
    await expect(verdict).toContainText(action);
    console.log(`${name}: ${await page.getByTestId('stage-sentence').textContent()}`);
  }
  await takePicture(page, 'monitoring');
  await page.getByTestId('retrain').click();
  await expect(page.getByTestId('cancel').first()).toBeVisible();
  await waitIdle(page);
  await page.getByTestId('stage-registry').click();
  const registry = await page.evaluate(() => window.glasshouse.registryView('heart_disease'));
  const newest = registry?.versions.reduce((a, b) => (b.version > a.version ? b : a));
  console.log(`retrained: ${newest?.decision?.reason}`);
  expect(newest?.version).toBe(2);
  expect(newest?.decision?.judged_on).toContain('newest labelled window');
  expect(['awaiting_approval', 'archived']).toContain(newest?.decision?.verdict);
  if (newest?.decision?.verdict === 'awaiting_approval') {
    await expect(page.getByTestId('approve')).toBeVisible();
    await takePicture(page, 'registry');
    await page.getByTestId('decision-reason').fill('The newest window says so.');
    await page.getByTestId('approve').click();
    await expect(page.getByTestId('stage-registry')).toContainText('champion');
    const after = await page.evaluate(() => window.glasshouse.registryView('heart_disease'));
    expect(after?.aliases).toEqual({ champion: 2 });
    expect(after?.versions.find((version) => version.version === 1)?.tags['status']).toBe('archived');
  }
  await site.stop();
});
