import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright';
import { browserArguments } from '../../scripts/browser.mjs';

/** @type {Readonly<Record<string, string>>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };

const [site = '', executablePath, data = ''] = process.argv.slice(2);
const port = await serve();
const browser = await chromium.launch({ executablePath, args: browserArguments });
const page = await browser.newPage();
await page.goto(`http://localhost:${port}/index.html`);
await page.waitForFunction("typeof askJoin === 'function'");
await page.evaluate(`askJoin({ kind: 'load' })`);
for (const mode of ['feast', 'leak_safe']) {
  const joined = await page.evaluate(`askJoin({ kind: 'join', mode: '${mode}' })`);
  console.log(JSON.stringify({ mode, ...joined, version: `Chromium ${browser.version()}` }));
}
await browser.close();
process.exit(0);

/**
 * A plain static host of the built page and the data.
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
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
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
