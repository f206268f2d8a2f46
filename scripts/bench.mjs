import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, root } from './install.mjs';

const folder = join(root, 'bench');
const known = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'main.mjs')));
const [name, ...args] = process.argv.slice(2);
if (name === undefined || !known.includes(name)) {
  const asked = name === undefined ? 'Name a benchmark' : `There is no benchmark ${name}`;
  console.error(`${asked}; there are ${known.join(', ')}.`);
  process.exit(2);
}
ensureInstalled();
const { main } = await import(pathToFileURL(join(folder, name, 'main.mjs')).href);
process.exitCode = await main(args);
