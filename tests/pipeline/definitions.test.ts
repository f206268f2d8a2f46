import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unzipSync } from 'fflate';
import type { FeatureDefinitions, FeatureView } from '../../src/features/types';
import type { Workspace } from '../../src/pipeline/workspace';
import { WorkbenchError } from '../../src/utils/errors';
import { glasshouse } from './command';
import { countedWorkspace } from './platform';

const MODEL = 'heart_disease';
const SMALL = { seed: 5, rows: 3000, maxEvals: 2 } as const;

let workspace: Workspace;

beforeAll(async () => {
  ({ workspace } = countedWorkspace());
  await workspace.run(MODEL, { ...SMALL, stages: ['data', 'features', 'training', 'registry'] });
}, 120_000);

afterAll(() => workspace.reset());

async function held(): Promise<FeatureDefinitions> {
  return (await workspace.featureRegistry(MODEL)).definitions;
}

function withView(definitions: FeatureDefinitions, name: string, change: (view: FeatureView) => FeatureView) {
  return { ...definitions, views: definitions.views.map((view) => (view.name === name ? change(view) : view)) };
}

function withExpression(definitions: FeatureDefinitions, view: string, feature: string, expression: string) {
  return withView(definitions, view, (one) => ({
    ...one,
    schema: one.schema.map((field) => (field.name === feature ? { ...field, expression } : field)),
  }));
}

async function apply(definitions: FeatureDefinitions, message = '') {
  const { version } = await workspace.featureRegistry(MODEL);
  return workspace.applyFeatures(MODEL, { definitions }, version, message);
}

async function faultsOf(work: Promise<unknown>): Promise<{ readonly text: string; readonly lines: readonly number[] }> {
  const error = await work.then(
    () => new Error('nothing was refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WorkbenchError)) throw error;
  const { faults = [] } = error.details as { readonly faults?: readonly { readonly line: number }[] };
  return { text: error.message, lines: faults.map(({ line }) => line) };
}

async function meanOf(column: string): Promise<number> {
  const view = await workspace.featuresView(MODEL);
  const found = view?.profile.columns.find((one) => one.name === column);
  if (!found || !('mean' in found)) throw new Error(`no numbers in ${column}`);
  return Number(found.mean);
}

describe('planning', () => {
  test('says nothing of definitions that hold, in either form', async () => {
    const { yaml, definitions, version, history } = await workspace.featureRegistry(MODEL);
    expect([version, history.map((one) => one.version)]).toEqual([0, [0]]);
    for (const wanted of [{ yaml }, { definitions }]) {
      expect(await workspace.planFeatures(MODEL, wanted)).toMatchObject({
        base_version: 0,
        changes: [],
        blocked: [],
        effects: [],
        stages: [],
      });
    }
  });

  test('names view, feature and line of an expression that does not run, in the words of the engine', async () => {
    const { yaml } = await workspace.featureRegistry(MODEL);
    const broken = yaml.replace('expression: resting_bp', 'expression: resting_pb * 2');
    const { text, lines } = await faultsOf(workspace.planFeatures(MODEL, { yaml: broken }));
    expect(text).toMatch(
      /^vitals:resting_bp cannot be computed: .*"resting_pb" not found.*Did you mean "resting_bp"\?$/,
    );
    expect(lines).toEqual([broken.slice(0, broken.indexOf('resting_pb')).split('\n').length]);
    const fits = yaml.replace('expression: resting_bp', "expression: CAST('high' AS DOUBLE)");
    expect((await faultsOf(workspace.planFeatures(MODEL, { yaml: fits }))).text).toMatch(/^vitals:resting_bp .*high/);
    const across = yaml.replace('expression: resting_bp', 'expression: avg(resting_bp)');
    expect((await faultsOf(workspace.planFeatures(MODEL, { yaml: across }))).text).toMatch(
      /^vitals:resting_bp .*looks at other rows/,
    );
  });

  test.each([
    ['a table that is not there', 'table: visits', 'table: visit', /^Source "visits": There is no table "visit"/],
    [
      'a time that is not there',
      'timestamp_field: event_timestamp',
      'timestamp_field: event_timestam',
      /needs the column "event_timestam" of table "demographics"; did you mean "event_timestamp"\?/,
    ],
    ['a feature of no view', 'labs:thal', 'labs:tahl', /has no feature "tahl"; did you mean "thal"\?/],
    [
      'text to learn from',
      '- patient_demographics:age\n',
      '- patient_demographics:age\n      - patient_demographics:ethnicity\n',
      /^patient_demographics:ethnicity holds text/,
    ],
    [
      'a view that is not served',
      '  - name: vitals\n',
      '  - name: vitals\n    online: false\n',
      /^The model is served vitals from the online store/,
    ],
    [
      'another model',
      'project: heart_disease',
      'project: shop',
      /^The project is "shop"; these are the definitions of heart_disease\.$/,
    ],
    ['a key that is not known', '    ttl: 400d\n', '    tll: 400d\n', /Did you mean "ttl"\?/],
    ['a file for a table', 'table: visits', 'path: visits.csv', /expected table, the name of a raw table/],
  ])('refuses %s with a line', async (_name, before, after, words) => {
    const { yaml } = await workspace.featureRegistry(MODEL);
    expect(yaml).toContain(before);
    const { text, lines } = await faultsOf(workspace.planFeatures(MODEL, { yaml: yaml.replace(before, after) }));
    expect(text).toMatch(words);
    expect(lines[0]).toBeGreaterThan(0);
  });

  test('keeps the features that groups are read from', async () => {
    const definitions = withView(await held(), 'patient_demographics', (view) => ({
      ...view,
      schema: view.schema.filter((field) => field.name !== 'sex'),
    }));
    const features = definitions.service.features.filter((one) => one !== 'patient_demographics:sex');
    const wanted = { ...definitions, service: { ...definitions.service, features } };
    expect((await faultsOf(workspace.planFeatures(MODEL, { definitions: wanted }))).text).toMatch(
      /^The groups of sex are read from patient_demographics:sex, which would disappear; keep the feature\.$/,
    );
  });

  test('is blocked where the champion would lose a feature, and so is the apply', async () => {
    const definitions = withView(await held(), 'labs', (view) => ({
      ...view,
      schema: view.schema.filter((field) => field.name !== 'thal'),
    }));
    const without = {
      ...definitions,
      service: { ...definitions.service, features: definitions.service.features.filter((one) => one !== 'labs:thal') },
    };
    const { blocked } = await workspace.planFeatures(MODEL, { definitions: without });
    expect(blocked).toEqual([
      expect.stringMatching(/^heart_disease v1 \(.*champion.*\) is trained on labs:thal, which would disappear\./),
    ]);
    const digest = await workspace.digest();
    await expect(apply(without)).rejects.toThrow(/is trained on labs:thal, which would disappear/);
    expect(await workspace.digest()).toBe(digest);
  });
});

test('the run of a version names its features as Feast does', async () => {
  const view = await workspace.trainingView(MODEL);
  const features = (await held()).service.features.filter((one) => typeof one === 'string');
  expect(view?.run.tags).toMatchObject({
    'feast.project': MODEL,
    'feast.retrieval_type': 'historical',
    'feast.feature_service': MODEL,
    'feast.feature_views': 'labs,patient_demographics,vitals',
    'feast.feature_refs': features.join(','),
    'feast.feature_count': '16',
    'glasshouse.definitions_version': '0',
  });
});

test('an expression is changed, applied, joined, trained, registered beside the champion, and taken back', async () => {
  const before = await meanOf('resting_bp');
  const keys = await workspace.findKeys(MODEL, '');
  const first = await workspace.predict(MODEL, keys[0] ?? '');

  const doubled = withExpression(await held(), 'vitals', 'resting_bp', 'resting_bp * 2');
  const added = withView(doubled, 'vitals', (view) => ({
    ...view,
    schema: [...view.schema, { name: 'reserve', dtype: 'float64', expression: '220 - max_heart_rate' }],
  }));
  const features = [...added.service.features.filter((one) => one !== 'labs:thal'), 'vitals:reserve'];
  const wanted = { ...added, service: { ...added.service, features } };
  const plan = await workspace.planFeatures(MODEL, { definitions: wanted });
  expect(plan.blocked).toEqual([]);
  expect(plan.stages).toEqual(['features', 'training', 'registry', 'inference', 'monitoring']);
  expect(plan.changes.map(({ kind, name, differences }) => [kind, name, differences.map(({ path }) => path)])).toEqual([
    ['feature_view', 'vitals', ['schema.resting_bp.expression', 'schema.reserve']],
    ['feature_service', MODEL, ['features.labs:thal', 'features.vitals:reserve']],
  ]);
  const applied = await apply(wanted, 'double pressure');
  expect(applied.history[0]).toMatchObject({ version: 1, message: 'double pressure', changes: plan.changes });
  expect(applied.objects.find((one) => one.name === 'vitals')).toMatchObject({ version: 2, since: 1 });
  expect(applied.objects.find((one) => one.name === 'labs')).toMatchObject({ version: 1, since: 0 });

  // The champion goes on with what it was trained on; nothing is trained on the former table.
  expect((await workspace.predict(MODEL, keys[0] ?? '')).probability).toBe(first.probability);
  await expect(workspace.run(MODEL, { ...SMALL, stages: ['training'] })).rejects.toThrow(
    /changed in version 1, and its data set was made before\. Run the Features stage first\./,
  );
  const overview = (await workspace.overview()).models.find((one) => one.name === MODEL);
  expect(overview?.stages.features).toMatchObject({ status: 'attention' });

  await workspace.run(MODEL, { ...SMALL, stages: ['features'] });
  expect(await meanOf('resting_bp')).toBeCloseTo(2 * before, 6);
  expect((await workspace.featuresView(MODEL))?.coverage).toHaveProperty('reserve');
  await workspace.run(MODEL, { ...SMALL, stages: ['training', 'registry', 'inference', 'monitoring'] });
  const run = (await workspace.trainingView(MODEL))?.run;
  expect(run?.tags).toMatchObject({
    'glasshouse.definitions_version': '1',
    'feast.feature_refs': features.filter((one) => typeof one === 'string').join(','),
  });
  const versions = (await workspace.registryView(MODEL))?.versions ?? [];
  expect(versions).toHaveLength(2);
  expect(versions[0]?.decision?.champion).not.toBeNull();
  await workspace.predict(MODEL, keys[0] ?? '');

  const back = await workspace.revertFeatures(MODEL, 0);
  expect(back.version).toBe(2);
  expect(back.history.map(({ message }) => message)).toEqual(['Back to version 0', 'double pressure', '']);
  await workspace.run(MODEL, { ...SMALL, stages: ['features'] });
  expect(await meanOf('resting_bp')).toBeCloseTo(before, 9);
}, 240_000);

test('of two applies on one version one is refused', async () => {
  const { version } = await workspace.featureRegistry(MODEL);
  const [a, b] = ['one', 'two'].map((owner) =>
    held().then((now) => withView(now, 'labs', (view) => ({ ...view, owner }))),
  );
  const outcomes = await Promise.allSettled(
    [a, b].map(async (definitions) => {
      if (!definitions) throw new Error('there are two');
      return workspace.applyFeatures(MODEL, { definitions: await definitions }, version);
    }),
  );
  expect(outcomes.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = outcomes.find((one) => one.status === 'rejected');
  expect(String(refused?.reason)).toMatch(
    new RegExp(`Version ${version + 1} .* holds by now, .* version ${version}\\.`),
  );
  expect((await workspace.featureRegistry(MODEL)).version).toBe(version + 1);
  // Words about a view let stages be.
  await workspace.run(MODEL, { ...SMALL, stages: ['training'] });
}, 60_000);

test('a view that goes takes its online rows along', async () => {
  const definitions = await held();
  const [labs] = definitions.views.filter((view) => view.name === 'labs');
  if (!labs) throw new Error('no labs');
  const more = { ...definitions, views: [...definitions.views, { ...labs, name: 'more_labs' }] };
  await apply(more);
  await workspace.run(MODEL, { ...SMALL, stages: ['features'] });
  const rowsOf = async () => {
    const { views } = await workspace.onlineStore(MODEL);
    return views.filter((view) => view.entities > 0).map((view) => view.view);
  };
  expect(await rowsOf()).toContain('more_labs');
  const plan = await workspace.planFeatures(MODEL, { definitions });
  expect(plan.effects).toContain('The online rows of more_labs are deleted.');
  await apply(definitions);
  expect((await rowsOf()).sort()).toEqual(['labs', 'patient_demographics', 'vitals']);
}, 60_000);

test('the export is what the command writes for the same definitions and data', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'glasshouse-export-'));
  try {
    mkdirSync(join(folder, 'repo'));
    // A folder has no functions.
    const { yaml, definitions } = await apply({ ...(await held()), onDemandViews: [] });
    writeFileSync(join(folder, 'repo', 'features.yaml'), yaml.replace(/^ {4}table: (\w+)$/gm, '    path: $1.arrow'));
    for (const { table } of definitions.sources) {
      writeFileSync(join(folder, 'repo', `${table}.arrow`), (await workspace.exportTable(MODEL, table, 'arrow')).bytes);
    }
    const out = join(folder, 'feast');
    const { status, stderr } = glasshouse('export', '--feast', out, '--repo', join(folder, 'repo'), '--quiet');
    expect([status, stderr]).toEqual([0, '']);
    const files = unzipSync((await workspace.exportFeast(MODEL)).bytes);
    expect(Object.keys(files).sort()).toEqual(readdirSync(out).sort());
    for (const [name, content] of Object.entries(files)) {
      expect(Buffer.from(content).equals(readFileSync(join(out, name))), name).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

test('the export holds what Feast needs', async () => {
  const { fileName, bytes } = await workspace.exportFeast(MODEL, {
    online: 'redis',
    redis: 'cache:1',
    offline: 'duckdb',
  });
  expect(fileName).toBe('heart_disease-feast.zip');
  const files = unzipSync(bytes);
  expect(Object.keys(files)).toEqual([
    'feature_store.yaml',
    'definitions.py',
    'README.md',
    'patient_demographics.parquet',
    'vitals.parquet',
    'labs.parquet',
  ]);
  expect(new TextDecoder().decode(files['feature_store.yaml'])).toContain('"cache:1"');
}, 60_000);

test('a deleted model loses what was applied to it', async () => {
  expect((await workspace.featureRegistry(MODEL)).version).toBeGreaterThan(0);
  await workspace.deleteModel(MODEL);
  expect(await workspace.featureRegistry(MODEL)).toMatchObject({ version: 0, computed_since: 0 });
});

test('a model from a file with odd names is planned as it is, changed, and exported', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, row) => `k ${row};${row % 7};${row % 3 === 0 ? "a, 'b'" : 'ja: nein'};${row % 2}`,
  );
  const csv = ['Patient ID;chest pain (0-6);what?;sick', ...rows, ''].join('\n');
  const model = await workspace.createModel({
    fileName: 'odd.csv',
    bytes: new TextEncoder().encode(csv),
    label: 'sick',
    positive: '== 1',
    entity: 'Patient ID',
  });
  await workspace.run(model, { seed: 1, stages: ['data', 'features'] });
  const { yaml, definitions } = await workspace.featureRegistry(model);
  expect((await workspace.planFeatures(model, { yaml })).changes).toEqual([]);
  const [view] = definitions.views;
  if (!view) throw new Error('a file has one view');
  const schema = [...view.schema, { name: 'pain²', dtype: 'float64' as const, expression: '"chest pain (0-6)" ^ 2' }];
  const features = [...definitions.service.features, `${view.name}:pain²`];
  const wanted = { ...definitions, views: [{ ...view, schema }], service: { ...definitions.service, features } };
  expect((await workspace.applyFeatures(model, { definitions: wanted }, 0)).version).toBe(1);
  await workspace.run(model, { seed: 1, stages: ['features'] });
  expect((await workspace.featuresView(model))?.coverage['pain²']).toBe(40);
  const files = unzipSync((await workspace.exportFeast(model)).bytes);
  expect(new TextDecoder().decode(files['definitions.py'])).toContain(
    'entity_Patient_u20_ID = Entity(name="Patient ID"',
  );
}, 60_000);
