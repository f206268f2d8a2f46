import { readFileSync } from 'node:fs';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const eslint = new ESLint();

/** Rules that refuse `text` where the file `path` of the checkout stands; the file's own text is not looked at. */
async function refusals(path: string, text: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: path });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

describe('a stage room', () => {
  const file = 'src/training/types.ts';

  test('may be written plainly', async () => {
    expect(await refusals(file, 'export const root = (x: number): number => Math.sqrt(Math.abs(x));\n')).toEqual([]);
  }, 60_000);

  test.each(['exp', 'log', 'log1p', 'sin', 'cos', 'tan', 'pow', 'tanh', 'random'])('does not call Math.%s', async (name) => {
    expect(await refusals(file, `export const wrong = Math.${name};\n`)).toContain('no-restricted-properties');
  });

  test.each([
    ['a power', 'export const wrong = (x: number): number => x ** 2;\n'],
    ['a power in place', 'export let wrong = 2;\nwrong **= 3;\n'],
    ['the time of day', 'export const wrong = new Date();\n'],
    ['Math under another name', 'const m = Math;\nexport const wrong = m.exp(1);\n'],
  ])('does not use %s', async (_, text) => {
    expect(await refusals(file, text)).toContain('no-restricted-syntax');
  });

  test('does not read the clock', async () => {
    expect(await refusals(file, 'export const wrong = Date.now();\n')).toContain('no-restricted-properties');
  });

  test('does not take Math.exp out of Math', async () => {
    expect(await refusals(file, 'const { exp } = Math;\nexport const wrong = exp(1);\n')).not.toEqual([]);
  });

  test('says nothing on the console and knows no page', async () => {
    expect(await refusals(file, "console.log('x');\nexport {};\n")).toContain('no-console');
    expect(await refusals(file, 'export const wrong = typeof window;\n')).toContain('no-restricted-globals');
  });
});

describe('anywhere in src', () => {
  const file = 'src/pipeline/views.ts';

  test.each([
    ['@typescript-eslint/no-explicit-any', 'export const wrong = (x: any): string => String(x);\n'],
    ['@typescript-eslint/no-floating-promises', 'export function wrong(): void {\n  Promise.resolve(1);\n}\n'],
    ['@typescript-eslint/no-misused-promises', 'export const wrong = [1].filter(async () => Promise.resolve(true));\n'],
    ['@typescript-eslint/no-non-null-assertion', 'export const wrong = (x: string | null): number => x!.length;\n'],
    ['@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const wrong = 1;\n'],
    ['max-params', 'export const wrong = (a: 1, b: 1, c: 1, d: 1, e: 1): number => a + b + c + d + e;\n'],
    ['max-lines-per-function', `export function wrong(): void {\n${'  void 0;\n'.repeat(61)}}\n`],
    ['max-lines', `${'export {};\n'.repeat(501)}`],
    ['eqeqeq', 'export const wrong = (x: string): boolean => x == "1";\n'],
  ])('%s is held', async (rule, text) => {
    expect(await refusals(file, text)).toContain(rule);
  });

  test('a component is held to the same', async () => {
    const text = '<script lang="ts">\n  export const wrong = (x: any) => String(x);\n  Promise.resolve(1);\n</script>\n';
    expect(await refusals('src/ui/App.svelte', text)).toEqual(
      expect.arrayContaining(['@typescript-eslint/no-explicit-any', '@typescript-eslint/no-floating-promises']),
    );
  });

  test('no comment can silence a rule', async () => {
    const text = '// eslint-disable-next-line eqeqeq\nexport const wrong = (x: string): boolean => x == "1";\n';
    expect(await refusals(file, text)).toEqual(expect.arrayContaining(['eqeqeq', null]));
  });
});
