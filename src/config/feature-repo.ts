import { findingsOf, type ConfigFault, type Finding } from './faults';
import { schemaLookup } from './json-schema';
import { readYamlText } from './yaml-text';
import { z } from './zod';

/** Feast's names of single values (feast.types). */
export const SCALAR_TYPES = ['Bool', 'Int32', 'Int64', 'Float32', 'Float64', 'String', 'UnixTimestamp'] as const;

/** Those, and lists of them. */
export const REPO_TYPES = [...SCALAR_TYPES, ...SCALAR_TYPES.map((type) => `Array(${type})` as const)] as const;

const name = z
  .string()
  .regex(/^[A-Za-z]\w{0,99}$/, 'a name of letters, digits and _ that begins with a letter')
  .describe('Letters, digits and _.');
/** XGBoost refuses [ ] and < in names, ":" parts a view from a feature, and Feast passes "__" over. */
const freeName = z
  .string()
  .regex(
    /^(?!__)[^[\]<>:\p{Cc}]{1,200}$/u,
    'a name of at most 200 characters without [ ] < > and : that does not begin with __',
  );
const column = z.string().min(1);
const tags = z.record(z.string(), z.string()).optional();
const described = { description: z.string().optional(), tags, owner: z.string().optional() };

/** Seconds, or text as in 90d, 12h, 30m, 45s. */
const duration = z.union([
  z.number().min(0),
  z.string().regex(/^\d+(\.\d+)?[smhdw]$/, 'a time such as 45s, 30m, 12h, 90d or 2w'),
]);

const expectation = z.strictObject({
  /** Smallest and largest value, inclusive; times in microseconds since 1970. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** The only values there may be, as text. */
  in: z.array(z.string()).min(1).optional(),
  /** Share of missing values at most. */
  null_share: z.number().min(0).max(1).optional(),
  severity: z.enum(['warn', 'refuse']).optional(),
});

const repoField = z.strictObject({
  name: freeName,
  dtype: z.enum(REPO_TYPES),
  /** SQL over the source's columns; the column of the field's name when left out. */
  expression: z.string().min(1).optional(),
  aggregate: z
    .strictObject({ function: z.enum(['count', 'sum', 'mean', 'min', 'max', 'last', 'distinct']), window: duration })
    .optional(),
  description: z.string().optional(),
  expect: expectation.optional(),
});

const repoProjection = z.strictObject({
  view: name,
  features: z.array(freeName).min(1).optional(),
  name: name.optional(),
  join_key_map: z.record(z.string(), z.string()).optional(),
});

/** A whole view, or view:feature. */
const serviceItem = z
  .string()
  .regex(/^[A-Za-z]\w{0,99}(:[^[\]<>:\p{Cc}]{1,200})?$/u, 'a view or view:feature, as in vitals or vitals:resting_bp');

export const featureRepoSchema = z.strictObject({
  project: z.string().regex(/^[A-Za-z0-9][\w-]{0,99}$/, 'a name of letters, digits, _ and -'),
  entities: z.array(
    z.strictObject({
      name: freeName,
      join_keys: z.array(column).min(1).optional(),
      value_type: z.enum(SCALAR_TYPES).optional(),
      ...described,
    }),
  ),
  sources: z
    .array(
      z.strictObject({
        name,
        /** A file inside the folder, or a raw table of the workspace. */
        path: z.string().min(1).optional(),
        table: z.string().min(1).optional(),
        timestamp_field: column,
        created_timestamp_column: column.optional(),
        field_mapping: z.record(z.string(), z.string()).optional(),
        ...described,
      }),
    )
    .min(1),
  push_sources: z.array(z.strictObject({ name, batch_source: name, ...described })).default([]),
  request_sources: z
    .array(
      z.strictObject({
        name,
        schema: z.array(z.strictObject({ name: column, dtype: z.enum(REPO_TYPES) })).min(1),
        ...described,
      }),
    )
    .default([]),
  feature_views: z
    .array(
      z.strictObject({
        name,
        entities: z.array(freeName).default([]),
        source: name,
        ttl: duration.default(0),
        schema: z.array(repoField).min(1),
        online: z.boolean().optional(),
        offline: z.boolean().optional(),
        /** How old the newest event may be when the view is materialized. */
        freshness: duration.optional(),
        ...described,
      }),
    )
    .min(1),
  on_demand_feature_views: z
    .array(
      z.strictObject({
        name,
        /** typescript only in the page: the view is a function of the model's folder. */
        mode: z.enum(['sql', 'typescript']).optional(),
        sources: z.array(name).min(1),
        schema: z.array(repoField.omit({ aggregate: true }).required({ expression: true })).min(1),
        ...described,
      }),
    )
    .default([]),
  feature_services: z
    .array(z.strictObject({ name, features: z.array(z.union([serviceItem, repoProjection])).min(1), ...described }))
    .default([]),
});

/** The definitions of a folder as its features.yaml has them. */
export type FeatureRepo = z.output<typeof featureRepoSchema>;

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** A duration of the file in seconds. */
export function secondsOf(value: number | string): number {
  if (typeof value === 'number') return value;
  return Number(value.slice(0, -1)) * SECONDS[value.slice(-1) as keyof typeof SECONDS];
}

/** Seconds as the file has them: 45s, 30m, 12h or 90d where that is exact, else the number. */
export function durationText(seconds: number): number | string {
  if (!Number.isSafeInteger(seconds) || seconds <= 0) return seconds;
  const unit = (['d', 'h', 'm'] as const).find((one) => seconds % SECONDS[one] === 0);
  return unit ? `${seconds / SECONDS[unit]}${unit}` : `${seconds}s`;
}

const schemaOf = schemaLookup(featureRepoSchema);

/** What a source's rows are in: a file of a folder, or a raw table of a workspace. */
export type SourceDoor = 'path' | 'table';

/** Definitions of the right form, and where each value stands. */
export interface LoadedFeatureRepo {
  readonly repo: FeatureRepo;
  place(findings: readonly Finding[]): readonly ConfigFault[];
}

/** Reads a features.yaml: its definitions, or all faults of form in the order of lines. */
export function loadFeatureRepo(
  text: string,
  door: SourceDoor = 'path',
): LoadedFeatureRepo | { readonly faults: readonly ConfigFault[] } {
  const read = readYamlText(text, 'project: my_project');
  if ('faults' in read) return read;
  nameTypes(read.root);
  const parsed = featureRepoSchema.safeParse(read.root);
  const findings = parsed.success
    ? [...doorFindings(parsed.data, door), ...modeFindings(parsed.data, door)]
    : parsed.error.issues.flatMap((issue) => findingsOf(issue, read.root, schemaOf));
  if (parsed.success && findings.length === 0) return { repo: parsed.data, place: (found) => read.place(found) };
  return { faults: read.place(findings) };
}

/** Types by other spellings (float64, timestamp, int64[]) get Feast's, in place. */
function nameTypes(node: unknown): void {
  if (Array.isArray(node)) node.forEach(nameTypes);
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if ((key === 'dtype' || key === 'value_type') && typeof value === 'string')
      Reflect.set(node, key, feastType(value));
    else nameTypes(value);
  }
}

const SPELLINGS: Readonly<Record<string, string>> = Object.fromEntries([
  ...REPO_TYPES.map((type) => [type.toLowerCase(), type] as const),
  ...SCALAR_TYPES.map((type) => [`${type.toLowerCase()}[]`, `Array(${type})`] as const),
  ['timestamp', 'UnixTimestamp'],
  ['array(timestamp)', 'Array(UnixTimestamp)'],
  ['timestamp[]', 'Array(UnixTimestamp)'],
]);

function feastType(text: string): string {
  const spelling = text.toLowerCase().replace(/\s+/g, '');
  return Object.hasOwn(SPELLINGS, spelling) ? (SPELLINGS[spelling] ?? text) : text;
}

/** A folder of definitions has no functions. */
function modeFindings({ on_demand_feature_views: views }: FeatureRepo, door: SourceDoor): readonly Finding[] {
  if (door === 'table') return [];
  const expected = 'sql, with each feature as an SQL expression, since a folder has no functions';
  return views.flatMap(({ mode }, at): Finding[] =>
    mode === 'typescript'
      ? [
          {
            path: ['on_demand_feature_views', at, 'mode'],
            at: 'value',
            expected,
            suggestion: 'sql',
            message: `is typescript; expected ${expected}`,
          },
        ]
      : [],
  );
}

function doorFindings(repo: FeatureRepo, door: SourceDoor): readonly Finding[] {
  const [other, expected] =
    door === 'path'
      ? (['table', 'path, a file inside the folder'] as const)
      : (['path', 'table, the name of a raw table'] as const);
  return repo.sources.flatMap((source, at): Finding[] => {
    const about = { path: ['sources', at, other], at: 'key', expected, suggestion: door } as const;
    if (source[other] !== undefined) return [{ ...about, message: `is not read here; expected ${expected}` }];
    if (source[door] !== undefined) return [];
    return [{ ...about, path: ['sources', at, door], at: 'value', message: `is missing; expected ${expected}` }];
  });
}
