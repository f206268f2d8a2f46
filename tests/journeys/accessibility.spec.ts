import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { runAll, serveSite, STAGES } from './site';

/** What axe finds wrong with the page as it stands, in light and dark; one line a finding. */
async function findings(page: Page): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { passes, violations } = await new AxeBuilder({ page }).analyze();
    expect(passes.length, 'rules that had something to look at').toBeGreaterThan(10);
    for (const { id, nodes } of violations) {
      lines.push(...nodes.map((node) => `${colorScheme}, ${id}: ${node.html.slice(0, 160)}`));
    }
  }
  return lines;
}

test('axe finds nothing wrong with any stage, empty and full, light and dark', async ({ page }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await expect(page.getByTestId('stage-monitoring')).toBeVisible();
  expect(await findings(page), 'before the first run').toEqual([]);
  await runAll(page, { seed: 3, rows: 3000, evals: 2 });
  for (const stage of STAGES) {
    await page.getByTestId(`stage-${stage}`).click();
    await expect(page.getByTestId('stage-sentence')).not.toBeEmpty();
    expect.soft(await findings(page), stage).toEqual([]);
  }
  await site.stop();
});
