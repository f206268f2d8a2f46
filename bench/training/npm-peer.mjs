import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readPart } from './data.mjs';
import { finish, loaded, order, say } from './protocol.mjs';

const [folder = '', peer = ''] = process.argv.slice(2);
const { data, predictions, depth, trees } = order();
const fromFolder = createRequire(join(folder, 'package.json'));

/**
 * A model that was trained: how many trees it has, and its scores of the rows held out.
 * @typedef {{ readonly trees: number, predict(part: import('./data.mjs').Part): Iterable<number> }} Model
 */

/**
 * Each loads its package, turns the data into what the package takes, and answers with what is to be timed.
 * @type {Readonly<Record<string, (part: import('./data.mjs').Part) => Promise<() => Model>>>}
 */
const prepare = { 'ml-xgboost': prepareMlXgboost, 'ydf-training': prepareYdf };

const run = await prepare[peer]?.(readPart(data, 'train'));
if (!run) throw new Error(`there is no peer ${peer}`);
await loaded();
const started = performance.now();
const model = run();
const seconds = (performance.now() - started) / 1000;
say({ done: true });
writeFileSync(predictions, Float32Array.from(model.predict(readPart(data, 'test'))));
const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', peer, 'package.json'), 'utf8'));
finish({ seconds, trees: model.trees, threads: 1, versions: { [peer]: version } });

/** @param {import('./data.mjs').Part} part */
async function prepareMlXgboost(part) {
  const XGBoost = await fromFolder('ml-xgboost');
  const rows = rowsOf(part);
  const labels = Array.from(part.labels);
  return () => {
    const booster = new XGBoost({
      booster: 'gbtree',
      objective: 'binary:logistic',
      tree_method: 'hist',
      max_depth: depth,
      max_bin: 256,
      eta: 0.1,
      lambda: 1,
      min_child_weight: 1,
      subsample: 1,
      colsample_bytree: 1,
      base_score: 0.5,
      iterations: trees,
      silent: 1,
    });
    booster.train(rows, labels);
    return { trees, predict: (/** @type {import('./data.mjs').Part} */ test) => booster.predict(rowsOf(test)) };
  };
}

/** @param {import('./data.mjs').Part} part */
function rowsOf({ columns, labels }) {
  return Array.from(labels, (_, row) => columns.map((column) => column[row]));
}

/**
 * It takes a label and a task and nothing else: 300 trees at most, of depth 6, stopped early on a tenth of the rows.
 * @param {import('./data.mjs').Part} part
 */
async function prepareYdf(part) {
  const ydf = await fromFolder('ydf-training')({ print() {}, printErr() {} });
  console.log = () => {};
  const learner = new ydf.GradientBoostedTreesLearner('label', 'CLASSIFICATION');
  const table = { ...featuresOf(part), label: Array.from(part.labels, (label) => (label === 1 ? 'yes' : 'no')) };
  return () => {
    const grown = learner.train(table);
    const about = /Number of trees: (\d+)/.exec(grown.describe());
    // Classes stand by frequency, and the second one's probability is what is predicted.
    const sign = grown.getLabelClasses()[1] === 'yes' ? 1 : -1;
    return {
      trees: Number(about?.[1]),
      predict: (/** @type {import('./data.mjs').Part} */ test) =>
        Array.from(grown.predict(featuresOf(test)), (/** @type {number} */ score) => sign * score),
    };
  };
}

/** @param {import('./data.mjs').Part} part */
function featuresOf({ columns }) {
  return Object.fromEntries(columns.map((column, i) => [`f${i}`, Array.from(column)]));
}
