import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArguments } from '../../src/cli/arguments';
import { predictFile } from '../../src/cli/predict';
import { train } from '../../src/cli/train';
import { makeRandom } from '../../src/utils/random';

/** Where this test file keeps its files. */
export const folder = mkdtempSync(join(tmpdir(), 'glasshouse-train-'));
export const at = (name: string) => join(folder, name);

/** Writes a CSV file and returns its path. */
export function file(name: string, ...lines: readonly string[]): string {
  writeFileSync(at(name), `${lines.join('\n')}\n`);
  return at(name);
}

export const TOWNS = ['Bonn', 'Köln', 'Oslo', 'Rome'];

/** Rows of town, x, k, weight, query, id and y; some cells empty. */
export function madeUp(rows: number, seed: number): readonly string[] {
  const random = makeRandom(seed, 'cli');
  const line = (row: number) => {
    const [town, x, k] = [random.int(4), Math.round(100 * random.normal()) / 100, random.int(3)];
    const y = (town > 1 ? 1 : 0) + x + 0.3 * random.normal() > 0.5 ? 1 : 0;
    const cells = [random.chance(0.1) ? '' : TOWNS[town], random.chance(0.1) ? 'NA' : x, k, 1 + random.int(3)];
    return [...cells, `q${Math.floor(row / 10)}`, `id${row}`, y].join(',');
  };
  return ['town,x,k,w,q,id,y', ...Array.from({ length: rows }, (_, row) => line(row))];
}

export const LEARN = () => [
  'train',
  '--data',
  at('learn.csv'),
  '--label',
  'y',
  '--ignore',
  'id,q,w',
  '--categorical',
  'town,k',
];
export const BINARY = ['--params', '{"objective":"binary:logistic","max_depth":3}'];

/** Runs a command in this process; its summary. */
export async function carryOut(line: readonly string[]): Promise<object> {
  const args = parseArguments(line);
  if (typeof args === 'string' || (args.verb !== 'train' && args.verb !== 'predict'))
    throw new Error('not a command of this test');
  const { summary } = await (args.verb === 'train' ? train(args, () => undefined) : predictFile(args, () => undefined));
  return summary;
}

/** learn.csv and watch.csv. */
export function writeRows(): void {
  file('learn.csv', ...madeUp(300, 1));
  file('watch.csv', ...madeUp(100, 2));
}
