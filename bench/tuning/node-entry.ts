import { readFileSync } from 'node:fs';
import { makeWasmKernels } from '../../src/kernels/wasm';
import { kernelsWasm } from '../../src/kernels/wasm-bytes';
import { instantiateWasm } from '../../src/platform/wasm/host';
import { binMatrix } from '../../src/training/bin-matrix';
import { foldsByRow } from '../../src/training/folds-by-row';
import { parseBoosterParams } from '../../src/training/params';
import type { TrainingMatrix } from '../../src/training/types';
import { judgeBooster } from '../../src/tuning/booster-trial';
import { runStudy } from '../../src/tuning/study';
import { TPE_DEFAULTS, type SearchSpace } from '../../src/tuning/types';
import { makeRandom } from '../../src/utils/random';

export { DOMAIN_NAMES, judge, MARKS } from './marks';

const FEATURES = 14;

const SPACE: SearchSpace = {
  max_depth: { randint: [2, 8] },
  eta: { loguniform: [-3.5, -1.2] },
  min_child_weight: { loguniform: [-0.7, 3] },
  subsample: { uniform: [0.6, 1] },
  colsample_bytree: { uniform: [0.5, 1] },
  lambda: { loguniform: [-1, 2.5] },
};

/** A table with an outcome that depends on some of its columns, as CSV; the label is last. */
export function makeCsv(rows: number): string {
  const random = makeRandom(20261128, 'tuning benchmark');
  const lines = [[...Array.from({ length: FEATURES }, (_, f) => `f${f}`), 'label'].join(',')];
  for (let row = 0; row < rows; row++) {
    const x = Array.from({ length: FEATURES }, () => random.normal());
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = x;
    const margin = a + 0.8 * b * c - 0.7 * Math.abs(d) + 0.5 * (e > 0.3 ? 1 : -1) + 0.8 * random.normal();
    lines.push([...x.map((value) => value.toFixed(5)), margin > 0 ? 1 : 0].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** One fifth of the rows to validate on, the same for everyone. */
export function makeFold(labels: ArrayLike<number>) {
  const [fold] = foldsByRow({ rows: labels.length, seed: 1, folds: 1, classes: labels });
  if (!fold) throw new Error('no fold');
  return { train: Array.from(fold.train), validation: Array.from(fold.validation) };
}

export function readCsv(path: string): TrainingMatrix {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const featureNames = head.split(',').slice(0, -1);
  const columns = featureNames.map(() => new Float32Array(lines.length));
  const labels = new Float32Array(lines.length);
  lines.forEach((line, row) => {
    const cells = line.split(',').map(Number);
    columns.forEach((column, f) => (column[row] = cells[f] ?? NaN));
    labels[row] = cells[FEATURES] ?? NaN;
  });
  return { featureNames, columns, labels };
}

/** Searches and times itself from the data in memory to the last trial. */
export async function search(path: string, foldPath: string, seed: number, trials: number) {
  const matrix = readCsv(path);
  const fold = JSON.parse(readFileSync(foldPath, 'utf8')) as {
    readonly train: number[];
    readonly validation: number[];
  };
  const folds = [{ train: Int32Array.from(fold.train), validation: Int32Array.from(fold.validation) }];
  const module = instantiateWasm(kernelsWasm);
  const kernels = module ? makeWasmKernels(module) : undefined;
  const began = performance.now();
  const binned = await binMatrix(matrix, 256, {}, { kernels, cutRows: folds[0]?.train });
  const study = await runStudy(
    {
      space: SPACE,
      seed,
      maxEvals: trials,
      search: { algorithm: 'tpe', tpe: TPE_DEFAULTS, gridPoints: 5 },
      evaluate: (params) =>
        judgeBooster(
          {
            binned,
            folds,
            rounds: 200,
            earlyStoppingRounds: 20,
            params: parseBoosterParams({ objective: 'binary:logistic', ...params, seed }),
          },
          {},
        ),
    },
    {},
  );
  const seconds = (performance.now() - began) / 1000;
  return { seconds, loss: study.trials[study.bestTrial ?? -1]?.loss ?? NaN };
}
