import { expect, test, type Page } from '@playwright/test';
import { openOptions, serveSite, waitIdle } from './site';

const EVALS = 26;

async function start(page: Page, url: string): Promise<void> {
  await page.goto(`${url}#/heart_disease/training`);
  await openOptions(page);
  await page.getByTestId('rows-input').fill('3000');
  await page.getByTestId('evals-input').fill(String(EVALS));
}

function trialsOf(page: Page) {
  return page.evaluate(async () => {
    const newest = await window.glasshouse.trainingView('heart_disease');
    const trees = newest?.runs.find((run) => run.tags['glasshouse.kind'] === 'xgboost');
    const study = (await window.glasshouse.trainingView('heart_disease', trees?.run_id))?.study;
    return { best: study?.bestTrial, trials: study?.trials.map(({ params, loss }) => [params, loss]) };
  });
}

test('a search cut off by a closed tab goes on where it stood, and ends as one that was not', async ({ browser }) => {
  test.setTimeout(240_000);
  const site = await serveSite();
  const context = await browser.newContext();
  const page = await context.newPage();
  await start(page, site.url);
  await page.getByTestId('run-stage').first().click();
  await expect(page.getByTestId('live-study')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('stage-sentence')).toContainText(/configuration (9|1\d) of/, { timeout: 60_000 });
  await page.close();

  const again = await context.newPage();
  await start(again, site.url);
  await expect(again.getByTestId('search-under-way')).toContainText(/cut off after \d+ of 26 configurations/);
  const waiting = await again.evaluate(() => window.glasshouse.searchUnderWay('heart_disease'));
  expect(waiting?.ended).toBeGreaterThan(4);
  await again.getByTestId('run-stage').first().click();
  await expect(again.getByTestId('cancel').first()).toBeVisible();
  await waitIdle(again);
  await expect(again.getByTestId('search-under-way')).toHaveCount(0);
  const resumed = await trialsOf(again);
  expect(resumed.trials).toHaveLength(EVALS);

  const fresh = await (await browser.newContext()).newPage();
  await start(fresh, site.url);
  await fresh.getByTestId('run-stage').first().click();
  await expect(fresh.getByTestId('cancel').first()).toBeVisible();
  await waitIdle(fresh);
  expect(await trialsOf(fresh)).toEqual(resumed);
  await site.stop();
});

test('a search is finished with the best so far', async ({ page }) => {
  const site = await serveSite();
  await start(page, site.url);
  await page.getByTestId('run-stage').first().click();
  await page.getByTestId('finish-search').click({ timeout: 60_000 });
  await waitIdle(page);
  const { trials } = await trialsOf(page);
  expect(trials?.length).toBeGreaterThan(0);
  expect(trials?.length).toBeLessThan(EVALS);
  await site.stop();
});
