import { COMMON, decimal, nameList, needed, oneOf, readFlags, usage, wholeNumber } from './flags';

const ALGORITHMS = ['tpe', 'random', 'grid'] as const;
const PRUNERS = ['none', 'median', 'asha'] as const;

/** What `glasshouse tune` is asked. */
export interface TuneArguments {
  readonly verb: 'tune';
  readonly data: string;
  readonly label: string;
  /** A file, or JSON itself. */
  readonly space: string;
  /** Parameters that are not searched: a file, or JSON itself. */
  readonly params: string | null;
  readonly maxEvals: number;
  readonly algorithm: (typeof ALGORITHMS)[number];
  readonly multivariate: boolean;
  readonly pruner: (typeof PRUNERS)[number];
  readonly parallelism: number;
  readonly folds: number;
  readonly numBoostRound: number;
  readonly earlyStoppingRounds: number;
  /** Seconds; null for no end. */
  readonly timeout: number | null;
  /** Trials without a better loss; null for no end. */
  readonly noProgress: number | null;
  readonly categorical: readonly string[];
  readonly ignore: readonly string[];
  readonly weight: string | null;
  readonly seed: number | undefined;
  /** Where the best model goes, trained on all rows; nowhere when null. */
  readonly out: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

const OPTIONS = {
  data: { type: 'string' },
  label: { type: 'string' },
  space: { type: 'string' },
  params: { type: 'string' },
  'max-evals': { type: 'string' },
  algo: { type: 'string' },
  multivariate: { type: 'boolean' },
  pruner: { type: 'string' },
  parallelism: { type: 'string' },
  folds: { type: 'string' },
  'num-boost-round': { type: 'string' },
  'early-stopping-rounds': { type: 'string' },
  timeout: { type: 'string' },
  'no-progress': { type: 'string' },
  categorical: { type: 'string' },
  ignore: { type: 'string' },
  weight: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  ...COMMON,
} as const;

/** The flags of `glasshouse tune`; null when help is asked for. Throws USAGE sentences. */
export function parseTuneArguments(args: readonly string[]): TuneArguments | null {
  const values = readFlags(args, OPTIONS);
  if (values.help) return null;
  const algorithm = oneOf('algo', values.algo, ALGORITHMS) ?? 'tpe';
  if (values.multivariate && algorithm !== 'tpe') throw usage('--multivariate belongs to --algo tpe; leave it out.');
  return {
    verb: 'tune',
    data: needed('data', values.data, 'a .csv, .parquet or .arrow file'),
    label: needed('label', values.label, 'the column that is learned'),
    space: needed('space', values.space, 'a JSON or YAML file of parameters, or JSON itself'),
    params: values.params ?? null,
    maxEvals: wholeNumber('max-evals', values['max-evals'], 1, 10_000) ?? 50,
    algorithm,
    multivariate: values.multivariate ?? false,
    pruner: oneOf('pruner', values.pruner, PRUNERS) ?? 'none',
    parallelism: wholeNumber('parallelism', values.parallelism, 1, 64) ?? 1,
    folds: wholeNumber('folds', values.folds, 1, 20) ?? 5,
    numBoostRound: wholeNumber('num-boost-round', values['num-boost-round'], 1, 100_000) ?? 200,
    earlyStoppingRounds: wholeNumber('early-stopping-rounds', values['early-stopping-rounds'], 1, 100_000) ?? 20,
    timeout: decimal('timeout', values.timeout) ?? null,
    noProgress: wholeNumber('no-progress', values['no-progress'], 1, 10_000) ?? null,
    categorical: nameList('categorical', values.categorical),
    ignore: nameList('ignore', values.ignore),
    weight: values.weight ?? null,
    seed: wholeNumber('seed', values.seed, 0, 4_294_967_295),
    out: values.out ?? null,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}
