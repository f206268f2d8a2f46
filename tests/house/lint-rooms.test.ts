import { relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rooms } from '../../scripts/rooms.mjs';
import { Plot } from './planted';

/** What no stage room may compute with: its last bit, or its answer, differs between machines or between calls. */
const UNREPEATABLE: Readonly<Record<string, readonly [string, string]>> = {
  exp: ['export const planted = Math.exp(1);', 'no-restricted-properties'],
  'exp-by-name': ["export const planted = Math['exp'](1);", 'no-restricted-properties'],
  'exp-handed-on': ['export const planted = [1].map(Math.exp);', 'no-restricted-properties'],
  random: ['export const planted = Math.random();', 'no-restricted-properties'],
  power: ['export const planted = 2 ** 3;', 'no-restricted-syntax'],
  'power-in-place': ['let value = 2;\nvalue **= 2;\nexport const planted = value;', 'no-restricted-syntax'],
  renamed: ['const other = Math;\nexport const planted = other.exp(1);', 'no-restricted-syntax'],
  now: ['export const planted = Date.now();', 'no-restricted-properties'],
  'new-date': ['export const planted = new Date();', 'no-restricted-syntax'],
};
const EXACT = 'export const planted = Math.sqrt(2) + Math.floor(0.5) + new Date(0).getTime();\n';
const PAGE_ONLY = 'export const planted = document.title;\n';
const CONSOLE = "console.log('here');\nexport {};\n";
const FLOATING = 'export function planted(): void {\n  Promise.resolve(1);\n}\n';
const component = (markup: string) =>
  `<script lang="ts">\n  const { text }: { readonly text: string } = $props();\n</script>\n\n${markup}\n`;

const plot = new Plot([
  'eslint.config.js',
  'svelte.config.js',
  'scripts/rooms.mjs',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
]);
const linted = new Map<string, readonly (string | null)[]>();

/** Rules that refused `path`. A file that was not looked at is an error, not a file without faults. */
function refused(path: string): readonly (string | null)[] {
  const rules = linted.get(path);
  if (!rules) throw new Error(`${path} was not linted`);
  return rules;
}

beforeAll(() => {
  for (const folder of [...rooms.map((room) => `src/${room}`), 'src/ui', 'src/cli', 'workers']) {
    for (const [name, [text]] of Object.entries(UNREPEATABLE)) plot.plant(`${folder}/${name}.ts`, `${text}\n`);
    plot.plant(`${folder}/exact.ts`, EXACT);
    plot.plant(`${folder}/page.ts`, PAGE_ONLY);
    plot.plant(`${folder}/console.ts`, CONSOLE);
    plot.plant(`${folder}/floating.ts`, FLOATING);
  }
  for (const [name, [text]] of Object.entries(UNREPEATABLE)) plot.plant(`src/utils/${name}.test.ts`, `${text}\n`);
  plot.plant('src/ui/Markup.svelte', component('{@html text}'));
  plot.plant('src/ui/Text.svelte', component('{text}'));
  const { output } = plot.run('eslint', ['src', 'workers', '--format', 'json']);
  const results: readonly { filePath: string; messages: { ruleId: string | null }[] }[] = JSON.parse(output);
  for (const { filePath, messages } of results) {
    const path = relative(plot.folder, filePath).replaceAll('\\', '/');
    linted.set(
      path,
      messages.map(({ ruleId }) => ruleId),
    );
  }
}, 60_000);

afterAll(() => {
  plot.remove();
});

describe.each(rooms)('%s', (room) => {
  test.each(Object.entries(UNREPEATABLE))('does not compute with %s', (name, [, rule]) => {
    expect(refused(`src/${room}/${name}.ts`)).toEqual([rule]);
  });

  test('computes with what is exact everywhere', () => {
    expect(refused(`src/${room}/exact.ts`)).toEqual([]);
  });

  test('knows no page, prints nothing, leaves no promise behind', () => {
    expect(refused(`src/${room}/page.ts`)).toEqual(['no-restricted-globals']);
    expect(refused(`src/${room}/console.ts`)).toEqual(['no-console']);
    expect(refused(`src/${room}/floating.ts`)).toEqual(['@typescript-eslint/no-floating-promises']);
  });
});

test.each(['src/ui', 'src/cli', 'workers'])(
  '%s may read the clock and draw pictures, and leaves no promise',
  (folder) => {
    for (const name of Object.keys(UNREPEATABLE)) expect(refused(`${folder}/${name}.ts`), name).toEqual([]);
    expect(refused(`${folder}/floating.ts`)).toEqual(['@typescript-eslint/no-floating-promises']);
  },
);

test('tests may compute as they like', () => {
  for (const name of Object.keys(UNREPEATABLE)) expect(refused(`src/utils/${name}.test.ts`), name).toEqual([]);
});

test('the page is known in src/ui only', () => {
  expect(refused('src/ui/page.ts')).toEqual([]);
  for (const folder of ['src/cli', 'workers']) expect(refused(`${folder}/page.ts`)).toEqual(['no-restricted-globals']);
});

test('components write text, never markup from data', () => {
  expect(refused('src/ui/Markup.svelte')).toEqual(['svelte/no-at-html-tags']);
  expect(refused('src/ui/Text.svelte')).toEqual([]);
});
