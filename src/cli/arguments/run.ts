import { COMMON, readFlags, usage, wholeNumber } from './flags';

/** What `glasshouse run` is asked. */
export interface RunArguments {
  readonly verb: 'run';
  readonly model: string | null;
  readonly data: string | null;
  readonly label: string | null;
  readonly positive: string | null;
  readonly entity: string | null;
  readonly eventTimestamp: string | null;
  readonly seed: number | undefined;
  readonly rows: number | undefined;
  readonly maxEvals: number | undefined;
  readonly out: string | null;
  /** Bundle that is gone on with and written; made where it is missing. */
  readonly workspace: string | null;
  readonly config: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

const OPTIONS = {
  model: { type: 'string' },
  data: { type: 'string' },
  label: { type: 'string' },
  positive: { type: 'string' },
  entity: { type: 'string' },
  'event-timestamp': { type: 'string' },
  seed: { type: 'string' },
  rows: { type: 'string' },
  'max-evals': { type: 'string' },
  out: { type: 'string' },
  workspace: { type: 'string' },
  config: { type: 'string' },
  ...COMMON,
} as const;

/** The flags of `glasshouse run`; null when help is asked for. Throws USAGE sentences. */
export function parseRunArguments(args: readonly string[]): RunArguments | null {
  const values = readFlags(args, OPTIONS);
  if (values.help) return null;
  if ((values.model === undefined) === (values.data === undefined))
    throw usage('Give --model NAME or --data FILE, one of the two.');
  if (values.data !== undefined && (values.label === undefined || values.positive === undefined)) {
    throw usage('--data also needs --label COLUMN and --positive RULE, for example --label num --positive ">0".');
  }
  for (const flag of ['label', 'positive', 'entity', 'event-timestamp'] as const) {
    if (values.model !== undefined && values[flag] !== undefined)
      throw usage(`--${flag} belongs to --data; config.yaml says it for --model.`);
  }
  if (values.data !== undefined && values.rows !== undefined)
    throw usage('--rows is for generated data; a file is read whole.');
  return {
    verb: 'run',
    model: values.model ?? null,
    data: values.data ?? null,
    label: values.label ?? null,
    positive: values.positive ?? null,
    entity: values.entity ?? null,
    eventTimestamp: values['event-timestamp'] ?? null,
    seed: wholeNumber('seed', values.seed, 0, 4_294_967_295),
    rows: wholeNumber('rows', values.rows, 1000, 5_000_000),
    maxEvals: wholeNumber('max-evals', values['max-evals'], 1, 10_000),
    out: values.out ?? null,
    workspace: values.workspace ?? null,
    config: values.config ?? null,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}
