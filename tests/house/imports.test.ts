import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Plot } from './planted';

/** The order of docs/decisions.md, written again here on purpose: the rule and its test must not share a mistake. */
const ORDER =
  'utils config kernels data features training explain fairness tuning tracking registry inference monitoring interop models pipeline'.split(
    ' ',
  );
/** Every other part of the house and one file in each that others could reach for. */
const OTHERS = {
  platform: 'src/platform/memory/target',
  ui: 'src/ui/target',
  lessons: 'src/lessons/target',
  cli: 'src/cli/target',
  workers: 'workers/target',
};

const PAGE = [
  ['ui', 'ts'],
  ['ui', 'svelte'],
  ['lessons', 'ts'],
] as const;

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

const plot = new Plot([
  '.dependency-cruiser.mjs',
  'scripts/rooms.mjs',
  'tsconfig.json',
  'tsconfig.base.json',
  'package.json',
  'svelte.config.js',
]);
let violations: readonly Violation[] = [];

/** Plants `from` with an import of `to`, both paths from the checkout's root without ending; `how` may be "type". */
function plantImport(from: string, to: string, how: 'value' | 'type' = 'value', ending = '.ts'): void {
  const up = '../'.repeat(from.split('/').length - 1);
  const line = `import ${how === 'type' ? 'type { Target }' : '{ target }'} from '${up}${to}';`;
  const use = how === 'type' ? 'export type Used = Target;' : 'export const used = target;';
  const text =
    ending === '.svelte'
      ? `<script lang="ts">\n${line}\nconst used = ${how === 'type' ? '1 as Target' : 'target'};\n</script>\n{used}\n`
      : `${line}\n${use}\n`;
  plot.plant(`${from}${ending}`, text);
}

function plantLibrary(from: string, library: string): void {
  plot.plant(`${from}.ts`, `import * as library from '${library}';\nexport const used = library;\n`);
}

/** Names of the rules that refused `from`. */
function refused(from: string): readonly string[] {
  return violations.filter((violation) => violation.from.startsWith(`${from}.`)).map(({ rule }) => rule.name);
}

beforeAll(() => {
  const targets = [...ORDER.map((room) => `src/${room}/target`), ...Object.values(OTHERS)];
  for (const path of [
    ...targets,
    'src/platform/arrow/target',
    'src/platform/duckdb/target',
    'src/models/a/target',
    'src/features/types',
  ]) {
    plot.plant(`${path}.ts`, 'export const target = 1;\nexport type Target = number;\n');
  }
  for (const from of ORDER) {
    for (const to of ORDER) plantImport(`src/${from}/to-${to}`, `src/${to}/target`);
    for (const [to, path] of Object.entries(OTHERS)) plantImport(`src/${from}/to-${to}`, path);
    plantImport(`src/${from}/type-of-last`, 'src/pipeline/target', 'type');
    for (const library of [
      'apache-arrow',
      'dexie',
      'comlink',
      'd3',
      'svelte',
      '@duckdb/duckdb-wasm',
      'node:fs',
      'fast-check',
    ]) {
      plantLibrary(`src/${from}/library-${library.replaceAll(/\W/g, '-')}`, library);
    }
  }
  for (const [part, kind] of PAGE) {
    plantImport(`src/${part}/work-${kind}`, 'src/training/target', 'value', `.${kind}`);
    plantImport(`src/${part}/types-${kind}`, 'src/training/target', 'type', `.${kind}`);
    plantImport(`src/${part}/platform-${kind}`, OTHERS.platform, 'value', `.${kind}`);
    plantImport(`src/${part}/workers-${kind}`, OTHERS.workers, 'value', `.${kind}`);
  }
  plantImport('src/ui/client', OTHERS.workers);
  plantImport('src/platform/opfs/to-other', 'src/platform/memory/target');
  plantImport('src/platform/duckdb/to-arrow', 'src/platform/arrow/target');
  plantImport('src/platform/opfs/to-pipeline', 'src/pipeline/target', 'type');
  plantImport('src/platform/duckdb/to-interface', 'src/features/types', 'type');
  plantImport('src/models/b/to-sibling', 'src/models/a/target');
  plantImport('src/models/b/to-shared', 'src/models/target');
  for (const root of ['src/cli/node-platform', 'workers/browser-platform']) plantImport(root, OTHERS.platform);
  for (const door of ['src/cli/run', 'workers/training.worker', 'workers/explain.worker'])
    plantImport(door, OTHERS.platform);
  plantImport('workers/to-page', OTHERS.ui);
  plantImport('src/cli/to-page', OTHERS.ui);
  plantImport('src/utils/circle-a', 'src/utils/circle-b');
  plot.plant('src/utils/circle-b.ts', "import { used } from './circle-a';\nexport const target = used;\n");
  plot.plant('src/utils/nowhere.ts', "import { target } from './is-not-there';\nexport const used = target;\n");
  const { output } = plot.run('depcruise', [
    'src',
    'workers',
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
  ]);
  violations = (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations;
}, 60_000);

afterAll(() => plot.remove());

describe.each(ORDER)('%s', (room) => {
  const at = ORDER.indexOf(room);

  test('imports rooms to its left and itself', () => {
    for (const to of ORDER.slice(0, at + 1)) expect(refused(`src/${room}/to-${to}`), to).toEqual([]);
  });

  test('imports no room to its right, and no other part of the house', () => {
    for (const to of [...ORDER.slice(at + 1), ...Object.keys(OTHERS)]) {
      expect(refused(`src/${room}/to-${to}`), to).toContain(`${room}-imports-left-only`);
    }
    if (room !== 'pipeline') expect(refused(`src/${room}/type-of-last`)).toEqual([`${room}-imports-left-only`]);
  });

  test('names no library of another part, and nothing of Node', () => {
    for (const library of ['apache-arrow', 'dexie', 'comlink', 'd3', 'svelte', '-duckdb-duckdb-wasm']) {
      expect(refused(`src/${room}/library-${library}`), library).toEqual([
        expect.stringMatching(/^library-.*-has-one-place$/),
      ]);
    }
    expect(refused(`src/${room}/library-node-fs`)).toEqual(['node-modules-in-node-only']);
    expect(refused(`src/${room}/library-fast-check`)).toEqual(['library-without-a-place']);
  });
});

test.each(PAGE)('%s imports only types of the rooms (.%s)', (part, kind) => {
  expect(refused(`src/${part}/types-${kind}`)).toEqual([]);
  expect(refused(`src/${part}/work-${kind}`)).toEqual(['page-imports-types-only']);
  expect(refused(`src/${part}/platform-${kind}`)).toContain('only-composition-roots-import-platform');
  expect(refused(`src/${part}/workers-${kind}`)).toEqual(['page-starts-workers-in-one-place']);
});

test('platform is filled in at the composition roots and nowhere else', () => {
  expect(refused('src/cli/node-platform')).toEqual([]);
  expect(refused('workers/browser-platform')).toEqual([]);
  expect(refused('src/cli/run')).toEqual(['only-composition-roots-import-platform']);
  expect(refused('workers/training.worker')).toEqual([]);
  expect(refused('workers/explain.worker')).toEqual(['only-composition-roots-import-platform']);
});

test('a platform knows the interfaces it fills and no other platform', () => {
  expect(refused('src/platform/duckdb/to-interface')).toEqual([]);
  expect(refused('src/platform/duckdb/to-arrow')).toEqual([]);
  expect(refused('src/platform/opfs/to-other')).toEqual(['platform-knows-no-other-platform']);
  expect(refused('src/platform/opfs/to-pipeline')).toEqual(['platform-fills-interfaces-only']);
});

test('models share what lies beside their folders, not inside one', () => {
  expect(refused('src/models/b/to-shared')).toEqual([]);
  expect(refused('src/models/b/to-sibling')).toEqual(['models-do-not-share']);
});

test('only the page starts workers, and only at its door', () => {
  expect(refused('src/ui/client')).toEqual([]);
  expect(refused('workers/to-page')).toEqual(['workers-know-no-page']);
  expect(refused('src/cli/to-page')).toEqual(['cli-knows-no-page']);
});

test('circles and dead ends are refused', () => {
  expect(refused('src/utils/circle-a')).toContain('no-circular');
  expect(refused('src/utils/nowhere')).toContain('no-unresolvable');
});
