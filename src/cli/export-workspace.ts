import { join } from 'node:path';
import { modelFiles } from '../pipeline/exchange/export-model';
import { storeFiles } from '../pipeline/exchange/export-store';
import type { ExportArguments } from './arguments/export';
import type { ModelName } from './arguments/model-name';
import type { Outcome, Say } from './outcome';
import { OutputFile } from './output-file';
import { OutputFolder } from './output-folder';
import { OutputTree } from './output-tree';
import { WorkspaceFile } from './workspace-file';

/** The JSON of `glasshouse export --format … --json`; docs/cli.md describes it and a test holds it to its schema. */
export interface WorkspaceExportSummary {
  readonly format: ExportArguments['format'];
  /** Null for everything. */
  readonly model: string | null;
  readonly out: string;
  readonly files: readonly string[];
}

/** Every file an MLflow model folder may have: one of an earlier export must not stay beside another model. */
const MODEL_FILES = [
  'MLmodel',
  'model.json',
  'requirements.txt',
  'python_env.yaml',
  'conda.yaml',
  'input_example.json',
  'serving_input_example.json',
];

/** Takes a model, a store or a bundle out of a workspace. */
export async function exportFromWorkspace(args: ExportArguments, say: Say): Promise<Outcome> {
  say(`reading ${args.workspace} …`);
  const file = await WorkspaceFile.open(args.workspace, { config: args.config, mode: 'read' });
  say(`writing ${args.out} …`);
  const { out, files } = await take(file, args);
  const summary: WorkspaceExportSummary = { format: args.format, model: args.model?.name ?? null, out, files };
  return { summary, text: `${out}: ${files.length > 12 ? `${files.length} files` : files.join(', ')}\n` };
}

interface Taken {
  readonly out: string;
  readonly files: readonly string[];
}

function take(file: WorkspaceFile, args: ExportArguments): Promise<Taken> {
  switch (args.format) {
    case 'bundle':
      return takeBundle(file, args);
    case 'mlflow-store':
      return takeStore(file, args.out);
    default:
      return takeModel(file, args.format, args);
  }
}

async function takeBundle(
  { workspace }: WorkspaceFile,
  { model, out, workspace: input }: ExportArguments,
): Promise<Taken> {
  const path = out.toLowerCase().endsWith('.zip')
    ? out
    : join(out, model ? `${model.name}-bundle.zip` : 'glasshouse-workspace.zip');
  const output = await OutputFile.open(path, ['.zip'], [input]);
  try {
    await output.write((await workspace.exportBundle(model?.name ?? null)).bytes);
  } catch (error) {
    await output.abandon();
    throw error;
  }
  return { out: path, files: [path] };
}

async function takeStore({ platform, config }: WorkspaceFile, out: string): Promise<Taken> {
  const tree = await OutputTree.open(out);
  try {
    const files = await storeFiles({ platform, config });
    await tree.write(files);
    return { out, files: [...files.keys()] };
  } catch (error) {
    await tree.abandon();
    throw error;
  }
}

async function takeModel(
  { platform, config }: WorkspaceFile,
  format: 'mlflow' | 'xgboost' | 'onnx',
  { model, run, out }: ExportArguments,
): Promise<Taken> {
  const { name, ...which }: ModelName = model ?? { name: '' };
  const folder = await OutputFolder.open(out);
  try {
    const choice = { format, ...which, ...(run === null ? {} : { runId: run }) };
    const { files } = await modelFiles({ platform, config }, name, choice);
    await folder.write(files, format === 'mlflow' ? MODEL_FILES : []);
    return { out, files: [...files.keys()] };
  } catch (error) {
    await folder.abandon();
    throw error;
  }
}
