import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PICTURES } from '../journeys/pictures';

const CODE = ['src', 'workers', 'scripts', 'tests'].flatMap(filesUnder);
const PAGE_CODE = CODE.filter((path) => /^(src|workers)\//.test(path));
const MOST_LINES = 500;
const MOST_LINES_OF_A_DOOR = 60;
/** Names of things, never fetched. */
const NAMESPACES = /^https?:\/\/(www\.w3\.org|json-schema\.org)\//;

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte|css|html|mjs|js|py)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'));
}

function lines(path: string): number {
  return readFileSync(path, 'utf8').split('\n').length - 1;
}

/** Addresses of other origins in a text. */
function origins(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:https?|wss?):\/\/[\w.-]+\/?/g)].map(([address]) => address).filter((address) => !NAMESPACES.test(address));
}

/** Places on one machine in a text. */
function machinePaths(text: string): readonly string[] {
  return text.match(/(?<![\w.])\/(?:home|root|Users|work|tmp|var)\/\w+/g) ?? [];
}

test(`no file is longer than ${MOST_LINES} lines`, () => {
  expect(CODE.filter((path) => lines(path) > MOST_LINES)).toEqual([]);
});

test(`doors of workers are at most ${MOST_LINES_OF_A_DOOR} lines`, () => {
  const doors = CODE.filter((path) => /^workers\/.*\.worker\.ts$/.test(path));
  expect(doors.length).toBeGreaterThan(0);
  expect(doors.filter((path) => lines(path) > MOST_LINES_OF_A_DOOR)).toEqual([]);
});

describe('no request goes to another origin', () => {
  test('none is named in the code', () => {
    const named = [...PAGE_CODE, 'index.html'].filter((path) => !path.endsWith('.test.ts')).flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      return origins(text).map((origin) => `${path}: ${origin}`);
    });
    expect(named).toEqual([]);
  });

  test('the search finds one', () => {
    expect(origins("fetch('https://example.org/x')")).toEqual(['https://example.org/']);
    expect(origins('xmlns="http://www.w3.org/2000/svg"')).toEqual([]);
  });
});

describe('no file names a place on one machine', () => {
  test('in code and settings', () => {
    const settings = readdirSync('.').filter((name) => /\.(json|ts|js|mjs|ya?ml|md)$/.test(name));
    const named = [...CODE, ...settings].filter((path) => !path.startsWith('tests/house/')).flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      return machinePaths(text).map((place) => `${path}: ${place}`);
    });
    expect(named).toEqual([]);
  });

  test('the search finds one', () => {
    expect(machinePaths("readFile('/home/someone/x')")).toEqual(['/home/someone']);
    expect(machinePaths("import x from '../../work/thing'")).toEqual([]);
  });
});

test('names say what a file holds', () => {
  const vague = CODE.filter((path) => /(^|\/)(helpers?|misc|utils?|common|shared)\.\w+$/.test(path));
  expect(vague).toEqual([]);
  const barrels = CODE.filter((path) => /\/index\.ts$/.test(path) && !/^src\/models\/[^/]+\/index\.ts$/.test(path));
  expect(barrels).toEqual([]);
  const other = PAGE_CODE.filter((path) => !/^(.*\/)?([a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+|[A-Z]\w*\.svelte)$/.test(path));
  expect(other).toEqual([]);
});

test('README shows the pictures that a journey takes, and no other', () => {
  const shown = [...readFileSync('README.md', 'utf8').matchAll(/docs\/images\/([\w-]+)\.png/g)].map((match) => match[1]);
  expect([...shown].sort()).toEqual([...PICTURES].sort());
  for (const picture of PICTURES) expect(readdirSync('docs/images')).toContain(`${picture}.png`);
});
