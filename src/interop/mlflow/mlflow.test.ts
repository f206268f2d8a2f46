import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyFiles } from './key-files';
import { quotedYaml, yamlText } from './yaml';

describe('keys as files', () => {
  const key = fc
    .array(fc.constantFrom('a', 'A', 'b', 'x:y', 'é', 'n'.repeat(250), 'end.'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));

  test('every key has a file of its own that no other is in the way of', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 12 }), (keys) => {
        const files = [...keyFiles(keys).values()].map((file) => file.toLowerCase());
        expect(files).toHaveLength(keys.length);
        expect(new Set(files).size).toBe(files.length);
        for (const file of files) for (const other of files) expect(other.startsWith(`${file}/`)).toBe(false);
        expect(files.join('')).not.toMatch(/:/);
      }),
    );
  });

  test('plain keys are called as they are', () => {
    expect([...keyFiles(['train.logloss', 'system/cpu', 'a b'])]).toEqual([
      ['a b', 'a b'],
      ['system/cpu', 'system/cpu'],
      ['train.logloss', 'train.logloss'],
    ]);
    expect([...keyFiles(['m/a', 'm', 'M'])]).toEqual([
      ['M', 'M'],
      ['m', 'm_2'],
      ['m/a', 'm_a_2'],
    ]);
  });
});

describe('YAML for MLflow', () => {
  test('texts are quoted in plain ASCII', () => {
    expect(quotedYaml('yes')).toBe('"yes"');
    expect(quotedYaml('a"b\\c\nü日😀\ud800')).toBe('"a\\"b\\\\c\\x0a\\xfc\\u65e5\\U0001f600\\ufffd"');
  });

  test('nests maps and lists', () => {
    expect(yamlText({ a: { b: 1, 'x.y': null }, list: ['one', { pip: ['two'] }], none: [], empty: {} })).toBe(
      'a:\n  b: 1\n  "x.y": null\nlist:\n- "one"\n-\n    pip:\n    - "two"\nnone: []\nempty: {}\n',
    );
  });
});
