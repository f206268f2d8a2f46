import { COMMON, needed, oneOf, readFlags } from './flags';

const OUTPUTS = ['margin', 'probability', 'leaf'] as const;

/** What `glasshouse predict` is asked. */
export interface PredictArguments {
  readonly verb: 'predict';
  readonly model: string;
  readonly data: string;
  readonly out: string;
  /** The objective's own prediction when absent. */
  readonly output: (typeof OUTPUTS)[number] | undefined;
  readonly contribs: boolean;
  readonly interactions: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

const OPTIONS = {
  model: { type: 'string' },
  data: { type: 'string' },
  out: { type: 'string' },
  output: { type: 'string' },
  contribs: { type: 'boolean' },
  interactions: { type: 'boolean' },
  ...COMMON,
} as const;

/** The flags of `glasshouse predict`; null when help is asked for. Throws USAGE sentences. */
export function parsePredictArguments(args: readonly string[]): PredictArguments | null {
  const values = readFlags(args, OPTIONS);
  if (values.help) return null;
  return {
    verb: 'predict',
    model: needed('model', values.model, 'a model file, for example model.json'),
    data: needed('data', values.data, 'a .csv, .parquet or .arrow file'),
    out: needed('out', values.out, 'the file that predictions go to, for example predictions.csv'),
    output: oneOf('output', values.output, OUTPUTS),
    contribs: values.contribs ?? false,
    interactions: values.interactions ?? false,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}
