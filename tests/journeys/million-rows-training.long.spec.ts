import { expect, test } from '@playwright/test';
import { digest, openOptions, serveSite, takeLongTasks, waitIdle, watchLongTasks } from './site';

/** One tree of a million rows takes about a tenth of a second; the rest is messages between four threads. */
const CANCEL_MS = 1500;

test('training on 1,000,000 rows shows live curves while the page answers, and cancels within a tree', async ({
  page,
}) => {
  test.setTimeout(1_200_000);
  const site = await serveSite();
  await watchLongTasks(page);
  await page.goto(`${site.url}#/heart_disease/training`);
  await page.evaluate(() =>
    window.glasshouse.run('heart_disease', { seed: 7, rows: 1_000_000, stages: ['data', 'features'] }),
  );
  await openOptions(page);
  await page.getByTestId('evals-input').fill('1');
  const before = await digest(page);
  await takeLongTasks(page);
  await page.getByTestId('stage-training').click();
  await page.getByTestId('run-stage').first().click();
  const live = page.getByTestId('live-fit');
  await expect(live).toBeVisible({ timeout: 600_000 });
  await expect(live).toContainText(/(tree|epoch) \d+ of \d+/);
  const label = () => live.locator('h3').textContent();
  const first = await label();
  await expect.poll(label).not.toBe(first);
  await expect(live.locator('svg[aria-label]')).toBeVisible();

  const clicked = Date.now();
  await page.getByTestId('cancel').first().click();
  await waitIdle(page, 60_000);
  const waited = Date.now() - clicked;
  const tasks = await takeLongTasks(page);
  console.log(
    `cancelled after ${waited} ms at "${first}"; main-thread tasks over 50 ms: ${tasks.join(', ') || 'none'}`,
  );
  expect(waited).toBeLessThan(CANCEL_MS);
  expect(await digest(page)).toBe(before);
  expect(tasks).toEqual([]);
  await site.stop();
});
