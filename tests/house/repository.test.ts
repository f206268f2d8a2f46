import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PICTURES } from '../journeys/pictures';

/** Folders that no commit holds; .gitignore names them too. */
const NOT_OURS = ['node_modules', 'dist', '.cache', '.git', 'test-results', 'playwright-report', 'out', 'docs/images'];
const CODE = /\.(ts|js|mjs|cjs|svelte|css)$/;
const LONGEST_FILE = 500;
const LONGEST_WORKER = 60;

/** A line a rule refuses, as "path:line". */
type Fault = string;

/** The checkout's files: those git knows or would add, or without git all that lie here. */
function listFiles(): readonly string[] {
  const git = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  const listed = existsSync('.git') && git.status === 0 ? git.stdout.split('\0') : walk('.');
  return listed.filter((path) => path !== '' && existsSync(path));
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name).replaceAll('\\', '/');
    if (NOT_OURS.includes(path)) return [];
    return entry.isDirectory() ? walk(path) : [path];
  });
}

const files = listFiles();
const texts = new Map(
  files
    .map((path) => [path, readFileSync(path)] as const)
    .filter(([, bytes]) => !bytes.includes(0))
    .map(([path, bytes]) => [path, bytes.toString('utf8')]),
);

function under(...folders: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    [...texts].filter(([path]) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`))),
  );
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function linesMatching(sources: ReadonlyMap<string, string>, refused: (line: string) => boolean): readonly Fault[] {
  return [...sources].flatMap(([path, text]) =>
    text.split('\n').flatMap((line, at) => (refused(line) ? [`${path}:${at + 1}`] : [])),
  );
}

function longerThan(sources: ReadonlyMap<string, string>, most: number): readonly Fault[] {
  return [...sources]
    .filter(([, text]) => lineCount(text) > most)
    .map(([path, text]) => `${path}: ${lineCount(text)} lines`);
}

/** Addresses of other origins; names of XML and JSON Schema vocabularies are never fetched. */
function namesOrigin(line: string): boolean {
  const others = line.replaceAll(/https?:\/\/(www\.w3\.org|json-schema\.org)\//g, '');
  return /\b(https?|wss?|ftp):\/\/|["'(`]\/\/\w[\w-]*\.\w/.test(others);
}

/** Absolute paths of one machine: homes, temporary and build folders. */
function namesMachine(line: string): boolean {
  return /(^|[^\w.)\]}*-])\/(work|root|home|Users|tmp)\/\w/.test(line) || /\b[A-Z]:\\+Users\b/.test(line);
}

function switchesCheckOff(line: string): boolean {
  return /(eslint|prettier)-(disable|ignore)|@ts-(ignore|expect-error|nocheck)/.test(line);
}

function skipsTest(line: string): boolean {
  return /\b(test|it|describe|suite)(\.\w+)*\.(skip|only|todo|fixme|fails|skipIf|runIf)\b/.test(line);
}

function inexact(versions: Readonly<Record<string, string>>): readonly Fault[] {
  return Object.entries(versions)
    .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
    .map(([name, version]) => `${name} ${version}`);
}

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('packages', () => {
  test('are named with exact versions', () => {
    const { dependencies, devDependencies, overrides } = json('package.json');
    expect(inexact({ ...dependencies, ...devDependencies, ...overrides })).toEqual([]);
    expect(inexact({ a: '^1.2.3', b: '1.x', c: 'latest', d: '1.2.3' })).toEqual(['a ^1.2.3', 'b 1.x', 'c latest']);
  });

  test('are locked by content, with no registry named', () => {
    const { packages } = json('package-lock.json') as {
      packages: Record<string, { resolved?: string; integrity?: string }>;
    };
    const locked = Object.entries(packages).filter(([path]) => path !== '');
    expect(locked.length).toBeGreaterThan(100);
    expect(locked.filter(([, { resolved }]) => resolved?.includes('//')).map(([path]) => path)).toEqual([]);
    expect(locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
    expect(linesMatching(under('.npmrc'), (line) => line.includes('registry='))).toEqual([]);
    const python = [...texts].filter(([path]) => basename(path) === 'requirements.txt');
    expect(python.length).toBeGreaterThan(0);
    expect(linesMatching(new Map(python), (line) => /index-url|find-links|:\/\//.test(line))).toEqual([]);
  });
});

describe('files', () => {
  test('stay short', () => {
    const code = new Map([...under('src', 'workers', 'scripts', 'bench')].filter(([path]) => CODE.test(path)));
    expect(code.size).toBeGreaterThan(100);
    expect(longerThan(code, LONGEST_FILE)).toEqual([]);
    expect(
      longerThan(
        new Map([
          ['a.ts', 'x\n'.repeat(501)],
          ['b.ts', 'x\n'.repeat(500)],
        ]),
        LONGEST_FILE,
      ),
    ).toEqual(['a.ts: 501 lines']);
  });

  test('of workers only start what lies in rooms', () => {
    const workers = new Map([...under('workers')].filter(([path]) => path.endsWith('.worker.ts')));
    expect(workers.size).toBeGreaterThan(0);
    expect(longerThan(workers, LONGEST_WORKER)).toEqual([]);
  });

  test('are named after what they hold', () => {
    const vague = /^(helpers?|misc|utils?|common|shared|stuff)\.\w+$/;
    expect(files.filter((path) => vague.test(basename(path)))).toEqual([]);
    expect(['helpers.ts', 'util.mjs', 'columns.ts'].filter((name) => vague.test(name))).toEqual([
      'helpers.ts',
      'util.mjs',
    ]);
  });

  test('name no machine', () => {
    expect(linesMatching(texts, namesMachine)).toEqual([]);
    const paths = ['work', 'root', 'home', 'Users', 'tmp'].map((top) => `cd ${['', top, 'someone'].join('/')}`);
    expect([...paths, 'src/work/file', '../home/x', ['C:', 'Users'].join('\\')].map(namesMachine)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  test('switch no check off', () => {
    expect(linesMatching(under('src', 'workers', 'scripts', 'bench'), switchesCheckOff)).toEqual([]);
    expect(
      ['// eslint-disable-line', '// prettier-ignore', '// @ts-expect-error', '// ignore case'].map(switchesCheckOff),
    ).toEqual([true, true, true, false]);
  });

  test('skip no test', () => {
    const tests = new Map([...texts].filter(([path]) => /\.(test|spec)\.ts$/.test(path)));
    expect(tests.size).toBeGreaterThan(20);
    expect(linesMatching(tests, skipsTest)).toEqual([]);
    const calls = ['skip(', 'only.each(', 'todo(', 'each('].map((how) => `test.${how}`);
    expect(calls.map(skipsTest)).toEqual([true, true, true, false]);
  });
});

describe('the page', () => {
  test('names no other origin', () => {
    expect(linesMatching(under('src', 'workers', 'index.html'), namesOrigin)).toEqual([]);
    const lines = [
      'fetch("https://a.example/")',
      'src="//a.example/x"',
      "url('//a.example')",
      'wss://a',
      'x = 1; // a.b',
      'xmlns="http://www.w3.org/2000/svg"',
    ];
    expect(lines.map(namesOrigin)).toEqual([true, true, true, true, false, false]);
  });
});

describe('what is handed out', () => {
  test('README shows the pictures the journeys take, each once', () => {
    const links = [...readFileSync('README.md', 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+)\)|<img[^>]+src="([^"]+)"/g)];
    const shown = links.map(([, link, source]) => link ?? source ?? '');
    expect(shown.sort()).toEqual(PICTURES.map((name) => `docs/images/${name}.png`).sort());
  });

  test('the schema of config.yaml is a JSON Schema', () => {
    expect(json('static/config.schema.json')).toMatchObject({
      type: 'object',
      properties: { models: { type: 'array' } },
    });
  });

  test('the Cleveland table is whole, its licence beside it', () => {
    const lines = readFileSync('static/heart_cleveland.csv', 'utf8').trimEnd().split(/\r?\n/);
    expect(lines).toHaveLength(304);
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([14]));
    const licence = readFileSync(join(dirname('static/heart_cleveland.csv'), 'heart_cleveland.LICENSE.txt'), 'utf8');
    expect(licence).toContain('CC BY 4.0');
    expect(licence).toContain('10.24432/C52P4X');
  });

  test('.ci/run is one executable script', () => {
    expect(readFileSync('.ci/run', 'utf8')).toMatch(/^#!\/usr\/bin\/env bash\n/);
    if (process.platform !== 'win32') expect(statSync('.ci/run').mode & 0o111).toBe(0o111);
  });
});
