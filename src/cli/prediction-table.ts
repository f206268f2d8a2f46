import { explainRows } from '../explain/tree-shap';
import { makeObjective } from '../training/objectives';
import { predict, predictMargin } from '../training/predict';
import type { Booster } from '../training/types';
import { makeTable, type Column, type Table } from '../utils/columns';
import type { Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import type { PredictArguments } from './arguments/predict';

type Titled = readonly [title: string, values: Float64Array];

/**
 * The table that `glasshouse predict` writes, one row a row: `prediction`, `margin` or `probability`, numbered from 0 where
 * a row has several, and SHAP values where they are asked for. Throws USAGE where the model has no such output.
 */
export async function predictionTable(
  booster: Booster,
  columns: readonly Float32Array[],
  asked: Pick<PredictArguments, 'output' | 'contribs'>,
  control: Control,
): Promise<Table> {
  const outputs = outputColumns(booster, columns, asked.output);
  const shap = asked.contribs ? await shapColumns(booster, columns, control) : [];
  return makeTable(
    [...outputs, ...shap].map(([title, values]) => [title, { type: 'float64', values } satisfies Column]),
  );
}

/** Throws USAGE where a model has no such output. */
export function checkOutput({ params: { objective } }: Booster, output: PredictArguments['output']): void {
  if (output !== 'probability' || objective.endsWith('logistic') || objective.startsWith('multi:')) return;
  throw new WorkbenchError(
    'USAGE',
    `--output is probability, but ${objective} gives none; leave --output out, or give margin.`,
  );
}

function outputColumns(
  booster: Booster,
  columns: readonly Float32Array[],
  output: PredictArguments['output'],
): readonly Titled[] {
  const { objective } = booster.params;
  if (output === 'margin') return numbered('margin', predictMargin(booster, columns), columns);
  if (objective === 'multi:softmax' && output === undefined) {
    return numbered('prediction', predict(booster, columns), columns);
  }
  const title = output === 'probability' || objective.startsWith('multi:') ? 'probability' : 'prediction';
  const values = predictMargin(booster, columns);
  makeObjective(objective, booster.params).toPredictions(values);
  return numbered(title, values, columns);
}

/** One column an output, from values that stand row by row. */
function numbered(title: string, values: Float32Array, columns: readonly Float32Array[]): readonly Titled[] {
  const rows = columns[0]?.length ?? 0;
  const outputs = rows === 0 ? 1 : values.length / rows;
  return Array.from({ length: outputs }, (_, output) => [
    outputs === 1 ? title : `${title}_${output}`,
    Float64Array.from({ length: rows }, (_row, row) => values[row * outputs + output] as number),
  ]);
}

/** `shap_<feature>` and `shap_base`; a feature called base stands as `shap_feature_base`. */
async function shapColumns(
  booster: Booster,
  columns: readonly Float32Array[],
  control: Control,
): Promise<readonly Titled[]> {
  const rows = Int32Array.from(columns[0]?.keys() ?? []);
  const { values, base } = await explainRows(booster, columns, rows, control);
  const features = booster.featureNames.map((name, feature): Titled => [
    name === 'base' ? 'shap_feature_base' : `shap_${name}`,
    Float64Array.from(values, (phi) => phi[feature] as number),
  ]);
  return [...features, ['shap_base', new Float64Array(rows.length).fill(base)]];
}
