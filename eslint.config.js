import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';
import { rooms } from './scripts/rooms.mjs';
import svelteConfig from './svelte.config.js';

const STAGE_ROOMS = rooms.map((room) => `src/${room}/**/*.ts`);
const TESTS = ['**/*.test.ts', 'tests/**/*.ts'];
const COMPONENTS = ['**/*.svelte', '**/*.svelte.ts'];

/** Functions whose last bit differs between engines, and the one that differs between calls. */
const INEXACT =
  'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 pow random sin sinh tan tanh';
const INEXACT_MESSAGE = 'Engines differ in its last bit: use src/utils/math or src/utils/random.';

export default defineConfig(
  {
    ignores: [
      'dist/',
      '.cache/',
      'test-results/',
      'playwright-report/',
      'out/',
      'static/',
      'src/kernels/**/assembly.ts',
    ],
  },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    linterOptions: { noInlineConfig: true },
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        project: './tsconfig.json',
        extraFileExtensions: ['.svelte'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', 500],
      // Coefficients stand as their sources print them.
      'no-loss-of-precision': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      // Types of parsed files and of other threads promise more than there may be: checks against them are wanted.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/unified-signatures': 'off',
    },
  },
  {
    files: ['src/**', 'workers/**'],
    ignores: TESTS,
    rules: {
      'no-console': 'error',
      'max-params': ['error', 4],
      'max-lines-per-function': ['error', 60],
    },
  },
  {
    files: ['src/**', 'workers/**'],
    ignores: ['src/ui/**', 'src/lessons/**', 'src/main.ts', ...TESTS],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['window', 'document'].map((name) => ({ name, message: 'Only the page knows it: src/ui and src/main.ts.' })),
      ],
    },
  },
  {
    files: STAGE_ROOMS,
    ignores: TESTS,
    rules: {
      'no-restricted-properties': [
        'error',
        ...INEXACT.split(' ').map((property) => ({ object: 'Math', property, message: INEXACT_MESSAGE })),
        { object: 'Date', property: 'now', message: 'Time is an argument here.' },
      ],
      'no-restricted-syntax': [
        'error',
        ...['BinaryExpression', 'AssignmentExpression'].map((node) => ({
          selector: `${node}[operator=/^\\*\\*=?$/]`,
          message: INEXACT_MESSAGE,
        })),
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is an argument here.' },
        {
          selector: "VariableDeclarator[init.name='Math']",
          message: 'Name the functions of Math where they are used.',
        },
      ],
    },
  },
  {
    files: COMPONENTS,
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // The address is a hash: there is no router whose links could be resolved.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    // What a snippet or a generic property holds is known to svelte-check alone; here it reads as any.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  {
    // Tests read JSON and build bad input on purpose.
    files: TESTS,
    rules: {
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/prefer-reduce-type-parameter': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  { files: ['**/*.{js,mjs,cjs}'], extends: [ts.configs.disableTypeChecked] },
);
