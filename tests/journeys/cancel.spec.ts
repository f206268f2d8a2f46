import { expect, test } from '@playwright/test';
import { digest, openOptions, runAll, serveSite, STAGES } from './site';

test('Cancel leaves every store as it was, in each stage', async ({ page }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await runAll(page, { seed: 3, rows: 4000, evals: 4 });
  for (const stage of STAGES) {
    const before = await digest(page);
    const outcome = await page.evaluate(async (name) => {
      const controller = new AbortController();
      try {
        await window.glasshouse.run(
          'heart_disease',
          { seed: 99, rows: 6000, maxEvals: 6, stages: [name] },
          () => controller.abort(),
          controller.signal,
        );
        return 'finished';
      } catch (error) {
        return error instanceof Error ? error.name : String(error);
      }
    }, stage);
    console.log(`${stage}: ${outcome}`);
    // A registry stage with nothing new to register has nothing to cancel and changes nothing.
    if (stage !== 'registry') expect(outcome, stage).toBe('AbortError');
    expect(await digest(page), stage).toBe(before);
  }
  await site.stop();
});

test('the Cancel button stops a training run and a simulated window', async ({ page }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await runAll(page, { seed: 3, rows: 20_000, evals: 2 });
  const before = await digest(page);
  await openOptions(page);
  await page.getByTestId('evals-input').fill('500');
  await page.getByTestId('stage-training').click();
  await page.getByTestId('run-stage').click();
  await page.getByTestId('cancel').first().click();
  await expect(page.getByTestId('cancel')).toHaveCount(0);
  expect(await digest(page)).toBe(before);
  await page.getByTestId('stage-monitoring').click();
  await page.getByTestId('scenario-older_patients').click();
  await page.getByTestId('cancel').first().click();
  await expect(page.getByTestId('cancel')).toHaveCount(0);
  expect(await digest(page)).toBe(before);
  await site.stop();
});

test('a challenger waiting in the registry is cancelled before it is registered', async ({ page }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await runAll(page, { seed: 3, rows: 4000, evals: 2 });
  await page.evaluate(() => window.glasshouse.run('heart_disease', { seed: 4, maxEvals: 2, stages: ['training'] }));
  const before = await digest(page);
  const outcome = await page.evaluate(async () => {
    const controller = new AbortController();
    controller.abort();
    return window.glasshouse.run('heart_disease', { seed: 4, stages: ['registry'] }, undefined, controller.signal).then(
      () => 'finished',
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
  });
  expect(outcome).toBe('AbortError');
  expect(await digest(page)).toBe(before);
  await site.stop();
});
