import { describe, expect, it } from 'vitest';
import {
  countPositive,
  formatRule,
  listedValues,
  parseRule,
  ruleFault,
  suggestRule,
  type PreviewColumn,
} from './positive-rule';

function column(change: Partial<PreviewColumn>): PreviewColumn {
  return {
    name: 'x',
    type: 'int64',
    missing: 0,
    distinct: 5,
    mean: 0.9,
    std: 1,
    min: 0,
    max: 4,
    histogram: {
      edges: [-0.5, 0.5, 1.5, 2.5, 3.5, 4.5],
      labels: ['0', '1', '2', '3', '4'],
      counts: [164, 55, 36, 35, 13],
    },
    examples: [],
    categories: [],
    suggestion: 'label',
    ...change,
  };
}

const words = column({
  type: 'string',
  distinct: 3,
  categories: ['no', 'yes', 'maybe'],
  histogram: { edges: null, labels: ['no', 'yes', 'maybe'], counts: [70, 20, 10] },
});
const bins = column({
  type: 'float64',
  distinct: 80,
  min: 0,
  max: 100,
  mean: 40,
  histogram: { edges: [0, 50, 100], labels: ['0 – 50', '50 – 100'], counts: [60, 40] },
});

function positives(text: string, of: PreviewColumn, rows: number): unknown {
  const rule = parseRule(text);
  return rule && countPositive(rule, of, rows);
}

describe('what counts as positive', () => {
  it.each(['> 0', '== yes', 'in [a, b]', '!= no way', '<= -1.5'])('reads and writes “%s” unchanged', (text) => {
    const rule = parseRule(text);
    expect(rule && formatRule(rule)).toBe(text);
  });

  it.each(['', 'yes', '>', 'in []', '= 3'])('does not take “%s” for a rule', (text) =>
    expect(parseRule(text)).toBeNull(),
  );

  it('refuses to compare words by size', () => {
    expect(ruleFault('> yes')).toContain('“yes” is not one');
    expect(ruleFault('== yes')).toBeNull();
  });

  it('counts whole numbers exactly', () => {
    expect(positives('> 0', column({}), 303)).toEqual({ rows: 139, exact: true });
    expect(positives('in [3, 4]', column({}), 303)).toEqual({ rows: 48, exact: true });
    expect(positives('== 1.0', column({}), 303)).toEqual({ rows: 55, exact: true });
  });

  it('estimates where only bins are known, and says so', () => {
    expect(positives('> 75', bins, 100)).toEqual({ rows: 20, exact: false });
    expect(positives('<= 50', bins, 100)).toEqual({ rows: 60, exact: false });
    expect(positives('== 50', bins, 100)).toBeNull();
  });

  it('does not count a rest of rare words as one of them', () => {
    const many = column({
      type: 'string',
      distinct: 40,
      histogram: { edges: null, labels: ['a', 'other'], counts: [5, 60] },
    });
    expect([positives('== a', many, 65), listedValues(many)]).toEqual([null, null]);
  });

  it('offers values to tick where each bar is one value', () => {
    expect(listedValues(words)?.map((one) => one.value)).toEqual(['no', 'yes', 'maybe']);
    expect(listedValues(bins)).toBeNull();
    expect(listedValues(column({ histogram: { edges: [0.5, 1.5, 2.5], labels: ['1', '2'], counts: [0, 4] } }))).toEqual(
      [{ value: '2', rows: 4 }],
    );
  });

  it('makes a first guess', () => {
    expect(suggestRule(column({}))).toBe('> 0');
    expect(
      suggestRule(
        column({ type: 'bool', distinct: 2, histogram: { edges: null, labels: ['false', 'true'], counts: [3, 4] } }),
      ),
    ).toBe('== true');
    expect(
      suggestRule(column({ ...words, distinct: 2, histogram: { edges: null, labels: ['no', 'yes'], counts: [7, 3] } })),
    ).toBe('== yes');
    expect(suggestRule(words)).toBe('== maybe');
  });
});
