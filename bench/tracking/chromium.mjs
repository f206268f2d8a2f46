import { createReadStream, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright';
import { browserArguments } from '../../scripts/browser.mjs';

/** @type {Readonly<Record<string, string>>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };
/** Fresh starts of the browser for what is cold; times for what is warm. */
const STARTS = 8;
const TIMES = { search: 300, all: 60, log: 40, open: 60 };

const [site = '', executablePath = '', profile = '', what = '', runs = ''] = process.argv.slice(2);
const port = await serve();
rmSync(profile, { recursive: true, force: true });
await withPage(async (ask, version) => {
  await ask({ kind: 'fill', runs: Number(runs) });
  console.log(JSON.stringify({ what: 'fill', took: [], count: Number(runs), version }));
});
/** @type {readonly (keyof typeof TIMES)[]} */
const kinds = what === 'search' ? ['search', 'all', 'log'] : ['open'];
for (const kind of kinds.filter((one) => one === 'search' || one === 'open')) {
  /** @type {number[]} */
  const took = [];
  let count = 0;
  for (let start = 0; start < STARTS; start++) {
    await withPage(async (ask) => {
      const first = await ask({ kind, times: 1 });
      took.push(...first.took);
      count += first.count;
    });
  }
  console.log(JSON.stringify({ what: `${kind} cold`, took, count }));
}
await withPage(async (ask) => {
  for (const kind of kinds) {
    await ask({ kind, times: 5 });
    console.log(JSON.stringify({ what: kind, ...(await ask({ kind, times: TIMES[kind] })) }));
  }
});
process.exit(0);

/**
 * Opens the page in a browser of its own, whose profile stays.
 * @param {(ask: (request: object) => Promise<{ took: number[], count: number }>, version: string) => Promise<void>} work
 */
async function withPage(work) {
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: browserArguments });
  const page = await context.newPage();
  await page.goto(`http://localhost:${port}/index.html`);
  await page.waitForFunction("typeof askTracking === 'function'");
  const version = await page.evaluate('navigator.userAgent.match(/Chrome\\/([\\d.]+)/)[1]');
  await work((request) => page.evaluate(`askTracking(${JSON.stringify(request)})`), `Chromium ${version}`);
  await context.close();
}

/**
 * A plain static host of the built page; isolated, so that the page's clock is exact.
 * @returns {Promise<number>} the port
 */
function serve() {
  const host = createServer((request, response) => {
    const path = normalize(decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/')).replace(/^[/\\]+/, '');
    const stream = createReadStream(join(site, path));
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
    host.listen(0, '127.0.0.1', () => {
      const address = host.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
