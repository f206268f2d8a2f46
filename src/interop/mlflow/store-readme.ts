import type { ExportedStore } from './store-types';

/** How the folder gets into MLflow, in Markdown. */
export function storeReadme({ experiments, models }: ExportedStore): string {
  const runs = experiments.reduce((sum, experiment) => sum + experiment.runs.length, 0);
  const versions = models.reduce((sum, model) => sum + model.versions.length, 0);
  const [model] = models;
  const example = model
    ? `models:/${model.name}@${Object.keys(model.aliases)[0] ?? model.versions[0]?.version ?? 1}`
    : null;
  return [
    '# A Glasshouse tracking store for MLflow',
    '',
    `${experiments.length} experiments with ${runs} runs, and ${models.length} registered models with ${versions} versions.`,
    'Run the commands in this folder: paths in the store are relative to it.',
    '',
    '## Into a new database (MLflow 3.10 and newer)',
    '',
    'Keeps run ids and times. The database must not exist yet; artifacts stay in `mlruns`.',
    '',
    '```',
    'pip install mlflow xgboost',
    'mlflow migrate-filestore --source mlruns --target sqlite:///mlflow.db',
    'mlflow server --backend-store-uri sqlite:///mlflow.db',
    '```',
    '',
    '## Into any tracking server, through its public client',
    '',
    'Gives runs new ids (the old one is the tag `glasshouse.run_id`), uploads artifacts, keeps version numbers. Runs that were',
    'imported before are left as they are.',
    '',
    '```',
    'python import_run.py --tracking-uri "$MLFLOW_TRACKING_URI"',
    '```',
    '',
    '`--prefix NAME-` goes before the names of experiments and models, where those are taken.',
    ...(example === null
      ? []
      : [
          '',
          '## Predict',
          '',
          '```',
          'import mlflow',
          'mlflow.set_tracking_uri("sqlite:///mlflow.db")',
          `model = mlflow.pyfunc.load_model("${example}")`,
          '```',
        ]),
    '',
  ].join('\n');
}
