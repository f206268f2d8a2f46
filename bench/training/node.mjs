import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readPart } from './data.mjs';
import { finish, loaded, order, say } from './protocol.mjs';

const [folder] = process.argv.slice(2);
const { data, predictions, threads, depth, trees } = order();
/** @type {typeof import('./node-train.ts')} */
const { train, predict, shardThreads } = await import(pathToFileURL(join(folder ?? '', 'train.js')).href);
const { columns, labels } = readPart(data, 'train');
await loaded();
const script = pathToFileURL(join(folder ?? '', 'shard.js'));
const shards = (/** @type {number} */ most) => shardThreads(most, script);
const trained = await train({ columns, labels, threads, depth, trees, shards });
say({ done: true });
writeFileSync(predictions, predict(trained.booster, readPart(data, 'test').columns));
finish({ seconds: trained.seconds, trees: trained.booster.trees.length, threads: trained.threads, versions: {} });
