import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readPart } from './data.mjs';
import { finish, loaded, order, say } from './protocol.mjs';

const [folder] = process.argv.slice(2);
const { data, predictions, threads, depth, trees } = order();
/** @type {typeof import('./train.ts')} */
const { train, predict } = await import(pathToFileURL(join(folder ?? '', 'train.js')).href);
const { columns, labels } = readPart(data, 'train');
await loaded();
const trained = await train({ columns, labels, threads, depth, trees });
say({ done: true });
writeFileSync(predictions, predict(trained.booster, readPart(data, 'test').columns));
finish({ seconds: trained.seconds, trees: trained.booster.trees.length, threads: trained.threads, versions: {} });
