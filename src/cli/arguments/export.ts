import { COMMON, needed, oneOf, readFlags, usage, type FlagOptions } from './flags';
import { parseModelName, type ModelName } from './model-name';

const ONLINE = ['sqlite', 'redis'] as const;
const OFFLINE = ['dask', 'duckdb'] as const;
const FORMATS = ['mlflow', 'xgboost', 'onnx', 'bundle', 'mlflow-store'] as const;
export type ExportFormat = (typeof FORMATS)[number];

/** What `glasshouse export --feast` is asked. */
export interface FeastArguments {
  readonly verb: 'export';
  readonly format: 'feast';
  /** Folder that becomes a Feast repository. */
  readonly feast: string;
  /** Folder with features.yaml. */
  readonly repo: string;
  readonly online: (typeof ONLINE)[number];
  readonly redis: string;
  readonly offline: (typeof OFFLINE)[number];
  readonly json: boolean;
  readonly quiet: boolean;
}

/** What `glasshouse export --format` is asked. */
export interface ExportArguments {
  readonly verb: 'export';
  readonly format: ExportFormat;
  readonly workspace: string;
  /** Null: everything, which bundles and stores can hold. */
  readonly model: ModelName | null;
  /** Run whose model is meant in place of a version. */
  readonly run: string | null;
  readonly out: string;
  readonly config: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

const FEAST = {
  feast: { type: 'string' },
  repo: { type: 'string' },
  online: { type: 'string' },
  redis: { type: 'string' },
  offline: { type: 'string' },
} as const satisfies FlagOptions;

const WORKSPACE = {
  format: { type: 'string' },
  workspace: { type: 'string' },
  model: { type: 'string' },
  run: { type: 'string' },
  out: { type: 'string' },
  config: { type: 'string' },
} as const satisfies FlagOptions;

type Values = ReturnType<typeof readFlags<typeof FEAST & typeof WORKSPACE & typeof COMMON>>;

/** The flags of `glasshouse export`; null when help is asked for. Throws USAGE sentences. */
export function parseExportArguments(args: readonly string[]): FeastArguments | ExportArguments | null {
  const values = readFlags(args, { ...FEAST, ...WORKSPACE, ...COMMON });
  if (values.help) return null;
  if ((values.feast === undefined) === (values.format === undefined)) {
    throw usage(
      `Give --feast DIR for a folder of features, or --format ${FORMATS.join('|')} for a workspace, one of the two.`,
    );
  }
  const strange = Object.keys(values.format === undefined ? WORKSPACE : FEAST).find((flag) =>
    Object.hasOwn(values, flag),
  );
  if (strange !== undefined)
    throw usage(`--${strange} belongs to --${values.format === undefined ? 'format' : 'feast'}.`);
  return values.format === undefined ? feastArguments(values) : workspaceArguments(values);
}

function feastArguments(values: Values): FeastArguments {
  const online = oneOf('online', values.online, ONLINE) ?? (values.redis === undefined ? 'sqlite' : 'redis');
  if (online === 'sqlite' && values.redis !== undefined) throw usage('--redis belongs to --online redis.');
  return {
    verb: 'export',
    format: 'feast',
    feast: needed('feast', values.feast, 'the folder that becomes a Feast repository'),
    repo: values.repo ?? '.',
    online,
    redis: values.redis ?? 'localhost:6379',
    offline: oneOf('offline', values.offline, OFFLINE) ?? 'dask',
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

function workspaceArguments(values: Values): ExportArguments {
  const format = oneOf('format', values.format, FORMATS) ?? 'bundle';
  const model = values.model === undefined ? null : parseModelName('model', values.model);
  const whole = format === 'bundle' || format === 'mlflow-store';
  if (!whole && model === null)
    throw usage(`--model is missing; --format ${format} takes NAME, NAME@champion or NAME/3.`);
  if (format === 'mlflow-store' && model !== null)
    throw usage('--format mlflow-store takes all models; leave --model out.');
  if (whole && values.run !== undefined) throw usage('--run is for one model: --format mlflow, xgboost or onnx.');
  const isVersion = model?.version !== undefined || model?.alias !== undefined;
  if (isVersion && values.run !== undefined)
    throw usage('--run takes the place of a version; give --model NAME with it.');
  if (isVersion && format === 'bundle') throw usage('A bundle holds a model with all its versions; give --model NAME.');
  return {
    verb: 'export',
    format,
    workspace: needed('workspace', values.workspace, 'the bundle to read, as "glasshouse run --workspace" wrote it'),
    model,
    run: values.run ?? null,
    out: needed('out', values.out, 'where it goes'),
    config: values.config ?? null,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}
