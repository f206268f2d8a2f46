import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeOnnx } from '../../../src/interop/onnx/write';
import { predict, predictMargin } from '../../../src/training/predict';
import type { Booster } from '../../../src/training/types';
import { boundaryTable } from './boundary-table';
import { handmadeBoosters, trainedBoosters } from './boosters';
import { packed, packedRows } from './packed';

const ROWS = 400;

/**
 * Writes NAME.onnx for every kind of booster, and `cases.json` with rows on and beside every threshold and what we
 * predict for them: probabilities of every class for classifiers, else predictions.
 */
export async function writeOnnxCases(folder: string): Promise<void> {
  const cases = [];
  for (const [name, booster] of [...(await trainedBoosters()), ...handmadeBoosters()]) {
    const columns = boundaryTable(booster, ROWS);
    writeFileSync(join(folder, `${name}.onnx`), writeOnnx(booster));
    cases.push({
      name,
      objective: booster.params.objective,
      features: booster.featureNames,
      rows: ROWS,
      values: packedRows(columns),
      margins: packed(predictMargin(booster, columns)),
      predictions: packed(probabilities(booster, columns)),
      labels: booster.params.objective === 'multi:softmax' ? packed(predict(booster, columns)) : null,
    });
  }
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
}

/** Predictions; of every class where there are classes. */
function probabilities(booster: Booster, columns: readonly Float32Array[]): Float32Array {
  const { objective } = booster.params;
  if (objective === 'multi:softmax') {
    return predict({ ...booster, params: { ...booster.params, objective: 'multi:softprob' } }, columns);
  }
  const predictions = predict(booster, columns);
  return objective === 'binary:logistic'
    ? Float32Array.from({ length: 2 * predictions.length }, (_, i) => {
        const positive = predictions[i >> 1] as number;
        return i % 2 === 1 ? positive : 1 - positive;
      })
    : predictions;
}
