import { pathToFileURL } from 'node:url';

const [script = '', what = '', ...args] = process.argv.slice(2);
/** @type {typeof import('./node-entry.ts')} */
const entry = await import(pathToFileURL(script).href);
if (what === 'search') {
  const [table = '', fold = '', seed, trials] = args;
  console.log(JSON.stringify(await entry.search(table, fold, Number(seed), Number(trials))));
} else {
  const seeds = Number(args[0]);
  /** @type {Record<string, Record<string, number[]>>} */
  const least = { tpe: {}, random: {} };
  for (const name of entry.DOMAIN_NAMES) {
    for (const algorithm of /** @type {const} */ (['tpe', 'random'])) {
      const all = [];
      for (let seed = 0; seed < seeds; seed++) all.push((await entry.judge(name, algorithm, seed)).least);
      (least[algorithm] ?? {})[name] = all;
    }
  }
  console.log(JSON.stringify({ least, marks: entry.MARKS }));
}
