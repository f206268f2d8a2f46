import { mkdtempSync, openSync, closeSync, ftruncateSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serveSite } from './site';

/** The first raw table of a small run, as a file. */
const TAKE = async (format: string) => {
  await window.glasshouse.run('heart_disease', { seed: 4, rows: 2000, stages: ['data'] });
  return Array.from(
    (await window.glasshouse.exportTable('heart_disease', 'visits', format as 'parquet' | 'arrow')).bytes,
  );
};

for (const format of ['parquet', 'arrow'] as const) {
  test(`a dropped .${format} file becomes a model; cut in half it is refused`, async ({ page }) => {
    const site = await serveSite();
    await page.goto(site.url);
    const buffer = Buffer.from(await page.evaluate(TAKE, format));
    const drop = (name: string, content: Buffer) =>
      page
        .getByTestId('file-input')
        .first()
        .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: content });
    await drop(`half.${format}`, buffer.subarray(0, buffer.length >> 1));
    await expect(page.getByTestId('error-message').first()).toContainText(/half\..*cut short/);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await drop(`visits.${format}`, buffer);
    const dialog = page.getByTestId('file-dialog');
    await expect(dialog.getByTestId('file-facts')).toContainText(
      `2,000 rows, 10 columns; ${format === 'arrow' ? 'Arrow' : 'Parquet'}`,
    );
    await dialog.getByTestId('label-select').selectOption('exercise_angina');
    await dialog.getByText('The table has a key or a time').click();
    await dialog.getByLabel('Time column').selectOption('event_timestamp');
    await dialog.getByTestId('create-model').click();
    await expect(dialog).toHaveCount(0);
    const rows = await page.evaluate(async () => {
      await window.glasshouse.run('visits', { stages: ['data', 'features'] });
      return (await window.glasshouse.tablePage('visits', 'rows', 0, 1)).total;
    });
    expect(rows).toBe(2000);
    await site.stop();
  });
}

test('a file of 10 GB is refused before it is read', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'glasshouse-'));
  const path = join(folder, 'ten.csv');
  const file = openSync(path, 'w');
  // A file with a hole: it has its size and takes no space.
  ftruncateSync(file, 10_000_000_000);
  closeSync(file);
  const site = await serveSite();
  await page.goto(site.url);
  await page.getByTestId('file-input').first().setInputFiles(path);
  await expect(page.getByTestId('error-message').first()).toContainText('ten.csv has 10.0 GB; at most 2 GB are read');
  await site.stop();
  rmSync(folder, { recursive: true });
});

test('the Storage tab appends a file, checks the store, puts files together and hands a table out', async ({
  page,
}) => {
  const site = await serveSite();
  await page.goto(site.url);
  const buffer = Buffer.from(await page.evaluate(TAKE, 'parquet'));
  await page.goto(`${site.url}#/heart_disease/data`);
  await page.getByRole('tab', { name: /Storage/ }).click();
  await page
    .getByTestId('append-visits')
    .setInputFiles({ name: 'more.parquet', mimeType: 'application/octet-stream', buffer });
  const outcome = page.getByTestId('storage-outcome');
  await expect(outcome).toContainText('2,000 rows of more.parquet added');
  await expect(page.getByTestId('storage-visits')).toContainText('4,000 rows');
  await page.getByTestId('verify-store').click();
  await expect(outcome).toContainText('each is what was written');
  await page.getByTestId('compact-store').click();
  await expect(outcome).toContainText('Rows and digest are the same');
  await page.getByRole('button', { name: 'Take visits as a file' }).click();
  const download = page.waitForEvent('download');
  await page.getByTestId('take-visits-csv').click();
  expect((await download).suggestedFilename()).toBe('heart_disease-visits.csv');
  await site.stop();
});
