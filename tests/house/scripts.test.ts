import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { findOrInstallBrowser } from '../../scripts/browser.mjs';
import { rooms } from '../../scripts/rooms.mjs';
import { sum } from '../../scripts/tally.mjs';

const PLACES = ['own', 'system', 'download', 'packages'] as const;

/** Places of which only those in `having` hold a browser; `asked` fills with the places looked in. */
function places(having: readonly string[], asked: string[]) {
  const place = (name: string) => () => {
    asked.push(name);
    return having.includes(name) ? `/${name}` : undefined;
  };
  return { own: place('own'), system: place('system'), download: place('download'), packages: place('packages') };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the browser for tests', () => {
  test.each(PLACES)('is taken from %s when the places before it have none, and no later place is asked', (name) => {
    vi.stubEnv('GLASSHOUSE_BROWSER', '');
    const asked: string[] = [];
    const at = PLACES.indexOf(name);
    expect(findOrInstallBrowser(places(PLACES.slice(at), asked))).toBe(`/${name}`);
    expect(asked).toEqual(PLACES.slice(0, at + 1));
  });

  test('is the one that GLASSHOUSE_BROWSER names, before all others', () => {
    vi.stubEnv('GLASSHOUSE_BROWSER', process.execPath);
    const asked: string[] = [];
    expect(findOrInstallBrowser(places(PLACES, asked))).toBe(process.execPath);
    expect(asked).toEqual([]);
    vi.stubEnv('GLASSHOUSE_BROWSER', 'nowhere/chrome');
    expect(() => findOrInstallBrowser(places(PLACES, asked))).toThrow('nowhere/chrome, which does not exist');
  });

  test('is asked for in a sentence when there is none to be had', () => {
    vi.stubEnv('GLASSHOUSE_BROWSER', '');
    expect(() => findOrInstallBrowser(places([], []))).toThrow('Install Chrome or Chromium');
  });
});

describe('the sum of a run', () => {
  test('counts what each part counted', () => {
    const parts = [
      { status: 0, passed: 3, failed: 0 },
      { status: 1, passed: 4, failed: 2 },
    ];
    expect(sum(parts)).toEqual({ passed: 7, failed: 2 });
  });

  test('counts a part that broke before it could count as one failure', () => {
    expect(sum([{ status: 1, passed: 0, failed: 0 }])).toEqual({ passed: 0, failed: 1 });
  });
});

describe('scripts that run before anything is installed', () => {
  test.each([
    'start',
    'test',
    'check',
    'interop',
    'bench',
    'python',
    'glasshouse',
    'install',
    'tally',
    'browser',
    'hooks',
    'pre-commit',
  ])('scripts/%s.mjs imports nothing but Node and its neighbours', (name) => {
    const text = readFileSync(`scripts/${name}.mjs`, 'utf8');
    const imported = [...text.matchAll(/^import .*from '([^']+)';$/gm)].map((match) => match[1] ?? '');
    expect(imported.filter((path) => !path.startsWith('node:') && !path.startsWith('./'))).toEqual([]);
  });
});

test('every script that package.json names is there, and so is the command', () => {
  const { scripts, bin } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>;
    bin: { glasshouse: string };
  };
  const named = Object.values(scripts).flatMap((line) => line.match(/scripts\/[\w-]+\.mjs/g) ?? []);
  for (const path of [...named, bin.glasshouse]) expect(existsSync(path), path).toBe(true);
  expect(readFileSync(bin.glasshouse, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  for (const path of [bin.glasshouse, '.ci/run', '.githooks/pre-commit'])
    expect(statSync(path).mode & 0o111, path).not.toBe(0);
});

test('an unknown check, peer, benchmark, option or port is refused by name before anything runs', () => {
  const run = (line: readonly string[]) => spawnSync(process.execPath, line, { encoding: 'utf8' });
  expect(run(['scripts/check.mjs', 'spelling'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no check spelling'),
  });
  expect(run(['scripts/interop.mjs', 'sklearn'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no peer sklearn'),
  });
  expect(run(['scripts/bench.mjs', 'cooking'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      'no benchmark cooking; there are features, ingest, online, tracking, training, tuning',
    ),
  });
  expect(run(['scripts/bench.mjs', 'training', '--row', '10k'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no option --row.'),
  });
  expect(run(['scripts/start.mjs', '--port', 'x'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--port x'),
  });
});

test('the rooms of the import order are the rooms that compile without a host', () => {
  const { include } = JSON.parse(readFileSync('tsconfig.stages.json', 'utf8')) as { include: string[] };
  expect(include).toEqual(rooms.map((room) => `src/${room}`));
});
