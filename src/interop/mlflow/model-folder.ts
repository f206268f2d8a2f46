import type { Booster } from '../../training/types';
import { sha256Hex } from '../../utils/hash';
import { writeXgboostJson } from '../xgboost-json/write';
import { yamlText, type Yaml } from './yaml';

/** The MLflow whose format is written; older and newer ones read it. */
export const MLFLOW_VERSION = '3.6.0';
const PYTHON_VERSION = '3.11.9';
/** Loose, so that what is installed where the model is loaded mostly fits. */
const REQUIREMENTS = ['mlflow>=2.9', 'xgboost>=1.7', 'pandas', 'numpy'];

/** Rows as MLflow's orientation "split"; null is missing. */
export interface InputExample {
  readonly columns: readonly string[];
  readonly data: readonly (readonly (number | null)[])[];
}

export interface ModelFolderRequest {
  readonly booster: Booster;
  /** Milliseconds, wall clock. */
  readonly created: number;
  /** Where it comes from, for MLmodel's `metadata`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Null leaves the examples out. */
  readonly example: InputExample | null;
}

/**
 * A booster as an MLflow model folder, texts by path, which `mlflow.pyfunc.load_model` loads (flavors python_function and
 * xgboost; held to MLflow 3.18). The signature has the booster's features in its order, numbers all "double": MLflow
 * refuses a missing value in a whole-number column. A prediction is what the objective gives: a probability for
 * binary:logistic. Equal requests give equal texts.
 */
export function modelFolder(request: ModelFolderRequest): ReadonlyMap<string, string> {
  const { booster, example } = request;
  const modelJson = writeXgboostJson(booster);
  const files = new Map([
    ['MLmodel', yamlText(descriptor(request, modelJson))],
    ['model.json', modelJson],
    ['requirements.txt', `${REQUIREMENTS.join('\n')}\n`],
    [
      'python_env.yaml',
      yamlText({ python: PYTHON_VERSION, build_dependencies: ['pip'], dependencies: ['-r requirements.txt'] }),
    ],
    ['conda.yaml', yamlText(condaEnvironment())],
  ]);
  if (example) {
    files.set('input_example.json', JSON.stringify(example));
    files.set('serving_input_example.json', JSON.stringify({ dataframe_split: example }));
  }
  return files;
}

function descriptor(
  { booster, created, metadata, example }: ModelFolderRequest,
  modelJson: string,
): { readonly [key: string]: Yaml } {
  return {
    flavors: {
      python_function: {
        data: 'model.json',
        env: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' },
        loader_module: 'mlflow.xgboost',
        python_version: PYTHON_VERSION,
      },
      xgboost: {
        code: null,
        data: 'model.json',
        model_class: 'xgboost.core.Booster',
        model_format: 'json',
        xgb_version: '2.1.4',
      },
    },
    metadata: { ...metadata },
    mlflow_version: MLFLOW_VERSION,
    model_uuid: sha256Hex(modelJson).slice(0, 32),
    ...(example
      ? {
          saved_input_example_info: {
            artifact_path: 'input_example.json',
            pandas_orient: 'split',
            serving_input_path: 'serving_input_example.json',
            type: 'dataframe',
          },
        }
      : {}),
    signature: signatureOf(booster),
    utc_time_created: `${new Date(created).toISOString().slice(0, 23).replace('T', ' ')}000`,
  };
}

/** Texts of JSON, as MLflow keeps them. */
function signatureOf({ featureNames, params }: Booster): Yaml {
  const classes = params.num_class;
  const shape = params.objective === 'multi:softprob' ? [-1, classes] : [-1];
  return {
    inputs: JSON.stringify(featureNames.map((name) => ({ type: 'double', name, required: true }))),
    outputs: JSON.stringify([{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape } }]),
    params: null,
  };
}

/** The columns of a signature as a data set's schema, which MLflow keeps of a run's inputs. */
export function columnsJson(names: readonly string[]): string {
  return JSON.stringify({ mlflow_colspec: names.map((name) => ({ type: 'double', name, required: true })) });
}

function condaEnvironment(): { readonly [key: string]: Yaml } {
  return {
    name: 'mlflow-env',
    channels: ['conda-forge'],
    dependencies: [`python=${PYTHON_VERSION}`, 'pip', { pip: REQUIREMENTS }],
  };
}
