import { relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Plot } from './planted';

/** Rules of the whole code base, each with a text that breaks it. */
const BREACHES: readonly (readonly [string, string])[] = [
  ['@typescript-eslint/no-explicit-any', 'export const planted = (x: any): string => String(x);\n'],
  ['@typescript-eslint/no-misused-promises', 'export const planted = [1].filter(async () => Promise.resolve(true));\n'],
  ['@typescript-eslint/no-non-null-assertion', 'export const planted = (x: string | null): number => x!.length;\n'],
  ['@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const planted = 1;\n'],
  ['max-params', 'export const planted = (a: 1, b: 1, c: 1, d: 1, e: 1): number => a + b + c + d + e;\n'],
  ['max-lines-per-function', `export function planted(): void {\n${'  String(0);\n'.repeat(61)}}\n`],
  ['max-lines', '// line\n'.repeat(501)],
  ['eqeqeq', 'export const planted = (x: string): boolean => x == "1";\n'],
];
const SILENCED = '// eslint-disable-next-line eqeqeq\nexport const planted = (x: string): boolean => x == "1";\n';
const COMPONENT =
  '<script lang="ts">\n  export const wrong = (x: any) => String(x);\n  Promise.resolve(1);\n</script>\n';

const plot = new Plot([
  'eslint.config.js',
  'svelte.config.js',
  'scripts/rooms.mjs',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
]);
const refused = new Map<string, readonly (string | null)[]>();

beforeAll(() => {
  for (const [rule, text] of BREACHES) plot.plant(`src/training/${rule.replaceAll('/', '-')}.ts`, text);
  plot.plant('src/training/silenced.ts', SILENCED);
  plot.plant('src/ui/Planted.svelte', COMPONENT);
  plot.plant('src/training/plain.ts', 'export const planted = (x: number): number => Math.sqrt(x);\n');
  const { output } = plot.run('eslint', ['src', '--format', 'json']);
  const results = JSON.parse(output) as readonly { filePath: string; messages: { ruleId: string | null }[] }[];
  for (const { filePath, messages } of results) {
    const path = relative(plot.folder, filePath).replaceAll('\\', '/');
    refused.set(
      path,
      messages.map(({ ruleId }) => ruleId),
    );
  }
}, 60_000);

afterAll(() => {
  plot.remove();
});

test.each(BREACHES)('%s is held', (rule) => {
  expect(refused.get(`src/training/${rule.replaceAll('/', '-')}.ts`)).toEqual([rule]);
});

test('a component is held to the same', () => {
  expect(refused.get('src/ui/Planted.svelte')).toEqual([
    '@typescript-eslint/no-explicit-any',
    '@typescript-eslint/no-floating-promises',
  ]);
});

test('no comment can silence a rule', () => {
  expect(refused.get('src/training/silenced.ts')).toEqual(expect.arrayContaining(['eqeqeq', null]));
});

test('plain code passes', () => {
  expect(refused.get('src/training/plain.ts')).toEqual([]);
});
