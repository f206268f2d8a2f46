import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand, ensureInstalled, root } from './install.mjs';
import { close, watched } from './tally.mjs';

const allowMissing = process.argv.includes('--allow-missing');
const only = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const peers = join(root, 'tests', 'interop');
const made = join(root, '.cache', 'interop', 'made');

ensureInstalled();
buildCommand();
rmSync(made, { recursive: true, force: true });
mkdirSync(made, { recursive: true });
produce('heart', ['--model', 'heart_disease', '--seed', '7']);
produce('cleveland', [
  '--data',
  join('static', 'heart_cleveland.csv'),
  '--label',
  'num',
  '--positive',
  '>0',
  '--seed',
  '7',
]);

const parts = [];
for (const peer of readdirSync(peers).sort()) {
  if (!existsSync(join(peers, peer, 'requirements.txt')) || (only.length > 0 && !only.includes(peer))) continue;
  parts.push(await check(peer));
}
close(parts);

/** Runs the real command, so that what is judged is what a person gets. */
function produce(name, args) {
  console.log(`glasshouse run ${args.join(' ')}`);
  const result = spawnSync(
    'node',
    ['scripts/glasshouse.mjs', 'run', ...args, '--out', join(made, name), '--json', '--quiet'],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (result.status !== 0) {
    console.log(`FAIL ${name}: the command ended with ${result.status}`);
    process.exit(1);
  }
  JSON.parse(result.stdout);
}

async function check(peer) {
  console.log(`\n${peer}`);
  const python = environment(peer);
  if (!python) {
    console.log(`NOT RUN ${peer}: the package index did not supply its packages`);
    return { status: 0, passed: 0, failed: allowMissing ? 0 : 1 };
  }
  const { status, output } = await watched(python, [join(peers, peer, 'check.py'), made]);
  const count = (word) => output.split('\n').filter((line) => line.startsWith(`${word} `)).length;
  return { status: status !== 0 || count('PASS') === 0 ? 1 : 0, passed: count('PASS'), failed: count('FAIL') };
}

/** A virtual environment with exactly the pinned packages, kept between runs. */
function environment(peer) {
  const requirements = join(peers, peer, 'requirements.txt');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(root, '.cache', 'interop', `${peer}-${hash}`);
  const python = join(folder, 'bin', 'python');
  const ready = join(folder, 'ready');
  if (existsSync(ready)) return python;
  rmSync(folder, { recursive: true, force: true });
  const steps = [
    ['python3', ['-m', 'venv', folder]],
    [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]],
  ];
  for (const [command, args] of steps) {
    if (spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status !== 0) return null;
  }
  writeFileSync(ready, '');
  return python;
}
