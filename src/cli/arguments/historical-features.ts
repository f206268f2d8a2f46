import { COMMON, needed, oneOf, readFlags, usage } from './flags';

const MODES = ['leak_safe', 'feast'] as const;

/** What `glasshouse historical-features` is asked. */
export interface HistoricalFeaturesArguments {
  readonly verb: 'historical-features';
  /** view:feature, in order; null where a service is named. */
  readonly features: readonly string[] | null;
  readonly service: string | null;
  readonly entities: string;
  readonly out: string;
  readonly mode: (typeof MODES)[number];
  /** Folder with features.yaml. */
  readonly repo: string;
  readonly fullFeatureNames: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

const OPTIONS = {
  features: { type: 'string' },
  service: { type: 'string' },
  entities: { type: 'string' },
  out: { type: 'string' },
  mode: { type: 'string' },
  repo: { type: 'string' },
  'full-feature-names': { type: 'boolean' },
  ...COMMON,
} as const;

/** The flags of `glasshouse historical-features`; null when help is asked for. Throws USAGE sentences. */
export function parseHistoricalFeaturesArguments(args: readonly string[]): HistoricalFeaturesArguments | null {
  const values = readFlags(args, OPTIONS);
  if (values.help) return null;
  if ((values.features === undefined) === (values.service === undefined)) {
    throw usage('Give either --features view:name,… or --service NAME.');
  }
  const features = values.features?.split(',').map((name) => name.trim()) ?? null;
  if (features?.includes('')) throw usage('--features has an empty name; give view:name with commas between them.');
  return {
    verb: 'historical-features',
    features,
    service: values.service ?? null,
    entities: needed('entities', values.entities, 'a .csv, .parquet or .arrow file of entity rows'),
    out: needed('out', values.out, 'the file that the rows go to, for example training.parquet'),
    mode: oneOf('mode', values.mode, MODES) ?? 'leak_safe',
    repo: values.repo ?? '.',
    fullFeatureNames: values['full-feature-names'] ?? false,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}
