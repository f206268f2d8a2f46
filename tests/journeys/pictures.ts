import { mkdirSync } from 'node:fs';
import type { Page } from '@playwright/test';

/** The pictures README.md shows; a house test compares this list with its links. */
export const PICTURES = ['data', 'features', 'training', 'registry', 'inference', 'monitoring'] as const;

/**
 * Takes a picture of the page as a reader would see it. With GLASSHOUSE_PICTURES=1 it becomes docs/images/NAME.png,
 * otherwise it is kept with the test results.
 */
export async function takePicture(page: Page, name: (typeof PICTURES)[number]): Promise<void> {
  const folder = process.env['GLASSHOUSE_PICTURES'] === '1' ? 'docs/images' : 'test-results/pictures';
  mkdirSync(folder, { recursive: true });
  await page.setViewportSize({ width: 1440, height: 960 });
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(600);
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}
