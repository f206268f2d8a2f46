import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { areaUnderRoc } from '../../bench/training/auc.mjs';
import { generate } from '../../bench/training/data.mjs';
import { readOptions } from '../../bench/training/options.mjs';
import { median } from '../../bench/training/report.mjs';
import { rocAuc } from '../../src/training/metrics/ranking';

describe('the rows that peers train on', () => {
  test('are the same bits on every machine, and a smaller table begins a larger one', () => {
    const hash = createHash('sha256');
    const { columns, labels } = generate(2000);
    for (const column of columns) hash.update(new Uint8Array(column.buffer));
    expect(hash.update(labels).digest('hex')).toBe('ee60eb9e882c1f047b369b27810c1d516e528b3dc05fc4b212d81153df59ab16');
    const smaller = generate(500);
    expect(smaller.labels).toEqual(labels.slice(0, 500));
    expect(smaller.columns).toEqual(columns.map((column) => column.slice(0, 500)));
  });
});

describe('the judge of every peer', () => {
  test('agrees with the area that the product computes, ties included', () => {
    const { columns, labels } = generate(2000);
    const scores = columns[21]!.map((mass) => Math.round(20 * mass) / 20);
    expect(areaUnderRoc(labels, scores)).toBeCloseTo(rocAuc(labels, scores), 12);
    expect(areaUnderRoc(Uint8Array.of(0, 1, 0, 1), Float32Array.of(1, 2, 2, 3))).toBe(0.875);
  });

  test('refuses predictions that are missing or no numbers', () => {
    expect(() => areaUnderRoc(Uint8Array.of(0, 1), Float32Array.of(1))).toThrow('1 predictions for 2 rows');
    expect(() => areaUnderRoc(Uint8Array.of(0, 1), Float32Array.of(1, NaN))).toThrow('finite');
  });

  test('takes the middle of the runs', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});

describe('options', () => {
  test('are read as they are written', () => {
    expect(readOptions(['--rows', '1M,10k', '--depth=6', '--peers', 'xgboost,node', '--write'])).toEqual({
      rows: [10_000, 1_000_000],
      depth: [6],
      threads: [1, 2],
      runs: 5,
      limit: 180,
      peers: ['node', 'xgboost'],
      write: true,
    });
  });

  test.each([
    [['--speed', '3'], 'There is no option --speed.'],
    [['10k'], 'There is no option 10k.'],
    [['--peers', 'node,catboost'], 'There is no peer catboost;'],
    [['--rows', '10x'], '--rows 10x is not'],
    [['--rows'], '--rows  is not'],
    [['--runs', '2,3'], '--runs 2,3 is not'],
  ])('%s is refused in a sentence', (args, sentence) => {
    expect(readOptions(args)).toContain(sentence);
  });
});
