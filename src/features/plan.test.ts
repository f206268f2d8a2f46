import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { loadFeatureRepo } from '../config/feature-repo';
import { canonicalJson } from '../utils/hash';
import { canonicalDefinitions } from './canonical';
import { definitionChanges } from './definition-changes';
import { objectVersions, planDefinitions } from './plan';
import { definitionsFromRepo, readRepoDefinitions } from './repo';
import { featureRepoText } from './repo-text';
import type { Expectation, FeatureDefinitions, FeatureView, Field, ValueType } from './types';

const SCALARS = ['bool', 'int32', 'int64', 'float32', 'float64', 'string', 'timestamp'] as const;
const TYPES: readonly ValueType[] = [...SCALARS, ...SCALARS.map((type) => `${type}[]` as const)];

/** Texts that YAML, CSV and people trip over. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 24 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '1e3',
    '0x1F',
    '2026-03-01',
    ' lead',
    'tail ',
    '- a',
    '# no',
    ': ',
    "it's",
    '"',
    '|',
    '>-',
    'a\nb\n',
    '\t',
    '%',
    '&a',
    '*a',
    '!t',
    '{}',
    '\u2028',
    '\u0085',
    '\ud800',
  ),
);
const words = text.filter((one) => one !== '');
const identifier = fc.stringMatching(/^[A-Za-z]\w{0,12}$/);
const featureName = fc.oneof(
  identifier,
  words.filter((one) => /^(?!__)[^[\]<>:\p{Cc}]{1,200}$/u.test(one) && one.length <= 200),
);
const seconds = fc.oneof(fc.integer({ min: 1, max: 1e8 }), fc.constantFrom(60, 3600, 86_400, 604_800, 0.5, 1.25e-7));
const some = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const plainKey = words.filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key));
const described = {
  description: some(text),
  owner: some(text),
  tags: some(fc.dictionary(plainKey, text, { maxKeys: 3, noNullPrototype: true })),
};

const expectation: fc.Arbitrary<Expectation> = fc.record({
  in: some(fc.array(text, { minLength: 1, maxLength: 3 })),
  null_share: some(fc.double({ min: 0, max: 1, noNaN: true })),
  severity: some(fc.constantFrom('warn', 'refuse')),
});

/** A type that fits the aggregate, and of the values expected those that fit the type. */
function typed(
  { dtype: any, expect: expected }: { readonly dtype: ValueType; readonly expect?: Expectation | undefined },
  aggregate: { readonly function: string } | undefined,
): Pick<Field, 'dtype' | 'expect'> {
  const dtype = aggregate?.function === 'count' ? 'int64' : any;
  if (!expected?.in || dtype === 'string') return { dtype };
  const { in: _texts, ...others } = expected;
  if (dtype === 'bool') return { dtype, expect: { ...others, in: ['true'] } };
  if (dtype === 'int32' || dtype === 'int64') return { dtype, expect: { ...others, in: ['-3', '007'] } };
  return { dtype, expect: { ...others, null_share: 0.5 } };
}

const field: fc.Arbitrary<Field> = fc
  .record({
    name: featureName,
    dtype: fc.constantFrom(...TYPES),
    expression: some(words),
    aggregate: some(fc.record({ function: fc.constantFrom('count', 'last'), window: seconds })),
    description: some(text),
    expect: some(expectation),
  })
  .map(({ expression, aggregate, ...rest }) => ({ expression, aggregate, ...rest, ...typed(rest, aggregate) }))
  .map(({ expression, aggregate, ...rest }) => ({
    ...rest,
    expression: expression ?? `"${rest.name.replaceAll('"', '""')}"`,
    ...(aggregate ? { aggregate } : {}),
  }));

const lower = ({ name }: { readonly name: string }) => name.toLowerCase();
const unique = <T extends { readonly name: string }>(of: fc.Arbitrary<T>, minLength: number) =>
  fc.uniqueArray(of, { minLength, maxLength: 3, selector: lower });

/** Definitions without faults, odd texts included. */
const anyDefinitions: fc.Arbitrary<FeatureDefinitions> = fc
  .record({
    entities: unique(
      fc.record({
        name: featureName,
        join_keys: some(fc.uniqueArray(words, { minLength: 1, maxLength: 2 })),
        ...described,
      }),
      1,
    ),
    sources: unique(
      fc.record({
        name: identifier,
        table: words,
        timestamp_field: words,
        created_timestamp_column: some(words),
        field_mapping: some(fc.dictionary(plainKey, words, { maxKeys: 2, noNullPrototype: true })),
        ...described,
      }),
      1,
    ),
    views: unique(
      fc.record({
        name: identifier,
        entity: fc.nat(),
        source: fc.nat(),
        ttl: fc.oneof(fc.constant(0), seconds),
        schema: unique(field, 1),
        online: some(fc.boolean()),
        offline: some(fc.boolean()),
        freshness: some(seconds),
        ...described,
      }),
      1,
    ),
    trained: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    whole: fc.boolean(),
    service: fc.record({ name: identifier, ...described }),
  })
  .map(({ entities, sources, views, trained, whole, service }) => {
    const made = entities.map((entity) => ({
      ...entity,
      join_keys: (entity.join_keys ?? [entity.name]).map((key) => `key ${key}`),
    }));
    const joined = views.map(({ entity, source, ...view }) => ({
      ...view,
      entities: made.length > 0 && entity % 3 > 0 ? [made[entity % made.length]?.name ?? ''] : [],
      source: sources[source % sources.length]?.name ?? '',
    }));
    const all = joined.flatMap((view) => view.schema.map(({ name }) => `${view.name}:${name}`));
    const chosen = [...new Set(trained.map((at) => all[at % all.length] ?? ''))];
    const [first] = joined;
    return {
      entities: made,
      sources,
      views: joined,
      service: { ...service, features: whole && first ? [{ view: first.name }] : chosen },
    };
  });

function parsed(text: string): FeatureDefinitions {
  const loaded = loadFeatureRepo(text, 'table');
  if ('faults' in loaded) throw new Error(`${loaded.faults.map((fault) => fault.message).join('\n')}\n${text}`);
  return definitionsFromRepo(loaded.repo).definitions;
}

describe('features.yaml as it is written', () => {
  it('reads back to the same definitions, whatever texts they hold', () => {
    fc.assert(
      fc.property(anyDefinitions, (definitions) => {
        expect(parsed(featureRepoText('any', definitions))).toEqual(canonicalDefinitions(definitions));
      }),
      { numRuns: 200 },
    );
  });

  it('says of a source which of path and table it takes, at its line', () => {
    const text = (key: string) =>
      `project: p\nentities: [{ name: a }]\nsources:\n  - { name: s, ${key}timestamp_field: t }\nfeature_views:\n  - { name: v, entities: [a], source: s, schema: [{ name: x, dtype: Int64 }] }\n`;
    const faultsOf = (key: string, door: 'path' | 'table') => {
      const loaded = loadFeatureRepo(text(key), door);
      return 'faults' in loaded ? loaded.faults.map(({ line, message }) => `${line}: ${message}`) : [];
    };
    expect(faultsOf('table: visits, ', 'table')).toEqual([]);
    expect(faultsOf('path: s.csv, ', 'path')).toEqual([]);
    expect(faultsOf('path: s.csv, ', 'table')).toEqual([
      '4: sources[0].path is not read here; expected table, the name of a raw table.',
    ]);
    expect(faultsOf('table: visits, ', 'path')).toEqual([
      '4: sources[0].table is not read here; expected path, a file inside the folder.',
    ]);
    expect(faultsOf('', 'table')).toEqual(['4: sources[0].table is missing; expected table, the name of a raw table.']);
  });
});

/** What has no meaning for a difference put into one order. */
function comparable(definitions: FeatureDefinitions): string {
  const { service, ...lists } = canonicalDefinitions(definitions);
  const sorted = Object.entries(lists).map(([key, list]: [string, readonly { readonly name: string }[]]) => [
    key,
    [...list].sort((a, b) => (a.name < b.name ? -1 : 1)),
  ]);
  return canonicalJson([sorted, service]);
}

const VIEW: FeatureView = {
  name: 'vitals',
  entities: ['patient'],
  source: 'visits',
  ttl: 86_400,
  schema: [
    { name: 'bp', dtype: 'float64', expression: 'bp' },
    { name: 'rate', dtype: 'float64', expression: 'rate' },
  ],
};
const SMALL: FeatureDefinitions = {
  entities: [{ name: 'patient', join_keys: ['patient_id'] }],
  sources: [{ name: 'visits', table: 'visits', timestamp_field: 'at' }],
  views: [VIEW],
  service: { name: 'm', features: ['vitals:bp', 'vitals:rate'] },
};
const withView = (change: Partial<FeatureView>, features = SMALL.service.features): FeatureDefinitions => ({
  ...SMALL,
  views: [{ ...VIEW, ...change }],
  service: { ...SMALL.service, features },
});

describe('differences of definitions', () => {
  it('are none exactly where definitions are equal', () => {
    fc.assert(
      fc.property(anyDefinitions, anyDefinitions, (a, b) => {
        expect(definitionChanges(a, a)).toEqual([]);
        expect(definitionChanges(a, b).length === 0).toBe(comparable(a) === comparable(b));
      }),
    );
  });

  it('are found for any one thing that changes in any one place', () => {
    fc.assert(
      fc.property(anyDefinitions, fc.nat(), words, (definitions, at, other) => {
        const leaves: string[][] = [];
        const walk = (value: unknown, path: string[]): void => {
          if (typeof value === 'string') leaves.push(path);
          else if (typeof value === 'object' && value !== null) {
            for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
          }
        };
        walk(definitions, []);
        const path = leaves[at % leaves.length] ?? [];
        const changed = JSON.parse(JSON.stringify(definitions)) as FeatureDefinitions;
        const parent = path
          .slice(0, -1)
          .reduce<Record<string, never>>((value, step) => value[step] ?? {}, changed as never);
        Object.assign(parent, { [path.at(-1) ?? '']: other });
        const same = comparable(changed) === comparable(definitions);
        expect(definitionChanges(definitions, changed).length === 0).toBe(same);
      }),
      { numRuns: 200 },
    );
  });

  it('name fields by their names, in words people read', () => {
    const after: FeatureDefinitions = {
      ...withView({
        ttl: 0,
        owner: 'ward 3',
        freshness: 7200,
        online: false,
        tags: { team: 'a' },
        schema: [
          { name: 'rate', dtype: 'float64', expression: 'rate / 2', expect: { min: 0, max: 300 } },
          { name: 'sum', dtype: 'float64', expression: 'bp', aggregate: { function: 'sum', window: 604_800 } },
        ],
      }),
      service: { name: 'm', features: ['vitals:rate', { view: 'vitals', features: ['sum'], name: 'late' }] },
    };
    expect(definitionChanges(SMALL, after)).toEqual([
      {
        kind: 'feature_view',
        name: 'vitals',
        action: 'changed',
        differences: [
          { path: 'ttl', before: '1d', after: 'no limit' },
          { path: 'schema.bp', before: 'float64: bp', after: null },
          { path: 'schema.rate.expression', before: 'rate', after: 'rate / 2' },
          { path: 'schema.rate.expect.min', before: null, after: '0' },
          { path: 'schema.rate.expect.max', before: null, after: '300' },
          { path: 'schema.sum', before: null, after: 'float64: bp, sum over 7d' },
          { path: 'owner', before: null, after: 'ward 3' },
          { path: 'freshness', before: null, after: '2h' },
          { path: 'online', before: null, after: 'false' },
          { path: 'tags.team', before: null, after: 'a' },
        ],
      },
      {
        kind: 'feature_service',
        name: 'm',
        action: 'changed',
        differences: [
          { path: 'features.vitals:bp', before: 'vitals:bp', after: null },
          {
            path: 'features.{"features":["sum"],"name":"late","view":"vitals"}',
            before: null,
            after: '{"features":["sum"],"name":"late","view":"vitals"}',
          },
        ],
      },
    ]);
  });
});

describe('a plan', () => {
  const champion = { who: 'm v3 (champion)', features: ['vitals:bp', 'vitals:rate'] };

  it('is blocked where a registered version would lose a feature, also by a new name', () => {
    const renamed = withView({ schema: [{ name: 'pressure', dtype: 'float64', expression: 'bp' }] }, [
      'vitals:pressure',
    ]);
    expect(planDefinitions(SMALL, renamed, [champion]).blocked).toEqual([
      expect.stringMatching(/^m v3 \(champion\) is trained on vitals:bp and vitals:rate, which would disappear\./),
    ]);
    expect(planDefinitions(SMALL, renamed, []).blocked).toEqual([]);
    const all: FeatureDefinitions = {
      ...SMALL,
      views: [{ ...VIEW, name: 'other' }],
      service: { name: 'm', features: ['other:bp'] },
    };
    expect(planDefinitions(SMALL, all, [champion])).toMatchObject({
      blocked: [expect.any(String)],
      unserved: ['vitals'],
    });
    expect(planDefinitions(SMALL, withView({ online: false }), [champion]).blocked).toEqual([
      'm v3 (champion) is served vitals from the online store; it must stay online.',
    ]);
  });

  it('is not blocked by taking a feature out of the service', () => {
    const plan = planDefinitions(SMALL, withView({}, ['vitals:rate']), [champion]);
    expect(plan).toMatchObject({ blocked: [], rebuild: true, retrain: true });
    expect(plan.effects).toContain('The model is no longer trained on vitals:bp.');
  });

  it('is blocked where a version and the service would take two features for one', () => {
    const clash: FeatureDefinitions = {
      ...SMALL,
      views: [VIEW, { ...VIEW, name: 'labs' }],
      service: { name: 'm', features: ['labs:bp', 'vitals:rate'] },
    };
    expect(planDefinitions(SMALL, clash, [champion]).blocked).toEqual([
      'm v3 (champion) is trained on vitals:bp, and the service would take labs:bp, which has the same name. Give one of them another name.',
    ]);
  });

  it('says what is computed anew, and nothing more for words about it', () => {
    expect(planDefinitions(SMALL, withView({ description: 'x', tags: { a: 'b' } }), [champion])).toMatchObject({
      effects: ['No stage has to run again.'],
      rebuild: false,
      retrain: false,
    });
    const other = planDefinitions(SMALL, withView({ ttl: 5 }), [champion]);
    expect(other).toMatchObject({ rebuild: true, retrain: true });
    expect(other.effects).toEqual([
      'vitals is computed and materialized anew: vitals:bp and vitals:rate.',
      'm v3 (champion) was trained on former values of vitals:bp and vitals:rate; after the next Features run it is served the new ones until another version takes over.',
      'Features must run again; Training, Registry, Inference and Monitoring follow from it.',
    ]);
  });
});

test('an object has the version of the last change that named it', () => {
  const change = (name: string) => ({
    kind: 'feature_view' as const,
    name,
    action: 'changed' as const,
    differences: [],
  });
  const history = [
    { version: 3, changes: [change('a')] },
    { version: 2, changes: [change('b')] },
    { version: 1, changes: [change('a'), change('b')] },
  ];
  const objects = ['a', 'b', 'c'].map((name) => ({ kind: 'feature_view' as const, name }));
  expect(objectVersions(objects, history).map(({ version, since }) => [version, since])).toEqual([
    [3, 3],
    [3, 2],
    [1, 0],
  ]);
});

test('faults of a file stand at their place in it', () => {
  const text = featureRepoText('p', {
    ...SMALL,
    sources: [...SMALL.sources, { name: 'Visits', table: 'v', timestamp_field: 't' }],
    views: [
      VIEW,
      { ...VIEW, name: 'broken', source: 'nowhere' },
      { ...VIEW, name: 'twice', schema: [...VIEW.schema, ...VIEW.schema] },
    ],
    service: { name: 'm', features: ['vitals:pb'] },
  });
  const loaded = loadFeatureRepo(text, 'table');
  if ('faults' in loaded) throw new Error('the form is right');
  expect(readRepoDefinitions(loaded.repo).faults).toEqual([
    { path: ['sources', 1], message: 'Two sources are called "Visits". Rename one of them.' },
    { path: ['feature_views', 1], message: 'View "broken" names the source "nowhere", which is not defined.' },
    { path: ['feature_views', 2, 'schema', 2], message: 'View "twice" has two features "bp". Rename one of them.' },
    { path: ['feature_views', 2, 'schema', 3], message: 'View "twice" has two features "rate". Rename one of them.' },
    {
      path: ['feature_services', 0, 'features'],
      message: expect.stringContaining('View "vitals" has no feature "pb"; did you mean "bp"?') as string,
    },
  ]);
});
