import { modelFolder } from '../../interop/mlflow/model-folder';
import { writeOnnx } from '../../interop/onnx/write';
import { writeXgboostJson } from '../../interop/xgboost-json/write';
import { utf8Bytes } from '../../utils/utf8';
import { zipFiles } from '../../utils/zip';
import type { ModelSpec } from '../model-spec';
import type { TakenFile } from '../store/types';
import { chosenModel, exampleRows, originOf, requireBooster, type ChosenModel } from './chosen-model';
import type { ExchangeContext } from './context';
import type { ModelChoice, ModelFormat } from './types';

export interface ExportedModelFiles {
  /** "heart_disease-v3", or of a run its id. */
  readonly name: string;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/** The files of a model in a format, by name. */
export async function modelFiles(
  { platform }: Pick<ExchangeContext, 'platform'>,
  spec: ModelSpec,
  { format, ...choice }: ModelChoice & { readonly format: ModelFormat },
): Promise<ExportedModelFiles> {
  const model = spec.config.name;
  const chosen = await chosenModel(platform, model, choice);
  const name = chosen.version ? `${model}-v${chosen.version.version}` : `${model}-${chosen.run.run_id.slice(0, 8)}`;
  const booster = requireBooster(chosen, WORDS[format]);
  if (format === 'xgboost') return { name, files: new Map([['model.json', writeXgboostJson(booster)]]) };
  if (format === 'onnx') return { name, files: new Map([['model.onnx', writeOnnx(booster)]]) };
  const example = await exampleRows(platform, spec, chosen);
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
  spec: ModelSpec,
  choice: ModelChoice & { readonly format: ModelFormat },
): Promise<TakenFile> {
  const { name, files } = await modelFiles(context, spec, choice);
  if (choice.format === 'mlflow') return { fileName: `${name}-mlflow.zip`, bytes: zipFiles(files) };
  const [[fileName, content] = ['', '']] = files;
  const bytes = typeof content === 'string' ? utf8Bytes(content) : content;
  return { fileName: `${name}${fileName.slice(fileName.lastIndexOf('.'))}`, bytes };
}
