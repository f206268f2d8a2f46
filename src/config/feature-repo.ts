import { findingsOf, type ConfigFault } from './faults';
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
const column = z.string().min(1);
const tags = z.record(z.string(), z.string()).optional();
const described = { description: z.string().optional(), tags, owner: z.string().optional() };

/** Seconds, or text as in 90d, 12h, 30m, 45s. */
const duration = z.union([
  z.number().min(0),
  z.string().regex(/^\d+(\.\d+)?[smhdw]$/, 'a time such as 45s, 30m, 12h, 90d or 2w'),
]);

const repoField = z.strictObject({
  name,
  dtype: z.enum(REPO_TYPES),
  /** SQL over the source's columns; the column of the field's name when left out. */
  expression: z.string().min(1).optional(),
  aggregate: z
    .strictObject({ function: z.enum(['count', 'sum', 'mean', 'min', 'max', 'last', 'distinct']), window: duration })
    .optional(),
  description: z.string().optional(),
});

const repoProjection = z.strictObject({
  view: name,
  features: z.array(name).min(1).optional(),
  name: name.optional(),
  join_key_map: z.record(z.string(), z.string()).optional(),
});

export const featureRepoSchema = z.strictObject({
  project: z.string().regex(/^[A-Za-z0-9][\w-]{0,99}$/, 'a name of letters, digits, _ and -'),
  entities: z.array(
    z.strictObject({
      name,
      join_keys: z.array(column).min(1).optional(),
      value_type: z.enum(SCALAR_TYPES).optional(),
      ...described,
    }),
  ),
  sources: z
    .array(
      z.strictObject({
        name,
        path: z.string().min(1),
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
        entities: z.array(name).default([]),
        source: name,
        ttl: duration.default(0),
        schema: z.array(repoField).min(1),
        online: z.boolean().default(true),
        ...described,
      }),
    )
    .min(1),
  on_demand_feature_views: z
    .array(
      z.strictObject({
        name,
        mode: z
          .string()
          .regex(/^sql$/, 'sql (a folder has no functions: write each feature as an SQL expression)')
          .optional(),
        sources: z.array(name).min(1),
        schema: z.array(repoField.omit({ aggregate: true }).required({ expression: true })).min(1),
        ...described,
      }),
    )
    .default([]),
  feature_services: z
    .array(z.strictObject({ name, features: z.array(z.union([name, repoProjection])).min(1), ...described }))
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

const schemaOf = schemaLookup(featureRepoSchema);

/** Reads a features.yaml: its definitions, or all faults of form in the order of lines. */
export function loadFeatureRepo(
  text: string,
): { readonly repo: FeatureRepo } | { readonly faults: readonly ConfigFault[] } {
  const read = readYamlText(text, 'project: my_project');
  if ('faults' in read) return read;
  const parsed = featureRepoSchema.safeParse(read.root);
  if (parsed.success) return { repo: parsed.data };
  return { faults: read.place(parsed.error.issues.flatMap((issue) => findingsOf(issue, read.root, schemaOf))) };
}
