import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutputFolder } from './output-folder';

const top = mkdtempSync(join(tmpdir(), 'glasshouse-out-'));
const KNOWN = ['a.json', 'b.csv', 'old.json'];

describe('OutputFolder', () => {
  it('makes missing folders, replaces files and removes those of an earlier run, and nothing else', async () => {
    const path = join(top, 'new', 'deep');
    const folder = await OutputFolder.open(path);
    for (const name of ['a.json', 'old.json', 'mine.txt']) writeFileSync(join(path, name), 'before');
    await folder.write(
      new Map([
        ['a.json', 'A'],
        ['b.csv', 'B'],
      ]),
      KNOWN,
    );
    expect(readdirSync(path).sort()).toEqual(['a.json', 'b.csv', 'mine.txt']);
    expect(readFileSync(join(path, 'a.json'), 'utf8')).toBe('A');
  });

  it('puts everything back when one file cannot be written', async () => {
    const path = join(top, 'blocked');
    mkdirSync(join(path, 'b.csv'), { recursive: true });
    writeFileSync(join(path, 'a.json'), 'before');
    const folder = await OutputFolder.open(path);
    const files = new Map([
      ['a.json', 'A'],
      ['b.csv', 'B'],
    ]);
    await expect(folder.write(files, KNOWN)).rejects.toThrow(/b\.csv is a folder.*Nothing there was changed/);
    expect(readdirSync(path).sort()).toEqual(['a.json', 'b.csv']);
    expect(readFileSync(join(path, 'a.json'), 'utf8')).toBe('before');
  });

  it('refuses what cannot be a folder before any work, and leaves no new folder behind', async () => {
    const file = join(top, 'file');
    writeFileSync(file, '');
    await expect(OutputFolder.open(file)).rejects.toThrow('is a file, not a folder');
    await expect(OutputFolder.open(join(file, 'below'))).rejects.toThrow('is a file, not a folder');
    await expect(OutputFolder.open('')).rejects.toThrow('--out is empty');
    await expect(OutputFolder.open('/proc/glasshouse')).rejects.toThrow('Cannot write to /proc/glasshouse');
    const folder = await OutputFolder.open(join(top, 'x', 'y'));
    await folder.abandon();
    expect(existsSync(join(top, 'x'))).toBe(false);
  });
});
