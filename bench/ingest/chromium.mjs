import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright';
import { browserArguments } from '../../scripts/browser.mjs';
import { canMeasure, watchMemory } from '../training/memory.mjs';

/** @type {Readonly<Record<string, string>>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };

const [site = '', executablePath, data = '', format = 'csv'] = process.argv.slice(2);
const port = await serve();
const server = await chromium.launchServer({ executablePath, args: browserArguments });
const browser = await chromium.connect(server.wsEndpoint());
const page = await browser.newPage();
await page.goto(`http://localhost:${port}/index.html`);
await page.waitForFunction("typeof askIngest === 'function'");
await page.evaluate(`askIngest({ kind: 'load', format: '${format}' })`);
const { pid } = server.process();
const watching = canMeasure && pid !== undefined ? watchMemory(pid) : null;
/** What page/worker.ts answers. @type {Readonly<Record<string, number>>} */
const ingested = await page.evaluate(`askIngest({ kind: 'ingest', format: '${format}' })`);
const held = watching?.stop();
const memory = held ? held.peak - held.loaded : null;
console.log(JSON.stringify({ ...ingested, memory, version: `Chromium ${browser.version()}` }));
await browser.close();
await server.close();
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
