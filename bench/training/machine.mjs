import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { root } from '../../scripts/install.mjs';

/**
 * Lines that say where and with what a table was made.
 * @param {ReadonlyMap<string, string>} versions as the peers reported them
 * @param {{ readonly runs: number, readonly started: Date, readonly loadBefore: number }} run
 */
export function describeMachine(versions, { runs, started, loadBefore }) {
  const processors = cpus();
  const made = [...versions].map(([name, version]) => `${name} ${version}`);
  const loadAfter = loadavg()[0] ?? 0;
  return [
    `${started.toISOString().slice(0, 16).replace('T', ' ')} UTC, Glasshouse ${revision()}, ${runs} ${runs === 1 ? 'run' : 'runs'} a cell`,
    `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}`,
    [`Node ${process.versions.node}`, ...made].join(', '),
    `load before and after: ${loadBefore.toFixed(1)} and ${loadAfter.toFixed(1)}`,
  ];
}

/** The commit measured, marked when files differ from it. */
function revision() {
  const git = (/** @type {readonly string[]} */ ...line) =>
    spawnSync('git', line, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
  const commit = git('rev-parse', '--short', 'HEAD');
  if (commit === '') return 'of unknown revision';
  return git('status', '--porcelain', '--', 'src', 'workers', 'bench') === '' ? commit : `${commit} with changes`;
}
