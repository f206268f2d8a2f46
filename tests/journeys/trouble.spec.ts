import { expect, test } from '@playwright/test';
import { digest, openOptions, runAll, serveSite } from './site';

// Two of these journeys serve changed scripts, which a service worker would keep.
test.use({ serviceWorkers: 'block' });

test('a second tab cannot run at the same time, and is told so', async ({ page, context }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await openOptions(page);
  await page.getByTestId('evals-input').fill('200');
  await page.getByTestId('run-all').click();
  await expect(page.getByTestId('cancel').first()).toBeVisible();
  const other = await context.newPage();
  await other.goto(site.url);
  await other.getByTestId('run-all').click();
  await expect(other.getByTestId('error-message').first()).toContainText('Another run is under way');
  await page.getByTestId('cancel').first().click();
  await expect(page.getByTestId('cancel')).toHaveCount(0);
  await runAll(other, { rows: 3000, evals: 2 });
  await expect(page.getByTestId('stage-monitoring'), 'the first tab sees what the second committed').toHaveAttribute(
    'data-status',
    /good|attention|alert/,
  );
  await site.stop();
});

test('a browser that refuses IndexedDB is told so and everything still runs, in memory', async ({ page }) => {
  const refuse = Buffer.from(
    "Object.defineProperty(self,'indexedDB',{get(){throw new DOMException('The user denied permission.','SecurityError')}});\n",
  );
  const site = await serveSite((path, body) =>
    /workspace\.worker.*\.js$/.test(path) ? Buffer.concat([refuse, body]) : body,
  );
  await page.goto(site.url);
  await expect(page.getByTestId('storage-state')).toContainText(/memory/i);
  await runAll(page, { rows: 3000, evals: 2 });
  await expect(page.getByTestId('stage-monitoring')).toHaveAttribute('data-status', /good|attention|alert/);
  await site.stop();
});

test('a killed training worker is named, nothing is half-done, and the next run works', async ({ page }) => {
  let kill = false;
  const suicide = Buffer.from("\n;{let n=0;addEventListener('message',()=>{if(++n===3)self.close()})};\n");
  const site = await serveSite((path, body) =>
    kill && /training\.worker.*\.js$/.test(path) ? Buffer.concat([body, suicide]) : body,
  );
  await page.goto(site.url);
  await runAll(page, { rows: 3000, evals: 2 });
  const before = await digest(page);
  kill = true;
  await page.reload();
  await expect(page.getByTestId('stage-training')).toHaveAttribute('data-status', /good|attention/);
  const message = await page.evaluate(() =>
    window.glasshouse.run('heart_disease', { seed: 5, maxEvals: 6, stages: ['training'] }).then(
      () => 'finished',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ),
  );
  console.log(message);
  expect(message).toContain('worker stopped');
  // What the search had tried by then waits for the next training, and a cancelled one forgets it.
  kill = false;
  await page.reload();
  const cancelled = await page.evaluate(() => {
    const stop = new AbortController();
    const options = { seed: 5, maxEvals: 6, stages: ['training'] } as const;
    return window.glasshouse
      .run('heart_disease', options, () => stop.abort(), stop.signal)
      .then(
        () => 'finished',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
  });
  expect(cancelled).toContain('Cancelled in training');
  expect(await digest(page)).toBe(before);
  await page.evaluate(() => window.glasshouse.run('heart_disease', { seed: 5, maxEvals: 6, stages: ['training'] }));
  expect(await digest(page)).not.toBe(before);
  await site.stop();
});
