import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { firstPage, judge } from '../../scripts/first-page.mjs';

let site = '';

beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), 'glasshouse-site-'));
  mkdirSync(join(site, 'assets'));
  asset('index-abc.css', 'p{}');
  writeFileSync(
    join(site, 'index.html'),
    '<script type="module" src="./assets/index-abc.js"></script><link rel="stylesheet" href="./assets/index-abc.css">',
  );
});

afterEach(() => rmSync(site, { recursive: true }));

function asset(name: string, text: string): void {
  writeFileSync(join(site, 'assets', name), text);
}

/** A script of about `kilobytes` that does not compress to less. */
function script(kilobytes: number): string {
  return `;"${randomBytes(kilobytes * 512).toString('hex')}"`;
}

describe('what the first page loads', () => {
  test('is the entry, what it imports and its worker, not what it may load later', () => {
    asset(
      'index-abc.js',
      'import{a}from"./chart-1.js";import("./later-1.js");new Worker(new URL("workspace.worker-x1.js",import.meta.url))',
    );
    asset('chart-1.js', 'import"./scale-1.js";');
    asset('scale-1.js', '');
    asset('later-1.js', '');
    asset('workspace.worker-x1.js', 'import{b}from"./hash-1.js";import("./duckdb-1.js")');
    asset('hash-1.js', '');
    asset('duckdb-1.js', '');
    const names = [...firstPage(site).keys()].sort();
    expect(names).toEqual([
      'chart-1.js',
      'hash-1.js',
      'index-abc.css',
      'index-abc.js',
      'scale-1.js',
      'workspace.worker-x1.js',
    ]);
    expect(judge(firstPage(site)).ok).toBe(true);
  });

  test('may not weigh more than its limits', () => {
    asset('index-abc.js', `import"./heavy-1.js"${script(40)}`);
    asset('heavy-1.js', script(350));
    expect(judge(firstPage(site))).toMatchObject({
      ok: false,
      text: expect.stringMatching(/compressed js; at most 200\.0 KB/),
    });
    asset('heavy-1.js', script(50));
    expect(judge(firstPage(site)).ok).toBe(true);
    asset('index-abc.css', script(80));
    expect(judge(firstPage(site)).ok).toBe(false);
  });

  test('may not hold the SQL engine', () => {
    asset('index-abc.js', 'import"./duckdb-browser-1.js"');
    asset('duckdb-browser-1.js', '');
    expect(judge(firstPage(site))).toMatchObject({ ok: false, text: expect.stringContaining('duckdb-browser-1.js') });
  });
});
