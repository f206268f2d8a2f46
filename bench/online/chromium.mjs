import { createReadStream, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright';
import { browserArguments } from '../../scripts/browser.mjs';

/** @type {Readonly<Record<string, string>>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };
/** Fresh starts of the browser; reads once it is warm. */
const STARTS = 12;
const WARM_UP = 100;
const READS = { 1: 3000, 100: 300 };

const [site = '', executablePath = '', data = '', profile = '', rows = ''] = process.argv.slice(2);
const port = await serve();
rmSync(profile, { recursive: true, force: true });
await withPage(async (ask, version) => {
  const filled = await ask({ kind: 'fill' });
  console.log(JSON.stringify({ what: 'fill', keys: 0, ...filled, version }));
});
for (const keys of /** @type {const} */ ([1, 100])) {
  /** @type {number[]} */
  const took = [];
  let present = 0;
  for (let seed = 0; seed < STARTS; seed++) {
    await withPage(async (ask) => {
      const first = await ask({ kind: 'read', rows: Number(rows), keys, reads: 1, seed });
      took.push(...first.took);
      present += first.present;
    });
  }
  console.log(JSON.stringify({ what: 'cold', keys, took, present }));
}
await withPage(async (ask) => {
  for (const keys of /** @type {const} */ ([1, 100])) {
    await ask({ kind: 'read', rows: Number(rows), keys, reads: WARM_UP, seed: 100 });
    const warm = await ask({ kind: 'read', rows: Number(rows), keys, reads: READS[keys], seed: 101 });
    console.log(JSON.stringify({ what: 'warm', keys, ...warm }));
  }
});
process.exit(0);

/**
 * Opens the page in a browser of its own, whose profile stays.
 * @param {(ask: (request: object) => Promise<{ took: number[], present: number }>, version: string) => Promise<void>} work
 */
async function withPage(work) {
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: browserArguments });
  const page = await context.newPage();
  await page.goto(`http://localhost:${port}/index.html`);
  await page.waitForFunction("typeof askOnline === 'function'");
  const version = `Chromium ${context.browser()?.version() ?? (await page.evaluate('navigator.userAgent.match(/Chrome\\/([\\d.]+)/)[1]'))}`;
  await work((request) => page.evaluate(`askOnline(${JSON.stringify(request)})`), version);
  await context.close();
}

/**
 * A plain static host of the built page and the data; isolated, so that the page's clock is exact.
 * @returns {Promise<number>} the port
 */
function serve() {
  const host = createServer((request, response) => {
    const path = normalize(decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/')).replace(/^[/\\]+/, '');
    const stream = createReadStream(
      path.startsWith('data') ? join(data, path.slice('data/'.length)) : join(site, path),
    );
    stream.on('error', () => response.writeHead(404).end());
    stream.on('open', () => {
      response.writeHead(200, {
        'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      });
      stream.pipe(response);
    });
  });
  return new Promise((resolve) => {
    // A port of its own that stays, since the stored data belong to it.
    host.listen(0, '127.0.0.1', () => {
      const address = host.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
