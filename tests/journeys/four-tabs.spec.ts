import { expect, test, type Page } from '@playwright/test';
import { withPolicy } from './policy';
import { serveSite } from './site';

const MODEL = 'heart_disease';
const TABS = 4;
const EACH = 5;

/** Registers versions, moves an alias and rolls back in one tab, all started at once; answers with numbers and faults. */
function registerMany(page: Page, turn: { readonly tab: number; readonly run: string; readonly each: number }) {
  return page.evaluate(async ({ tab, run, each }) => {
    const { glasshouse } = window;
    const model = 'heart_disease';
    const made: Promise<number>[] = [];
    const moved: Promise<unknown>[] = [];
    for (let i = 0; i < each; i++) {
      const one = glasshouse.registerVersion(model, run, `tab ${tab}, no. ${i}`);
      made.push(one.then(({ version }) => version));
      // Every tab points the same alias at its own versions.
      moved.push(one.then(({ version }) => glasshouse.setAlias(model, 'newest', version)));
      moved.push(glasshouse.rollBack(model, `tab ${tab} says so, ${i}`));
      moved.push(glasshouse.setTag(model, 1, `tab-${tab}`, String(i)));
    }
    const [numbers, others] = [await Promise.allSettled(made), await Promise.allSettled(moved)];
    return {
      numbers: numbers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
      faults: [...numbers, ...others].flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : [])),
    };
  }, turn);
}

test('four tabs that register versions at once: each number once, one champion, the log whole', async ({
  page,
  context,
}) => {
  const site = await serveSite(withPolicy);
  await page.goto(site.url);
  const run = await page.evaluate(async (model) => {
    const { glasshouse } = window;
    const options = { seed: 3, rows: 2000, maxEvals: 1 };
    await glasshouse.run(model, { ...options, stages: ['data', 'features', 'training', 'registry'] });
    const view = await glasshouse.trainingView(model);
    return view?.run.run_id ?? '';
  }, MODEL);
  // Two champions to go back and forth between: the second is the first one's twin, which is as good as it.
  await page.evaluate(
    async ([model, runId]) => {
      const { version } = await window.glasshouse.registerVersion(model, runId);
      await window.glasshouse.challenge(model, version);
      await window.glasshouse.approve(model, version, 'as good');
    },
    [MODEL, run] as const,
  );
  const tabs = [page];
  for (let tab = 1; tab < TABS; tab++) {
    const other = await context.newPage();
    await other.goto(site.url);
    await other.evaluate((model) => window.glasshouse.registryView(model), MODEL);
    tabs.push(other);
  }
  const answers = await Promise.all(tabs.map((tab, at) => registerMany(tab, { tab: at, run, each: EACH })));
  expect(answers.flatMap((answer) => answer.faults)).toEqual([]);
  const numbers = answers.flatMap((answer) => answer.numbers);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: TABS * EACH }, (_, i) => 3 + i));
  for (const tab of tabs) {
    const { view, verdict, texts } = await tab.evaluate(async (model) => {
      const found = await window.glasshouse.registryView(model);
      const { content } = await window.glasshouse.auditFile();
      return { view: found, verdict: await window.glasshouse.verifyAudit(), texts: content.split('\n').length - 1 };
    }, MODEL);
    expect(verdict.fault).toBeNull();
    expect(verdict.entries).toBe(texts);
    expect(view?.versions).toHaveLength(2 + TABS * EACH);
    const champions = view?.versions.filter((version) => version.tags['status'] === 'champion') ?? [];
    expect(champions.map(({ version }) => version)).toEqual([view?.aliases['champion']]);
    expect(view?.champions.filter(({ to }) => to === null)).toHaveLength(1);
    expect(view?.champions).toHaveLength(2 + TABS * EACH);
    expect(numbers).toContain(view?.aliases['newest']);
    for (let at = 0; at < TABS; at++) {
      expect(view?.versions.find(({ version }) => version === 1)?.tags[`tab-${at}`]).toBe(String(EACH - 1));
    }
  }
  await site.stop();
});
