import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type Page } from '@playwright/test';
import { browserArguments, installedBrowser } from '../../scripts/browser.mjs';
import { makeRandom } from '../../src/utils/random';
import { serveSite } from './site';

const KILLS = 50;
const SEED = Number(process.env.GLASSHOUSE_KILL_SEED ?? 20_261_128);
const ROWS = 6000;

/** What is done to the store; the same on a browser that is killed and on one that is not. */
const STEPS = ['ingest', 'features', 'append', 'compact'] as const;
type Step = (typeof STEPS)[number];

interface Browsing {
  readonly page: Page;
  /** SIGKILL to every process of the browser. */
  kill(): Promise<void>;
}

/** A browser of our own over a profile that outlives it. */
async function browse(profile: string, url: string): Promise<Browsing> {
  const executable = installedBrowser() ?? chromium.executablePath();
  const flags = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
  // A process group, so that its renderers die with it.
  const child = spawn(executable, [...browserArguments, ...flags], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const browser = await chromium.connectOverCDP(await endpointOf(child));
  const context = browser.contexts()[0];
  if (!context) throw new Error('the browser has no context');
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(url);
  const kill = async () => {
    if (child.pid !== undefined && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      process.kill(-child.pid, 'SIGKILL');
      await ended;
    }
    await browser.close().catch(() => undefined);
  };
  return { page, kill };
}

function endpointOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (data: Buffer) => {
      said += data.toString();
      const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`the browser ended: ${said.slice(-400)}`)));
  });
}

/** Does one step; append takes 300 rows of the table itself, so that there is nothing to bring. */
function perform(page: Page, step: Step, turn: number): Promise<void> {
  return page.evaluate(
    async ([what, seed, rows]) => {
      const { glasshouse } = window;
      const model = 'heart_disease';
      if (what === 'ingest') await glasshouse.run(model, { seed, rows, stages: ['data'] });
      if (what === 'features') await glasshouse.run(model, { seed, stages: ['features'] });
      if (what === 'compact') await glasshouse.compact(model);
      if (what !== 'append') return;
      const { bytes } = await glasshouse.exportTable(model, 'visits', 'csv');
      const lines = new TextDecoder().decode(bytes).split('\n').slice(0, 301);
      const file = { fileName: 'more.csv', bytes: new TextEncoder().encode(lines.join('\n')) };
      await glasshouse.appendFile(model, 'visits', file);
    },
    [step, turn, ROWS] as const,
  );
}

/** What the store holds, files read by their hashes: every raw table, the data set, the online store and the states. */
function contentOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { glasshouse } = window;
    const model = 'heart_disease';
    const hex = async (bytes: Uint8Array) =>
      Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join('');
    const data = await glasshouse.dataView(model);
    const features = await glasshouse.featuresView(model);
    const overview = await glasshouse.overview();
    const states = overview.models.find((one) => one.name === model)?.stages;
    const tables: string[] = [];
    for (const { table } of data?.tables ?? []) {
      const { bytes } = await glasshouse.exportTable(model, table, 'arrow');
      tables.push(`${table} ${await hex(bytes)}`);
    }
    const files = (data?.partitions ?? []).map(({ path, digest }) => `${path} ${digest}`).sort();
    return JSON.stringify({
      tables,
      files,
      dataset: features?.dataset,
      online: await glasshouse.onlineStore(model),
      states,
    });
  });
}

/** Pieces of one content that the other has not. */
function differing(one: string, other: string): string {
  const pieces = (text: string) => text.split(/(?=[,{])/);
  const known = new Set(pieces(other));
  return pieces(one)
    .filter((piece) => !known.has(piece))
    .join('')
    .slice(0, 600);
}

async function reopened(browsing: Browsing): Promise<{ readonly content: string; readonly faults: readonly string[] }> {
  const { page } = browsing;
  await expect(page.getByTestId('stage-data')).toBeVisible();
  const check = await page.evaluate(() => window.glasshouse.verifyStore());
  return { content: await contentOf(page), faults: check.faults };
}

test(`a tab killed ${KILLS} times finds its store as before or as after, seed ${SEED}`, async () => {
  test.setTimeout(3_600_000);
  const random = makeRandom(SEED, 'kills');
  const site = await serveSite();
  const folder = mkdtempSync(join(tmpdir(), 'glasshouse-kills-'));
  const twin = await browse(join(folder, 'twin'), site.url);
  const profile = join(folder, 'killed');
  let killed = await browse(profile, site.url);
  await perform(twin.page, 'ingest', 1);
  await perform(killed.page, 'ingest', 1);
  let before = await contentOf(twin.page);
  expect(await contentOf(killed.page), 'both begin alike').toBe(before);
  const ends = { before: 0, after: 0 };
  for (let turn = 1; turn <= KILLS; turn++) {
    const step = STEPS[turn % STEPS.length] ?? 'ingest';
    const began = performance.now();
    await perform(twin.page, step, turn);
    const took = performance.now() - began;
    const after = await contentOf(twin.page);
    const wait = random.uniform() * took * 1.1;
    const bySignal = random.uniform() < 0.5;
    const running = perform(killed.page, step, turn).catch(() => undefined);
    await killed.page.waitForTimeout(wait);
    // Either the tab alone, or the whole browser at once.
    if (bySignal) await killed.kill();
    else await killed.page.close();
    await running;
    if (!bySignal) await killed.kill();
    killed = await browse(profile, site.url);
    const { content, faults } = await reopened(killed);
    const end = content === after ? 'after' : 'before';
    console.log(
      `${turn}: ${step}, ${bySignal ? 'SIGKILL' : 'closed'} after ${wait.toFixed(0)} of about ${took.toFixed(0)} ms: as ${end}`,
    );
    expect(faults, `kill ${turn}`).toEqual([]);
    if (content !== before && content !== after) {
      throw new Error(
        `kill ${turn} in ${step} left neither what was nor what becomes. ` +
          `New to what was: ${differing(content, before)}; lost of it: ${differing(before, content)}; ` +
          `new to what becomes: ${differing(content, after)}`,
      );
    }
    ends[end] += 1;
    if (end === 'before') await perform(killed.page, step, turn);
    expect(await contentOf(killed.page), `the step done again after kill ${turn}`).toBe(after);
    before = after;
  }
  console.log(`seed ${SEED}: ${ends.before} as before, ${ends.after} as after`);
  expect(ends.before).toBeGreaterThan(KILLS / 5);
  await killed.kill();
  await twin.kill();
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});
