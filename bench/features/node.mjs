import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [script = '', data = ''] = process.argv.slice(2);
/** @type {typeof import('./node-entry.ts')} */
const { decodeArrow, joinOnce } = await import(pathToFileURL(script).href);
const entities = decodeArrow(readFileSync(join(data, 'entities.arrow')));
for (const mode of /** @type {const} */ (['feast', 'leak_safe'])) {
  const joined = await joinOnce(entities, (view) => readFile(join(data, `${view}.arrow`)), mode);
  console.log(JSON.stringify({ mode, ...joined, version: `Node ${process.versions.node}` }));
}
