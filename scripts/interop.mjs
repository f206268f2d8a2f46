import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand, ensureInstalled, root } from './install.mjs';
import { pythonEnvironment } from './python.mjs';
import { close, watched } from './tally.mjs';

/** The runs whose files every peer is given, as folders named so; their workspace is workspace.zip. */
const RUNS = {
  heart: ['--model', 'heart_disease', '--seed', '7'],
  cleveland: ['--data', 'static/heart_cleveland.csv', '--label', 'num', '--positive', '>0', '--seed', '7'],
};

const args = process.argv.slice(2);
const allowMissing = args.includes('--allow-missing');
const peers = join(root, 'tests', 'interop');
const known = readdirSync(peers).filter((peer) => existsSync(join(peers, peer, 'requirements.txt')));
const asked = args.filter((arg) => arg !== '--allow-missing');
const unknown = asked.filter((peer) => !known.includes(peer));
if (unknown.length > 0) {
  console.error(`There is no peer ${unknown.join(', ')} in tests/interop; there are ${known.join(', ')}.`);
  process.exit(2);
}
const made = join(root, '.cache', 'interop', 'made');

ensureInstalled();
buildCommand();
// Needs what was just installed.
const { buildTool } = await import('./interop-tool.mjs');
const tool = await buildTool(join(root, '.cache', 'interop', 'tool'));
rmSync(made, { recursive: true, force: true });
mkdirSync(made, { recursive: true });
/** @type {import('./tally.mjs').Part[]} */
const parts = [];
for (const [name, flags] of Object.entries(RUNS)) parts.push(produce(name, flags));
const waiting = asked.length > 0 ? asked : known.sort();
// One peer's packages come over the network while another is checked.
await Promise.all(Array.from({ length: 2 }, work));
close(parts);

/**
 * Runs the real command, so that what is judged is what a person gets.
 * @param {string} name
 * @param {readonly string[]} flags
 */
function produce(name, flags) {
  const line = [
    'run',
    ...flags,
    '--out',
    join(made, name),
    '--workspace',
    join(made, 'workspace.zip'),
    '--json',
    '--quiet',
  ];
  const { status, stdout } = spawnSync(process.execPath, ['scripts/glasshouse.mjs', ...line], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const fault = status === 0 ? jsonFault(stdout) : `it ended with ${status}`;
  console.log(
    `${fault === null ? 'PASS' : 'FAIL'} glasshouse run ${flags.join(' ')}${fault === null ? '' : `: ${fault}`}`,
  );
  return { status: 0, passed: fault === null ? 1 : 0, failed: fault === null ? 0 : 1 };
}

/**
 * Why a text is not one JSON object; null when it is.
 * @param {string} text
 */
function jsonFault(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? null
      : 'standard output holds no object';
  } catch (error) {
    return `standard output is not one JSON object (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** Takes peers until none is left. */
async function work() {
  for (let peer = waiting.shift(); peer !== undefined; peer = waiting.shift()) parts.push(await check(peer));
}

/** @param {string} peer */
async function check(peer) {
  const requirements = join(peers, peer, 'requirements.txt');
  const python = await pythonEnvironment(join(root, '.cache', 'interop', peer), requirements);
  if (python === null) {
    console.log(`NOT RUN ${peer}: its pinned packages could not be installed`);
    return { status: 0, passed: 0, failed: allowMissing ? 0 : 1 };
  }
  const { status, output } = await watched(python, [join(peers, peer, 'check.py'), made], {
    env: { PYTHONDONTWRITEBYTECODE: '1', GLASSHOUSE_TOOL: tool },
    quiet: true,
  });
  console.log(`\n${peer}\n${output.trimEnd()}`);
  const count = (/** @type {string} */ word) => output.split('\n').filter((line) => line.startsWith(`${word} `)).length;
  return { status: count('PASS') === 0 ? 1 : status, passed: count('PASS'), failed: count('FAIL') };
}
