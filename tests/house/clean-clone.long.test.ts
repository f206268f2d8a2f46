import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MOST_MS = 180_000;
const folder = mkdtempSync(join(tmpdir(), 'glasshouse-clone-'));
let site: ChildProcess | undefined;

/** What a clone of this state would hold: nothing installed, nothing built. */
beforeAll(() => {
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  const files = stdout.split('\0').filter((path) => path !== '' && existsSync(path));
  if (files.length === 0) throw new Error('git lists no files: this test needs a git work tree');
  for (const path of files) cpSync(path, join(folder, path), { recursive: true });
});

afterAll(() => {
  if (site?.pid !== undefined) process.kill(-site.pid);
  rmSync(folder, { recursive: true, force: true });
});

/** The address that `npm start` prints; fails when it ends before. */
function started(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const listen = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const address = /Glasshouse is at (http:\S+)/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.on('exit', () => reject(new Error(`npm start ended:\n${output}`)));
  });
}

test('npm start answers 200 within three minutes of a clone', async () => {
  const began = Date.now();
  site = spawn('npm', ['start', '--', '--port', '0'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const address = await started(site);
  const answer = await fetch(address);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('<title>Glasshouse</title>');
  console.log(`npm start answered after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  expect(Date.now() - began).toBeLessThan(MOST_MS);
});

test('the command works in that clone and prints nothing but its answer on standard output', () => {
  const run = (line: readonly string[]) => spawnSync('npx', ['glasshouse', ...line], { cwd: folder, encoding: 'utf8' });
  const help = run(['--help']);
  expect(help.status).toBe(0);
  expect(help.stdout).toMatch(/^glasshouse – /);
  const cleveland = [
    '--data',
    join('static', 'heart_cleveland.csv'),
    '--label',
    'num',
    '--positive',
    '>0',
    '--max-evals',
    '2',
  ];
  const answer = run(['run', ...cleveland, '--out', 'made', '--json']);
  expect(answer.status, answer.stderr).toBe(0);
  expect(JSON.parse(answer.stdout)).toMatchObject({ rows: 303 });
  expect(readdirSync(join(folder, 'made'))).toContain('model.json');
  expect(run(['run', '--model', 'nothing_of_the_sort', '--json'])).toMatchObject({ status: 2, stdout: '' });
});

test('the pre-commit hook refuses what is staged, and only that', () => {
  const git = (...line: readonly string[]) => spawnSync('git', [...line], { cwd: folder, encoding: 'utf8' });
  git('init', '--quiet');
  git('config', 'user.name', 'Someone');
  git('config', 'user.email', 'someone@localhost');
  expect(spawnSync('npm', ['run', 'hooks'], { cwd: folder }).status).toBe(0);
  git('add', '--all', '--', '.', ':!made');
  const plant = (path: string, text: string) => {
    writeFileSync(join(folder, path), text);
    git('add', path);
  };
  git('commit', '--quiet', '--no-verify', '--message', 'As cloned');
  for (const [text, tool] of [
    ['export const planted = (x: number): string => x;\n', 'tsc'],
    ['export const planted = (x: any): string => String(x);\n', 'eslint'],
    ['export const planted   = 1;\n', 'prettier'],
  ] as const) {
    plant('src/utils/planted.ts', text);
    const refused = git('commit', '--message', tool);
    expect(refused.status, tool).not.toBe(0);
    expect(refused.stderr).toContain(`${tool} refuses what is staged`);
  }
  plant('src/utils/planted.ts', 'export const planted = 1;\n');
  plant('src/utils/not-staged.ts', 'export   const broken: string = 1;\n');
  git('rm', '--quiet', '--cached', 'src/utils/not-staged.ts');
  const accepted = git('commit', '--message', 'Fine');
  expect(accepted.stderr).not.toContain('refuses');
  expect(accepted.status).toBe(0);
});
