import { explainInteractions, explainOutputs } from '../explain/tree-shap';
import { referenceKernels } from '../kernels/reference';
import { makeObjective } from '../training/objectives';
import { predictionsFrom, predictMargins } from '../training/predict';
import { predictLeaf } from '../training/predict-leaf';
import type { Booster } from '../training/types';
import { makeTable, type Column, type Table } from '../utils/columns';
import type { Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import type { PredictArguments } from './arguments/predict';
import { kernelsOf } from './node-platform';

type Titled = readonly [title: string, values: Float64Array];

/**
 * The table that `glasshouse predict` writes, one row a row: `prediction`, `margin` or `probability`, numbered from 0 where
 * a row has several, or leaf numbers; SHAP values and interactions where they are asked for. Throws USAGE where the model has no such output.
 */
export async function predictionTable(
  booster: Booster,
  columns: readonly Float32Array[],
  asked: Pick<PredictArguments, 'output' | 'contribs' | 'interactions'>,
  control: Control,
): Promise<Table> {
  const outputs = await outputColumns(booster, columns, asked.output, control);
  const shap = asked.contribs ? await shapColumns(booster, columns, control) : [];
  const pairs = asked.interactions ? await interactionColumns(booster, columns, control) : [];
  return makeTable(
    [...outputs, ...shap, ...pairs].map(([title, values]) => [title, { type: 'float64', values } satisfies Column]),
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

async function outputColumns(
  booster: Booster,
  columns: readonly Float32Array[],
  output: PredictArguments['output'],
  control: Control,
): Promise<readonly Titled[]> {
  const { objective } = booster.params;
  if (output === 'leaf') return leafColumns(booster, columns);
  const values = await predictMargins(booster, columns, kernelsOf('wasm') ?? referenceKernels, control);
  if (output === 'margin') return numbered('margin', values, columns);
  if (objective === 'multi:softmax' && output === undefined) {
    return numbered('prediction', predictionsFrom(booster, values), columns);
  }
  const title = output === 'probability' || objective.startsWith('multi:') ? 'probability' : 'prediction';
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

/**
 * `shap_<feature>` and `shap_base`, of each output where there are several: `shap_<feature>_0`, …; a feature called base
 * stands as `shap_feature_base`.
 */
async function shapColumns(
  booster: Booster,
  columns: readonly Float32Array[],
  control: Control,
): Promise<readonly Titled[]> {
  const rows = Int32Array.from(columns[0]?.keys() ?? []);
  const outputs = await explainOutputs(booster, columns, rows, control);
  return outputs.flatMap(({ values, base }, output) => {
    const ending = outputs.length === 1 ? '' : `_${output}`;
    const features = booster.featureNames.map((name, feature): Titled => [
      `shap_${name === 'base' ? 'feature_base' : name}${ending}`,
      Float64Array.from(values, (phi) => phi[feature] as number),
    ]);
    return [...features, [`shap_base${ending}`, new Float64Array(rows.length).fill(base)] satisfies Titled];
  });
}

/** `shap_<feature>:<feature>`: main effects, and of each pair of features the half that stands on either side. */
async function interactionColumns(
  booster: Booster,
  columns: readonly Float32Array[],
  control: Control,
): Promise<readonly Titled[]> {
  const rows = Int32Array.from(columns[0]?.keys() ?? []);
  const outputs = await explainInteractions(booster, columns, rows, control);
  const names = booster.featureNames;
  return outputs.flatMap(({ values }, output) =>
    names.flatMap((first, i) =>
      names
        .slice(i)
        .map((second, offset): Titled => [
          `shap_${first}:${second}${outputs.length === 1 ? '' : `_${output}`}`,
          Float64Array.from(values, (pairs) => pairs[i * names.length + i + offset] as number),
        ]),
    ),
  );
}

/** `leaf_<tree>`: the number of the leaf in the model file. */
function leafColumns(booster: Booster, columns: readonly Float32Array[]): readonly Titled[] {
  const leaves = predictLeaf(booster, columns);
  const { length } = booster.trees;
  return booster.trees.map((_, tree) => [
    `leaf_${tree}`,
    Float64Array.from({ length: columns[0]?.length ?? 0 }, (_row, row) => leaves[row * length + tree] as number),
  ]);
}
