import { spawnSync } from 'node:child_process';
import { root } from './install.mjs';

/** Makes git run .githooks/pre-commit in this checkout; outside a git work tree it only says so. */
const { status } = spawnSync('git', ['config', 'core.hooksPath', '.githooks'], { cwd: root, stdio: 'ignore' });
console.log(
  status === 0 ? 'Git runs .githooks/pre-commit now.' : 'This is no git work tree; there is nothing to hook into.',
);
