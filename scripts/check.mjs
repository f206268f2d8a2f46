import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand, buildSite, ensureInstalled, root } from './install.mjs';

ensureInstalled();
const bin = (name) => join(root, 'node_modules', '.bin', name);
const LIMIT_JS = 200 * 1024;
const LIMIT_CSS = 30 * 1024;

const steps = [
  ...['stages', 'worker', 'ui', 'node'].map((host) => [`types: ${host}`, bin('tsc'), ['-p', `tsconfig.${host}.json`]]),
  ['types: everything else', bin('tsc'), ['-p', 'tsconfig.json']],
  [
    'types: components',
    bin('svelte-check'),
    ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--threshold', 'warning', '--output', 'human'],
  ],
  ['lint', bin('eslint'), ['.', '--max-warnings', '0']],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['import directions', bin('depcruise'), ['src', 'workers', '--config', '.dependency-cruiser.cjs']],
  ['dead code', bin('knip'), ['--no-progress']],
  ['generated files', process.execPath, ['scripts/generate.mjs', '--check']],
];

let passed = 0;
let failed = 0;
const settle = (name, ok, output) => {
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}`);
  if (!ok) console.log(output.trim());
};

for (const [name, command, args] of steps) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  settle(name, status === 0, `${stdout ?? ''}\n${stderr ?? ''}`);
}
buildCommand();
buildSite();
const { script, style, list } = firstPage();
settle(
  `first page loads ${kilobytes(script)} of compressed JavaScript, at most ${kilobytes(LIMIT_JS)}`,
  script <= LIMIT_JS,
  list,
);
settle(
  `first page loads ${kilobytes(style)} of compressed CSS, at most ${kilobytes(LIMIT_CSS)}`,
  style <= LIMIT_CSS,
  list,
);
settle('DuckDB is not part of the first page', !/duckdb/.test(list), list);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

/**
 * What the page fetches before it is usable: the entry and what it imports statically, and the workspace's worker with
 * its static imports. Sizes are gzip -9.
 */
function firstPage() {
  const assets = join(root, 'dist', 'assets');
  const html = readFileSync(join(root, 'dist', 'index.html'), 'utf8');
  const seen = new Set();
  const queue = [...html.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map((match) => match[1]);
  while (queue.length > 0) {
    const name = queue.pop();
    if (seen.has(name)) continue;
    seen.add(name);
    if (!name.endsWith('.js')) continue;
    const text = readFileSync(join(assets, name), 'utf8');
    for (const match of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) queue.push(match[1]);
    for (const match of text.matchAll(/workspace\.worker-[\w-]+\.js/g)) queue.push(match[0]);
  }
  const size = (name) => gzipSync(readFileSync(join(assets, name)), { level: 9 }).byteLength;
  const total = (end) => [...seen].filter((name) => name.endsWith(end)).reduce((sum, name) => sum + size(name), 0);
  return {
    script: total('.js'),
    style: total('.css'),
    list: [...seen].map((name) => `${kilobytes(size(name))} ${name}`).join('\n'),
  };
}
