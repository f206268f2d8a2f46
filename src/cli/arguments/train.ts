import { COMMON, nameList, needed, oneOf, readFlags, usage, wholeNumber } from './flags';

const BACKENDS = ['wasm', 'js', 'webgpu'] as const;

export type Backend = (typeof BACKENDS)[number];
/** The twins of the kernels. */
export type Twin = Exclude<Backend, 'webgpu'>;

/** What `glasshouse train` is asked. */
export interface TrainArguments {
  readonly verb: 'train';
  readonly data: string;
  readonly label: string;
  /** A file, or JSON itself. */
  readonly params: string | null;
  readonly numBoostRound: number;
  readonly evals: readonly string[];
  readonly earlyStoppingRounds: number | undefined;
  readonly categorical: readonly string[];
  readonly ignore: readonly string[];
  readonly weight: string | null;
  readonly group: string | null;
  readonly baseModel: string | null;
  readonly seed: number | undefined;
  /** The fastest of the CPU when absent. */
  readonly backend: Backend | undefined;
  /** All of the machine when absent. */
  readonly threads: number | undefined;
  readonly out: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** As the `num_boost_round` of XGBoost's `train`. */
const DEFAULT_ROUNDS = 10;

const OPTIONS = {
  data: { type: 'string' },
  label: { type: 'string' },
  params: { type: 'string' },
  'num-boost-round': { type: 'string' },
  eval: { type: 'string', multiple: true },
  'early-stopping-rounds': { type: 'string' },
  categorical: { type: 'string' },
  ignore: { type: 'string' },
  weight: { type: 'string' },
  group: { type: 'string' },
  'base-model': { type: 'string' },
  seed: { type: 'string' },
  backend: { type: 'string' },
  threads: { type: 'string' },
  out: { type: 'string' },
  ...COMMON,
} as const;

/** The flags of `glasshouse train`; null when help is asked for. Throws USAGE sentences. */
export function parseTrainArguments(args: readonly string[]): TrainArguments | null {
  const values = readFlags(args, OPTIONS);
  if (values.help) return null;
  const evals = values.eval ?? [];
  const stopping = wholeNumber('early-stopping-rounds', values['early-stopping-rounds'], 1, 100_000);
  if (stopping !== undefined && evals.length === 0) {
    throw usage('--early-stopping-rounds needs rows to watch; give --eval FILE, or leave it out.');
  }
  const parsed: TrainArguments = {
    verb: 'train',
    data: needed('data', values.data, 'a .csv, .parquet or .arrow file'),
    label: needed('label', values.label, 'the column that is learned'),
    params: values.params ?? null,
    numBoostRound: wholeNumber('num-boost-round', values['num-boost-round'], 1, 100_000) ?? DEFAULT_ROUNDS,
    evals,
    earlyStoppingRounds: stopping,
    categorical: nameList('categorical', values.categorical),
    ignore: nameList('ignore', values.ignore),
    weight: values.weight ?? null,
    group: values.group ?? null,
    baseModel: values['base-model'] ?? null,
    seed: wholeNumber('seed', values.seed, 0, 4_294_967_295),
    threads: wholeNumber('threads', values.threads, 1, 256),
    backend: oneOf('backend', values.backend, BACKENDS),
    out: needed('out', values.out, 'the file that the model goes to, for example model.json'),
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
  refuseSharedColumns(parsed);
  return parsed;
}

/** A column has one role. */
function refuseSharedColumns({ label, weight, group, categorical, ignore }: TrainArguments): void {
  const roles: readonly (readonly [flag: string, columns: readonly string[]])[] = [
    ['label', [label]],
    ['weight', weight === null ? [] : [weight]],
    ['group', group === null ? [] : [group]],
    ['categorical', categorical],
    ['ignore', ignore],
  ];
  const flagOf = new Map<string, string>();
  for (const [flag, columns] of roles) {
    for (const column of columns) {
      const other = flagOf.get(column);
      if (other !== undefined)
        throw usage(`The column ${column} is named by --${other} and by --${flag}; a column has one role.`);
      flagOf.set(column, flag);
    }
  }
}
