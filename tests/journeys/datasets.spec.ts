import { expect, test, type Page } from '@playwright/test';
import { expectAllDone, runAll, serveSite } from './site';

const SLOW = 'SELECT count(*) FROM range(1000000) AS a(i), range(1000000) AS b(j) WHERE (i * j) % 7 = 3';

async function ask(page: Page, sql: string): Promise<void> {
  await page.getByTestId('sql').fill(sql);
  await page.getByTestId('sql').press('Control+Enter');
}

async function goTo(page: Page, stage: string, tab: string): Promise<void> {
  await page.getByTestId(`stage-${stage}`).click();
  await page.getByTestId(`tab-${tab}`).click();
}

test('statements are answered, drawn, refused and stopped; joins are saved and their lineage walked', async ({
  page,
}) => {
  const site = await serveSite();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(site.url);
  await runAll(page, { seed: 3, rows: 2000, evals: 2 });
  await expectAllDone(page);

  await test.step('a statement over a table, a view and its chart', async () => {
    await goTo(page, 'data', 'sql');
    await ask(
      page,
      "SELECT date_trunc('month', event_timestamp) AS month, count(*) AS rows\nFROM visits GROUP BY month ORDER BY month",
    );
    await expect(page.getByTestId('sql-total')).toContainText(/\d+ rows in/);
    await page.getByText('Chart', { exact: true }).click();
    await expect(page.getByRole('img', { name: 'rows by month' })).toBeVisible();
    await ask(page, 'SELECT 9007199254740993 AS big, resting_bp FROM vitals LIMIT 1');
    await page.getByText('Table', { exact: true }).click();
    await expect(page.getByRole('region', { name: 'Answer' })).toContainText('9007199254740993');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('button', { name: 'Take the answer away' })
        .click()
        .then(() => page.getByText('All rows as Parquet').click()),
    ]);
    expect(file.suggestedFilename()).toBe('result.parquet');
  });

  await test.step('a fault says where, and the next statement works', async () => {
    await ask(page, 'SELECT count(*)\nFROM visit');
    await expect(page.getByTestId('error-message')).toContainText(
      'Line 2, column 6: there is no table "visit"; did you mean "visits"?',
    );
    await page.getByText('Go there').click();
    expect(await page.getByTestId('sql').evaluate((editor: HTMLTextAreaElement) => editor.selectionStart)).toBe(21);
    await ask(page, 'DELETE FROM visits');
    await expect(page.getByTestId('error-message')).toContainText(
      'this only reads, and "DELETE" would change something',
    );
  });

  await test.step('a long statement is stopped and the next is answered', async () => {
    await ask(page, SLOW);
    await page.waitForTimeout(1500);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByTestId('error-message')).toContainText('The statement was stopped');
    await ask(page, 'SELECT count(*) AS n FROM visits');
    await expect(page.getByTestId('sql-total')).toContainText('1 row in');
  });

  await test.step('a join is looked at, saved and found by SQL', async () => {
    await goTo(page, 'features', 'datasets');
    await page.getByRole('button', { name: 'Join and look' }).click();
    await expect(page.getByTestId('join-answer')).toContainText('mode leak_safe');
    await page.getByLabel('Name of the data set').fill('now');
    await page.getByRole('button', { name: 'Save all rows as' }).click();
    await expect(page.getByTestId('datasets')).toContainText('now');
    await page.reload();
    await expect(page.getByTestId('datasets')).toContainText('now');
    await goTo(page, 'data', 'sql');
    await ask(page, 'SELECT count(*) = count(DISTINCT patient_id) AS once FROM now');
    await expect(page.getByRole('region', { name: 'Answer' })).toContainText('true');
  });

  await test.step('lineage is walked by keyboard from a version back to a file', async () => {
    await goTo(page, 'features', 'lineage');
    const version = page.getByRole('button', { name: 'Model versions: v1, in use now' });
    await version.focus();
    await version.press('Enter');
    await expect(page.getByTestId('lineage-facts')).toContainText('champion');
    for (let steps = 0; steps < 5; steps++) await page.keyboard.press('ArrowLeft');
    await expect(page.getByTestId('lineage-facts')).toContainText('first load');
    await page.getByRole('button', { name: 'Open in Data' }).click();
    await expect(page.getByTestId('tab-partitions')).toHaveAttribute('aria-selected', 'true');
  });

  expect(errors).toEqual([]);
  await site.stop();
});
