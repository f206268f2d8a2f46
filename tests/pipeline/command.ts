import { spawnSync } from 'node:child_process';

/** Runs the real command of the checkout. */
export function glasshouse(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('node', ['scripts/glasshouse.mjs', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}
