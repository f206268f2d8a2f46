import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { ensureInstalled, root, toolPath } from './install.mjs';

/** Which compiler settings hold for which files. */
const HOSTS = [
  { settings: 'tsconfig.stages.json', tool: 'tsc', files: /^src\/(?!ui|lessons|platform|cli|main)/ },
  { settings: 'tsconfig.worker.json', tool: 'tsc', files: /^(workers|src\/platform)\// },
  {
    settings: 'tsconfig.node.json',
    tool: 'tsc',
    files: /^(scripts|bench|src\/cli|src\/platform)\/|^[^/]+\.(js|mjs|ts)$/,
  },
  { settings: 'tsconfig.ui.json', tool: 'svelte-check', files: /^src\/(ui|lessons|main)/ },
  { settings: 'tsconfig.json', tool: 'svelte-check', files: /^(tests|bench)\/|\.test\.ts$/ },
];

ensureInstalled();
const staged = git(['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z']).split('\0').filter(Boolean);
const copy = mkdtempSync(join(tmpdir(), 'glasshouse-staged-'));
try {
  process.exitCode = staged.length === 0 || check() ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Checks format, lint and types of what is staged, in a copy of the index: what is not staged plays no part. */
function check() {
  git(['checkout-index', '--all', '--force', `--prefix=${copy}${sep}`]);
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const code = staged.filter((path) => /\.(ts|svelte|js|mjs)$/.test(path));
  const steps = [run('prettier', ['--check', '--ignore-unknown', '--log-level', 'warn', ...staged])];
  if (code.length > 0) steps.push(run('eslint', ['--max-warnings', '0', '--no-warn-ignored', ...code]));
  for (const { settings, tool, files } of HOSTS) {
    if (!code.some((path) => files.test(path))) continue;
    const flags = tool === 'tsc' ? ['-p', settings] : ['--tsconfig', `./${settings}`, '--fail-on-warnings'];
    steps.push(run(tool, flags));
  }
  return steps.every(Boolean);
}

/**
 * @param {string} tool
 * @param {readonly string[]} args
 */
function run(tool, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [toolPath(tool), ...args], {
    cwd: copy,
    encoding: 'utf8',
  });
  if (status === 0) return true;
  console.error(`${tool} refuses what is staged:\n${stdout}${stderr}`);
  return false;
}

/** @param {readonly string[]} args */
function git(args) {
  const { status, stdout, stderr } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr}`);
  return stdout;
}
