import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { runAll, serveSite, STAGES } from './site';

/** What axe finds wrong with the page as it stands, one line a finding. */
async function findings(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every stage can be read by a screen reader, empty and full, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
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
}
