import { parseArgs } from 'node:util';
import { version } from '../../package.json';
import { WorkbenchError } from '../utils/errors';

export interface RunArguments {
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
  readonly config: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const USAGE = `glasshouse – the machine-learning lifecycle from the command line

  glasshouse run --model NAME [options]
  glasshouse run --data FILE.csv --label COLUMN --positive RULE [options]

Runs data, features, training, registry, inference and monitoring, and writes what each made.

  --model NAME         a model of config.yaml
  --data FILE          a CSV file instead
  --label COLUMN       its outcome column
  --positive RULE      which values are positive: "> 0", "== yes", "in [a, b]"
  --entity COLUMN      its key column (default: the row number)
  --event-timestamp C  its time column (default: none, so no drift checks)
  --seed N             default: seed of config.yaml
  --rows N             visits to generate (built-in models)
  --max-evals N        configurations to try
  --out DIR            where files go (default: nothing is written)
  --config FILE        default: config.yaml of the package
  --json               one JSON object on standard output, nothing else
  --quiet              no progress
  --help               this text

Exit codes: 0 fine, 1 a check failed, 2 bad usage or input, 3 a bug.
`;

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
  config: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads `glasshouse run` and its flags; a text is to be printed instead (help, version). Throws USAGE sentences. */
export function parseArguments(args: readonly string[]): RunArguments | string {
  const [verb, ...rest] = args;
  if (verb === undefined) throw usage('No command is given; there is run.');
  if (verb === '--help' || verb === '-h' || verb === 'help') return USAGE;
  if (verb === '--version' || verb === '-v') return `${version}\n`;
  if (verb !== 'run') throw usage(`There is no command "${verb}"; there is run.`);
  const values = readFlags(rest);
  if (values.help) return USAGE;
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
    config: values.config ?? null,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

function readFlags(args: string[]) {
  try {
    const { values, tokens } = parseArgs({ args: joined(args), options: OPTIONS, strict: true, tokens: true });
    const named = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const twice = named.find((name, i) => named.indexOf(name) !== i);
    if (twice !== undefined) throw usage(`--${twice} is given twice; give it once.`);
    return values;
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw usage(text.endsWith('.') ? text : `${text}.`);
  }
}

/** "--seed -1" as "--seed=-1", so that the value is judged and not taken for a flag. */
function joined(args: readonly string[]): string[] {
  const out: string[] = [];
  for (const arg of args) {
    const flag = out.at(-1);
    if (/^-[\d.]/.test(arg) && flag?.startsWith('--') && !flag.includes('=')) out[out.length - 1] = `${flag}=${arg}`;
    else out.push(arg);
  }
  return out;
}

function wholeNumber(flag: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (!(value >= low && value <= high)) {
    const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text;
    throw usage(`--${flag} is "${shown}"; it must be a whole number from ${low} to ${high}.`);
  }
  return value;
}

function usage(message: string): WorkbenchError {
  return new WorkbenchError('USAGE', `${message} See glasshouse --help.`);
}
