import { availableParallelism } from 'node:os';
import { ensureInstalled, toolPath } from './install.mjs';
import { close, watched } from './tally.mjs';

/** Each check: its name, a package's command or a script of ours, and what it is asked. */
const CHECKS = [
  { name: 'lint', tool: 'eslint', args: ['.', '--max-warnings', '0'] },
  {
    name: 'types: page',
    tool: 'svelte-check',
    args: ['--tsconfig', './tsconfig.ui.json', '--fail-on-warnings', '--output', 'human'],
  },
  { name: 'types: stage rooms', tool: 'tsc', args: ['-p', 'tsconfig.stages.json'] },
  { name: 'types: workers', tool: 'tsc', args: ['-p', 'tsconfig.worker.json'] },
  { name: 'types: Node', tool: 'tsc', args: ['-p', 'tsconfig.node.json'] },
  {
    name: 'types: tests',
    tool: 'svelte-check',
    args: ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  },
  { name: 'format', tool: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'imports', tool: 'depcruise', args: ['src', 'workers', '--config', '.dependency-cruiser.mjs'] },
  { name: 'dead code', tool: 'knip', args: ['--no-progress'] },
  { name: 'generated files', script: 'scripts/generate.mjs', args: ['--check'] },
  { name: 'sizes', script: 'scripts/first-page.mjs', args: [] },
];

ensureInstalled();
const asked = process.argv.slice(2);
const known = CHECKS.map(({ name }) => name);
const unknown = asked.filter((word) => !known.some((name) => name.startsWith(word)));
if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  process.exit(2);
}
const waiting = CHECKS.filter(({ name }) => asked.length === 0 || asked.some((word) => name.startsWith(word)));
/** @type {import('./tally.mjs').Part[]} */
const parts = [];
const lanes = Math.min(4, availableParallelism());
await Promise.all(Array.from({ length: lanes }, work));
close(parts);

/** Takes checks until none is left, longest first. */
async function work() {
  for (let check = waiting.shift(); check; check = waiting.shift()) parts.push(await runCheck(check));
}

/** @param {{ readonly name: string, readonly tool?: string, readonly script?: string, readonly args: readonly string[] }} check */
async function runCheck({ name, tool, script, args }) {
  const started = Date.now();
  const path = tool === undefined ? (script ?? '') : toolPath(tool);
  const { status, output } = await watched(process.execPath, [path, ...args], { quiet: true });
  const passed = status === 0;
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!passed) console.log(output.trimEnd());
  return { status, passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
}
