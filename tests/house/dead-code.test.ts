import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Plot } from './planted';

interface Issue {
  readonly file: string;
  readonly exports: readonly { readonly name: string }[];
  readonly files: readonly { readonly name: string }[];
  readonly dependencies: readonly { readonly name: string }[];
}

const COPIED = [
  'src',
  'workers',
  'scripts',
  'bench',
  'tests',
  'config.yaml',
  'index.html',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  '.dependency-cruiser.mjs',
  'eslint.config.js',
  'knip.json',
  'svelte.config.js',
  'vite.config.ts',
  'vite.cli.config.ts',
  'playwright.config.ts',
];
const plot = new Plot(COPIED);
let issues: readonly Issue[] = [];

beforeAll(() => {
  const errors = readFileSync('src/utils/errors.ts', 'utf8');
  plot.plant('src/utils/errors.ts', `${errors}\nexport function plantedAndUnused(): number {\n  return 1;\n}\n`);
  plot.plant('src/training/planted-orphan.ts', 'export const orphan = 1;\n');
  plot.plant('src/ui/parts/PlantedOrphan.svelte', '<p>nobody shows this</p>\n');
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
  manifest.dependencies['left-pad'] = '1.3.0';
  plot.plant('package.json', JSON.stringify(manifest));
  const { output } = plot.run('knip', ['--no-progress', '--reporter', 'json']);
  issues = (JSON.parse(output) as { issues: Issue[] }).issues;
}, 60_000);

afterAll(() => plot.remove());

test('an export that nobody imports is found', () => {
  const found = issues.find((issue) => issue.file === 'src/utils/errors.ts')?.exports.map(({ name }) => name);
  expect(found).toContain('plantedAndUnused');
  expect(found).not.toContain('WorkbenchError');
});

test.each(['src/training/planted-orphan.ts', 'src/ui/parts/PlantedOrphan.svelte'])(
  '%s, which nobody imports, is found',
  (path) => {
    const files = issues.flatMap((issue) => issue.files.map(({ name }) => name));
    expect(files).toContain(path);
    expect(files).not.toContain('src/utils/errors.ts');
  },
);

test('a package that nobody imports is found', () => {
  const packages = issues.flatMap((issue) => issue.dependencies.map(({ name }) => name));
  expect(packages).toContain('left-pad');
  expect(packages).not.toContain('svelte');
});
