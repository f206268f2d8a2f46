import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { toolPath } from '../../scripts/install.mjs';

/** A folder outside the checkout in which violations can be planted; it shares the checkout's node_modules. */
export class Plot {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'glasshouse-house-')));

  constructor(copied: readonly string[]) {
    for (const name of copied) {
      cpSync(name, join(this.folder, name), { recursive: true });
    }
    symlinkSync(resolve('node_modules'), join(this.folder, 'node_modules'), 'junction');
  }

  plant(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Runs one of the tools of `npm run check` here and returns what it printed on standard output. */
  run(tool: string, args: readonly string[]): { readonly status: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [toolPath(tool), ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (stdout === '' && stderr !== '') throw new Error(stderr);
    return { status, output: stdout };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
