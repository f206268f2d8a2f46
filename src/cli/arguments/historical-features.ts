import { COMMON, moment, needed, oneOf, readFlags, usage } from './flags';

const MODES = ['leak_safe', 'feast'] as const;

/** Which rows get features: exactly one way is given. Times are microseconds since 1970 UTC. */
export type AskedEntities =
  | { readonly by: 'file'; readonly path: string }
  | { readonly by: 'sql'; readonly sql: string }
  | { readonly by: 'range'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly by: 'snapshot'; readonly at: number };

/** What `glasshouse historical-features` is asked. */
export interface HistoricalFeaturesArguments {
  readonly verb: 'historical-features';
  /** view:feature, in order; null where a service is named. */
  readonly features: readonly string[] | null;
  readonly service: string | null;
  readonly entities: AskedEntities;
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
  'entity-sql': { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  at: { type: 'string' },
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
    entities: entitiesOf(values),
    out: needed('out', values.out, 'the file that the rows go to, for example training.parquet'),
    mode: oneOf('mode', values.mode, MODES) ?? 'leak_safe',
    repo: values.repo ?? '.',
    fullFeatureNames: values['full-feature-names'] ?? false,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

interface EntityFlags {
  readonly entities?: string | undefined;
  readonly 'entity-sql'?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly at?: string | undefined;
}

function entitiesOf({ entities, 'entity-sql': sql, from, to, at }: EntityFlags): AskedEntities {
  const range = from !== undefined || to !== undefined;
  const ways = [entities !== undefined, sql !== undefined, range, at !== undefined].filter(Boolean).length;
  if (ways !== 1) {
    throw usage(
      `${ways === 0 ? 'Say which rows get features' : 'Rows get features in one way'}: give one of --entities FILE, --entity-sql SQL, --from T and --to T, or --at T.`,
    );
  }
  if (sql !== undefined) return { by: 'sql', sql: needed('entity-sql', sql, 'a SELECT over the tables') };
  if (at !== undefined) return { by: 'snapshot', at: moment('at', at) };
  if (range) {
    return {
      by: 'range',
      from: from === undefined ? undefined : moment('from', from),
      to: to === undefined ? undefined : moment('to', to),
    };
  }
  return { by: 'file', path: needed('entities', entities, 'a .csv, .parquet or .arrow file of entity rows') };
}
