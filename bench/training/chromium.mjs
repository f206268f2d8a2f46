import { createReadStream, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright';
import { browserArguments } from '../../scripts/browser.mjs';
import { finish, loaded, order, say } from './protocol.mjs';

/** @type {Readonly<Record<string, string>>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };

const [site = '', executablePath] = process.argv.slice(2);
const { data, predictions, threads, depth, trees } = order();
const shape = JSON.parse(readFileSync(join(data, 'shape.json'), 'utf8'));
const port = await serve();
const server = await chromium.launchServer({ executablePath, args: browserArguments });
const browser = await chromium.connect(server.wsEndpoint());
const page = await browser.newPage();
await page.goto(`http://localhost:${port}/index.html`);
await page.waitForFunction("typeof ask === 'function'");
await ask({ kind: 'load', rows: shape.train, columns: shape.columns });
await loaded(server.process().pid);
const trained = await ask({ kind: 'train', threads, depth, trees });
say({ done: true });
await ask({ kind: 'predict', rows: shape.test });
const versions = { Chromium: browser.version() };
await browser.close();
await server.close();
if (trained.kind !== 'trained') throw new Error('the page did not say how it went');
finish({ seconds: trained.seconds, trees: trained.trees, threads: trained.threads, versions });

/**
 * @param {import('./page/messages.ts').Request} request
 * @returns {Promise<import('./page/messages.ts').Answer>}
 */
function ask(request) {
  return page.evaluate(`ask(${JSON.stringify(request)})`);
}

/**
 * A plain static host of the built page and the data; it takes the predictions too.
 * @returns {Promise<number>} the port
 */
function serve() {
  const host = createServer((request, response) => {
    const path = normalize(decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/')).replace(/^[/\\]+/, '');
    if (request.method === 'POST') return void receive(request, response);
    const file = path.startsWith('data') ? join(data, path.slice('data/'.length)) : join(site, path);
    const stream = createReadStream(file);
    stream.on('error', () => response.writeHead(404).end());
    stream.on('open', () => {
      // A copy kept by the browser would count as memory.
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'cache-control': 'no-store',
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

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function receive(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  await writeFile(predictions, Buffer.concat(chunks));
  response.end();
}
