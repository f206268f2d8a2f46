import { spawnSync } from 'node:child_process';

// Git runs .githooks/pre-commit from here on; outside a git work tree there is nothing to do.
spawnSync('git', ['config', 'core.hooksPath', '.githooks'], { stdio: 'ignore' });
