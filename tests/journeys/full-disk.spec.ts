import { expect, test, type Page } from '@playwright/test';
import { digest, serveSite } from './site';

/** Sets the bytes the site may keep, or lifts the limit. It lasts as long as the session does. */
async function quotaOf(page: Page, origin: string): Promise<(bytes?: number) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  return async (quotaSize) => {
    await session.send('Storage.overrideQuotaForOrigin', quotaSize === undefined ? { origin } : { origin, quotaSize });
  };
}

function outcomeOf(page: Page, seed: number): Promise<string> {
  return page.evaluate(
    (value) =>
      window.glasshouse.run('heart_disease', { seed: value, rows: 10_000, stages: ['data', 'features'] }).then(
        () => 'finished',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    seed,
  );
}

const HIDE_OPFS = Buffer.from("Object.defineProperty(navigator.storage,'getDirectory',{value:undefined});\n");

/** IndexedDB asks for the room left at most once in so long. */
const INDEXED_DB_ASKS_MS = 31_000;

for (const [store, hide, rooms] of [
  ['the private file system', false, [200_000, 1_500_000, 4_000_000]],
  ['IndexedDB', true, [0]],
] as const) {
  test(`a disk that fills up while files go to ${store} leaves the store as it was and says what to free`, async ({
    page,
  }) => {
    test.setTimeout(240_000);
    const site = await serveSite((path, body) =>
      hide && /workspace\.worker.*\.js$/.test(path) ? Buffer.concat([HIDE_OPFS, body]) : body,
    );
    const origin = site.url.replace(/\/$/, '');
    await page.goto(site.url);
    const setQuota = await quotaOf(page, origin);
    expect(await outcomeOf(page, 1)).toBe('finished');
    const before = await digest(page);
    const used = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    let refused = 0;
    for (const room of rooms) {
      await setQuota(room === 0 ? 1 : used + room);
      if (hide) await page.waitForTimeout(INDEXED_DB_ASKS_MS);
      const said = await outcomeOf(page, 2);
      await setQuota();
      if (said === 'finished') break;
      refused += 1;
      console.log(`${room} bytes left: ${said}`);
      expect(said).toMatch(/no space left/);
      expect(said).toMatch(/What takes space here: raw tables of heart_disease \(\d+\.\d MB\)/);
      if (refused === 1) expect(await digest(page)).toBe(before);
      const { faults } = await page.evaluate(() => window.glasshouse.verifyStore());
      expect(faults).toEqual([]);
    }
    expect(refused).toBeGreaterThan(0);
    expect(await outcomeOf(page, 2)).toBe('finished');
    await site.stop();
  });
}
