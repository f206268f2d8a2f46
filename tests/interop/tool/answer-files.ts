import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModelFile } from '../../../src/interop/read-model-file';
import { writeXgboostJson } from '../../../src/interop/xgboost-json/write';
import { predictMargin } from '../../../src/training/predict';
import { WorkbenchError } from '../../../src/utils/errors';
import { columnsFrom, packed } from './packed';

interface Answer {
  /** float32, [rows * outputs], base64. */
  readonly margins?: string;
  readonly refused?: string;
}

/**
 * Reads every model file of a folder and predicts its `table.json` ({rows, features, values}); the margins go into
 * `answers.json`, those of our own copy of the model, NAME.again.json, beside it.
 */
export function answerFiles(folder: string): void {
  const names = readdirSync(folder).filter((name) => name !== 'table.json' && /\.(ubj|json)$/.test(name));
  const columns = columnsFrom(readFileSync(join(folder, 'table.json'), 'utf8'));
  const answers: Record<string, Answer> = {};
  for (const name of names) answers[name] = answer(folder, name, columns);
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
}

function answer(folder: string, name: string, columns: readonly Float32Array[]): Answer {
  try {
    const booster = readModelFile(new Uint8Array(readFileSync(join(folder, name))));
    writeFileSync(join(folder, `${name}.again.json`), writeXgboostJson(booster));
    return { margins: packed(predictMargin(booster, columns)) };
  } catch (error) {
    if (error instanceof WorkbenchError) return { refused: error.message };
    throw error;
  }
}
