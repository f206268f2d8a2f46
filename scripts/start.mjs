import { parseArgs } from 'node:util';
import { buildSite, ensureInstalled, root } from './install.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4173' }, host: { type: 'string', default: 'localhost' } },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`--port ${values.port}: expected a whole number from 0 (any free port) to 65535.`);
  process.exit(2);
}

ensureInstalled();
buildSite();
const { preview } = await import('vite');
// Without plugins: the built files are served as they lie.
const server = await preview({
  root,
  configFile: false,
  base: './',
  logLevel: 'warn',
  preview: { port, host: values.host },
});
const [address] = server.resolvedUrls?.local ?? [];
console.log(`Glasshouse is at ${address ?? `http://${values.host}:${port}/`} (Ctrl+C ends it)`);
