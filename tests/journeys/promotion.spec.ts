import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { withPolicy } from './policy';
import { runAll, serveSite, waitIdle } from './site';

const MODEL = 'heart_disease';

async function downloaded(page: Page, testId: string): Promise<{ readonly name: string; readonly text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(testId).click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

test('a version fails a gate, passes it, is promoted and rolled back, and all of it can be proved', async ({
  page,
}) => {
  const site = await serveSite(withPolicy);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(site.url);
  await runAll(page, { seed: 7, rows: 4000, evals: 1 });

  await page.evaluate(async (model) => {
    await window.glasshouse.setServingFault(model, { feature: 'vitals:resting_bp', kind: 'unit' });
    await window.glasshouse.run(model, { seed: 7, maxEvals: 1, stages: ['training', 'registry'] });
  }, MODEL);
  await page.getByTestId('stage-registry').click();
  await expect(page.getByTestId('stage-sentence')).toContainText('Refused');
  const failed = page.getByTestId('gates').locator('tr[data-passed="false"]');
  await expect(failed).toHaveCount(1);
  await expect(failed).toContainText('Served as trained');
  await expect(failed).toContainText('resting_bp');
  for (const gate of ['improvement', 'fairness', 'calibration', 'slices', 'schema', 'model_size', 'latency']) {
    await expect(
      page.getByTestId('gates').locator(`tr[data-gate="${gate}"][data-passed="true"]`).first(),
    ).toBeVisible();
  }

  await page.evaluate((model) => window.glasshouse.setServingFault(model, null), MODEL);
  await page.getByTestId('tab-version').click();
  await page.getByTestId('judge-again').click();
  await waitIdle(page);
  await expect(page.getByTestId('gates').locator('tr[data-passed="false"]')).toHaveCount(0);
  await page.getByTestId('decision-reason').fill('Serves as it was trained again.');
  await page.getByTestId('approve').click();
  await expect(page.getByTestId('stage-registry')).toContainText('v2');
  await expect(page.getByTestId('stage-registry')).toContainText('champion');

  await page.getByTestId('roll-back').click();
  await expect(page.getByTestId('error-message')).toContainText('Write one sentence why');
  await page.getByTestId('roll-back-reason').fill('More false alarms since Monday.');
  await page.getByTestId('roll-back').click();
  await expect(page.getByTestId('stage-sentence')).toContainText('v1 is champion again');
  await page.getByTestId('tab-champions').click();
  const reigns = page.getByTestId('reigns').locator('tbody tr');
  await expect(reigns).toHaveCount(3);
  await expect(reigns.first()).toContainText('More false alarms since Monday.');
  await expect(reigns.nth(1)).toContainText('Serves as it was trained again.');

  await nameVersion(page);
  await checkCompare(page);
  await checkLog(page);
  await copyAndDelete(page);
  expect(errors).toEqual([]);
  await site.stop();
});

/** MLflow's rules stand as errors where they are broken, with what was typed. */
async function nameVersion(page: Page): Promise<void> {
  await page.getByTestId('tab-version').click();
  for (const [alias, sentence] of [
    ['latest', 'reserved'],
    ['v3', 'reserved'],
    ['a/b', 'must be 1 to 255 letters'],
    ['champion', 'moves by promotion'],
  ] as const) {
    await page.getByTestId('alias-input').fill(alias);
    await page.getByTestId('set-alias').click();
    await expect(page.getByTestId('version-detail').getByTestId('error-message')).toContainText(sentence);
    await expect(page.getByTestId('alias-input')).toHaveValue(alias);
  }
  await page.getByTestId('alias-input').fill('approved');
  await page.getByTestId('set-alias').click();
  await expect(page.getByTestId('aliases')).toContainText('approved');
  await page.getByTestId('tag-key').fill('card.limitations');
  await page.getByTestId('tag-value').fill('<img src=x onerror=alert(1)> not for children');
  await page.getByTestId('set-tag').click();
  await expect(page.getByTestId('version-tags')).toContainText('<img src=x onerror=alert(1)>');
  await page.getByTestId('version-description').fill('Judged twice.');
  await page.getByTestId('save-description').click();
  await expect(page.getByTestId('save-description')).toHaveCount(0);
  const html = await downloaded(page, 'card-html');
  expect(html.name).toBe('heart_disease-v2-model-card.html');
  expect(html.text).toContain('&lt;img src=x onerror=alert(1)&gt; not for children');
  expect(html.text).toContain('Judged twice.');
  const card = await page.context().newPage();
  const requests: string[] = [];
  card.on('request', (request) => requests.push(request.url()));
  await card.setContent(html.text);
  await expect(card.locator('h1')).toHaveText('heart_disease v2');
  await expect(card.locator('img, script')).toHaveCount(0);
  expect(requests.filter((url) => !url.startsWith('about:'))).toEqual([]);
  await card.close();
  const markdown = await downloaded(page, 'card-markdown');
  expect(markdown.text).toContain('model-index:');
  expect(markdown.text).not.toContain('<img');
}

/** A version is copied under another name and registered once more by hand; what is deleted never comes back. */
async function copyAndDelete(page: Page): Promise<void> {
  await page.getByTestId('tab-version').click();
  await page.getByText('Copy or delete').click();
  await page.getByTestId('copy-to').fill('a/b');
  await page.getByTestId('copy-version').click();
  await expect(page.getByTestId('version-detail').getByTestId('error-message')).toContainText('holds one of');
  await page.getByTestId('copy-to').fill('heart_production');
  await page.getByTestId('copy-version').click();
  await expect(page.getByText('Copied as v1 of heart_production.')).toBeVisible();
  await page.getByTestId('tab-versions').click();
  await expect(page.getByTestId('registered-models')).toContainText('heart_production');
  await page.getByTestId('register-run').click();
  await expect(page.getByTestId('versions').locator('tbody tr')).toHaveCount(3);
  await page.getByTestId('tab-version').click();
  await expect(page.getByTestId('version-detail')).toContainText('Version 3');
  await page.getByText('Copy or delete').click();
  await page.getByTestId('delete-reason').fill('registered for a try');
  await page.getByTestId('delete-version').click();
  await page.getByTestId('tab-versions').click();
  await expect(page.getByTestId('versions').locator('tbody tr')).toHaveCount(2);
  await page.getByTestId('register-run').click();
  await expect(page.getByTestId('versions')).toContainText('v4');
}

async function checkCompare(page: Page): Promise<void> {
  await page.getByTestId('tab-compare').click();
  await page.getByTestId('compare').click();
  await expect(page.getByTestId('comparison')).toContainText('v2 as challenger of v1');
  await expect(page.getByTestId('comparison')).toContainText('Both held out the same rows');
}

/** The log holds in the page and as a file, and breaks where the file was changed. */
async function checkLog(page: Page): Promise<void> {
  await page.getByTestId('tab-audit').click();
  await page.getByTestId('verify-audit').click();
  await expect(page.getByTestId('audit-verdict')).toHaveAttribute('data-holds', 'true');
  const log = await downloaded(page, 'take-audit');
  expect(log.name).toBe('audit-log.jsonl');
  const give = async (text: string) => {
    const input = page.getByTestId('verify-audit-file');
    await expect(input).toBeEnabled();
    await input.setInputFiles({ name: 'log.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(text) });
  };
  await give(log.text);
  await expect(page.getByTestId('audit-verdict')).toContainText('this workspace’s log as it stands');
  const line = 1 + log.text.split('\n').findIndex((entry) => entry.includes('More false alarms'));
  await give(log.text.replace('More false alarms', 'Fewer false alarms'));
  await expect(page.getByTestId('audit-verdict')).toHaveAttribute('data-holds', 'false');
  await expect(page.getByTestId('audit-verdict')).toContainText(`Line ${line}.`);
}
