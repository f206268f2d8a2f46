import { expect, test, type Page } from '@playwright/test';
import { serveSite } from './site';

const MODEL = 'heart_disease';
const PUSHES = 12;

/** What both tabs push, and how their writes are spread over time. */
interface Turn {
  readonly tab: number;
  readonly clock: number;
  readonly keys: readonly string[];
  readonly row: Readonly<Record<string, string | number | boolean | null>>;
  /** Feature values of labs. */
  readonly values: Readonly<Record<string, string | number | boolean | null>>;
  readonly pushes: number;
}

/** Pushes, direct writes and materializing in one tab, all started at once; answers with what failed. */
function writeMany(page: Page, turn: Turn): Promise<readonly string[]> {
  return page.evaluate(async ({ tab, clock, keys, row, values, pushes }) => {
    const { glasshouse } = window;
    const work: Promise<unknown>[] = [];
    for (let i = 0; i < pushes; i++) {
      const key = keys[i % keys.length] ?? '';
      // Each push has an event time of its own, whatever the tab: the newest is the same in every order.
      const event_timestamp = clock - 1000 * (2 * i + tab) - 1;
      const one = { ...row, patient_id: key, event_timestamp, created_timestamp: clock, resting_bp: 100 + 2 * i + tab };
      work.push(glasshouse.push('heart_disease', { source: 'visits', rows: [one], to: 'online_and_offline' }));
      // Both tabs write the same key at the same time: one of them comes last.
      const own = { ...values, cholesterol: 100 * (tab + 1) + i, patient_id: 'SHARED' };
      const given = { ...own, event_timestamp: clock, created_timestamp: clock };
      work.push(glasshouse.writeToOnlineStore('heart_disease', 'labs', [given]));
      if (i % 4 === tab) work.push(glasshouse.materializeIncremental('heart_disease'));
    }
    const settled = await Promise.allSettled(work);
    return settled.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  }, turn);
}

test('two tabs that write at once end as if one write had come after the other', async ({ page, context }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await page.evaluate(() =>
    window.glasshouse.run('heart_disease', { seed: 3, rows: 2000, stages: ['data', 'features'] }),
  );
  const other = await context.newPage();
  await other.goto(site.url);
  const before = await page.evaluate(async () => {
    const { total, columns, rows } = await window.glasshouse.tablePage('heart_disease', 'visits', 0, 1);
    const { clock } = await window.glasshouse.onlineStore('heart_disease');
    const keys = (await window.glasshouse.findKeys('heart_disease', '')).slice(0, 3);
    const row = Object.fromEntries(columns.map(({ name }, i) => [name, rows[0]?.[i] ?? null]));
    const { feature_names, results } = await window.glasshouse.getOnlineFeatures('heart_disease', {
      features: [{ view: 'labs' }],
      entity_rows: [{ patient_id: keys[0] ?? '' }],
      mode: 'feast',
    });
    const values = Object.fromEntries(feature_names.map((name, i) => [name, results[0]?.[i]?.value ?? 1]));
    type Plain = Record<string, string | number | boolean | null>;
    return { total, clock, keys, row: row as Plain, values: values as Plain };
  });
  const turn = { ...before, pushes: PUSHES };
  const [first, second] = await Promise.all([
    writeMany(page, { ...turn, tab: 0 }),
    writeMany(other, { ...turn, tab: 1 }),
  ]);
  expect([...first, ...second]).toEqual([]);

  for (const tab of [page, other]) {
    const after = await tab.evaluate(async ([one, two, three]) => {
      const { total } = await window.glasshouse.tablePage('heart_disease', 'visits', 0, 0);
      const read = async (features: string[], patients: (string | undefined)[]) => {
        const entity_rows = patients.map((patient_id) => ({ patient_id: patient_id ?? '' }));
        const { results } = await window.glasshouse.getOnlineFeatures('heart_disease', { features, entity_rows });
        return results.map(([answer]) => answer?.value);
      };
      return {
        total,
        pressures: await read(['vitals:resting_bp'], [one, two, three]),
        shared: await read(['labs:cholesterol'], ['SHARED']),
        faults: (await window.glasshouse.verifyStore()).faults,
      };
    }, before.keys);
    expect(after.total).toBe(before.total + 2 * PUSHES);
    // The first round of tab 0 has the newest event of each key.
    expect(after.pressures).toEqual([100, 102, 104]);
    // Each tab's writes come in its own order, so the last of all is the last of one of them.
    expect([100 + PUSHES - 1, 200 + PUSHES - 1]).toContain(after.shared[0]);
    expect(after.faults).toEqual([]);
  }
  await site.stop();
});

test('a short write waits for a short write, and is refused while there is a run', async ({ page, context }) => {
  const site = await serveSite();
  await page.goto(site.url);
  await page.evaluate(() =>
    window.glasshouse.run('heart_disease', { seed: 3, rows: 2000, stages: ['data', 'features'] }),
  );
  const other = await context.newPage();
  await other.goto(site.url);
  await page.evaluate(() => {
    const stop = new AbortController();
    const run = window.glasshouse.run('heart_disease', { maxEvals: 500, stages: ['training'] }, undefined, stop.signal);
    Object.assign(window, { stop, run: run.catch((error: unknown) => String(error)) });
  });
  await expect(async () => {
    const said = await other.evaluate(
      (model) =>
        window.glasshouse.materializeIncremental(model).then(
          () => 'written',
          (error: unknown) => String(error),
        ),
      MODEL,
    );
    expect(said).toContain('Another run is under way');
  }).toPass();
  await page.evaluate(async () => {
    const { stop, run } = window as unknown as { stop: AbortController; run: Promise<unknown> };
    stop.abort();
    await run;
  });
  const views = await other.evaluate((model) => window.glasshouse.materializeIncremental(model), MODEL);
  expect(views.views.length).toBeGreaterThan(0);
  await site.stop();
});
