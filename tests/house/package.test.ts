import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Entry {
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifest = read('package.json') as Entry & { readonly devDependencies: Readonly<Record<string, string>> };
const { packages } = read('package-lock.json') as { packages: Record<string, Entry> };

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Where Node finds `name` from the package at `from`, as the lockfile lays it out; undefined when it is not there. */
function found(from: string, name: string): string | undefined {
  const above = from.split('/node_modules/').map((_, at, parts) => parts.slice(0, at + 1).join('/node_modules/'));
  const places = [...above.reverse().map((place) => `${place}/node_modules/${name}`), `node_modules/${name}`];
  return places.find((place) => place in packages);
}

describe('package.json', () => {
  test('runs on the Node that .nvmrc and the README name', () => {
    expect(manifest.engines?.node).toBe('^20.19 || >=22.12');
    expect(readFileSync('.nvmrc', 'utf8').trim()).toBe('20');
    expect(readFileSync('README.md', 'utf8')).toContain('Node 20.19');
  });
});

describe('the lockfile', () => {
  test('is whole: what a package asks for on any system is in it, or npm ci would refuse it', () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => found(path, name) === undefined)
        .map((name) => `${path} > ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('holds no direct dependency that refuses Node 20', () => {
    const direct = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    const refusing = direct.filter((name) =>
      /^>=\s*2[1-9]/.test(packages[`node_modules/${name}`]?.engines?.node ?? ''),
    );
    expect(refusing).toEqual([]);
  });
});
