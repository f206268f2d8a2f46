import { modelFolder } from '../../interop/mlflow/model-folder';
import { writeOnnx } from '../../interop/onnx/write';
import { writeXgboostJson } from '../../interop/xgboost-json/write';
import { utf8Bytes } from '../../utils/utf8';
import { zipFiles } from '../../utils/zip';
import { allSpecs } from '../specs';
import type { TakenFile } from '../store/types';
import { chosenModel, exampleRows, originOf, requireBooster, type ChosenModel } from './chosen-model';
import type { ExchangeContext } from './context';
import type { ModelChoice, ModelFormat } from './types';

export interface ExportedModelFiles {
  /** "heart_disease-v3", or of a run its id. */
  readonly name: string;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/** The files of a registered model or a run in a format, by name. */
export async function modelFiles(
  { platform, config }: Pick<ExchangeContext, 'platform' | 'config'>,
  model: string,
  { format, ...choice }: ModelChoice & { readonly format: ModelFormat },
): Promise<ExportedModelFiles> {
  const chosen = await chosenModel(platform, model, choice);
  const name = chosen.version ? `${model}-v${chosen.version.version}` : `${model}-${chosen.run.run_id.slice(0, 8)}`;
  const booster = requireBooster(chosen, WORDS[format]);
  if (format === 'xgboost') return { name, files: new Map([['model.json', writeXgboostJson(booster)]]) };
  if (format === 'onnx') return { name, files: new Map([['model.onnx', writeOnnx(booster)]]) };
  const spec = (await allSpecs(platform, config)).find((one) => one.config.name === chosen.run.experiment_id);
  const example = spec ? await exampleRows(platform, spec, chosen) : null;
  return { name, files: modelFolder({ booster, created: createdOf(chosen), metadata: originOf(chosen), example }) };
}

const WORDS: Readonly<Record<ModelFormat, string>> = {
  mlflow: 'an MLflow folder',
  xgboost: "XGBoost's format",
  onnx: 'the ONNX writer',
};

function createdOf({ version, run }: ChosenModel): number {
  return version?.creation_timestamp ?? run.end_time;
}

/** The same as one file: a folder becomes a zip. */
export async function exportModel(
  context: ExchangeContext,
  model: string,
  choice: ModelChoice & { readonly format: ModelFormat },
): Promise<TakenFile> {
  const { name, files } = await modelFiles(context, model, choice);
  if (choice.format === 'mlflow') return { fileName: `${name}-mlflow.zip`, bytes: zipFiles(files) };
  const [[fileName, content] = ['', '']] = files;
  const bytes = typeof content === 'string' ? utf8Bytes(content) : content;
  return { fileName: `${name}${fileName.slice(fileName.lastIndexOf('.'))}`, bytes };
}
