import { parseArgs } from 'node:util';
import { buildSite, ensureInstalled, root } from './install.mjs';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4173' }, host: { type: 'string', default: 'localhost' } } });

ensureInstalled();
buildSite();
const { preview } = await import('vite');
const server = await preview({ root, logLevel: 'warn', preview: { port: Number(values.port), host: values.host } });
const [address] = server.resolvedUrls?.local ?? [];
console.log(`Glasshouse is at ${address ?? `http://${values.host}:${values.port}/`} (Ctrl+C ends it)`);
