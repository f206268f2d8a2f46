import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../utils/errors';
import { newestFirst, runReader } from '../run-fields';
import type { Run } from '../types';
import { likeMatcher } from './like';
import { parseColumn, parseOrder } from './order';
import { parseFilter } from './parse-filter';
import { search } from './search';
import type { Clause, Expression, Field } from './types';
import { fieldText, RUN_WORDS } from './vocabulary';

const SEARCHED = { words: RUN_WORDS, read: runReader, natural: newestFirst };

function run(id: string, changes: Partial<Run> = {}): Run {
  return {
    run_id: id,
    experiment_id: 'heart',
    run_name: `run ${id}`,
    status: 'FINISHED',
    lifecycle_stage: 'active',
    deleted_time: null,
    start_time: 1000,
    end_time: 3000,
    params: {},
    tags: {},
    metrics: {},
    metric_ranges: {},
    dataset: { name: 'heart/features', digest: 'd1', rows: 10 },
    config_digest: 'c',
    seed: 7,
    ...changes,
  };
}

const RUNS: readonly Run[] = [
  run('a', {
    metrics: { 'val.loss': 0.5, auc: 0.8 },
    metric_ranges: { 'val.loss': [0.2, 0.9] },
    params: { max_depth: '3', kind: 'tree' },
    tags: { 'mlflow.note.content': 'kept' },
  }),
  run('b', { metrics: { 'val.loss': 0.3, auc: NaN }, params: { max_depth: '10', kind: 'mlp' }, start_time: 2000 }),
  run('c', { metrics: { auc: 0.9 }, params: { max_depth: 'none' }, status: 'FAILED', tags: { 'mlflow.user': 'ann' } }),
  run('d', { start_time: Date.UTC(2026, 2, 1), end_time: Date.UTC(2026, 2, 2), seed: 8 }),
];

function found(filter: string, orderBy: readonly string[] = ['run_id']): string {
  return search(RUNS, SEARCHED, { filter, orderBy })
    .map((one) => one.run_id)
    .join('');
}

function fault(work: () => unknown): { message: string; position: unknown; token: unknown } {
  try {
    work();
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return { message: error.message, position: error.details['position'], token: error.details['token'] };
  }
  throw new Error('nothing was refused');
}

describe('what goes beyond MLflow', () => {
  it.each([
    ["metrics.auc > 0.85 OR params.kind = 'mlp'", 'bc'],
    ["metrics.auc > 0.7 AND params.kind = 'tree' OR seed = 8", 'ad'],
    ["metrics.auc > 0.7 AND (params.kind = 'tree' OR status = 'FAILED')", 'ac'],
    ["NOT params.kind = 'tree'", 'bcd'],
    ["params.kind != 'tree'", 'b'],
    ["NOT NOT params.kind = 'tree'", 'a'],
    ['params.max_depth >= 3', 'ab'],
    ['params.max_depth BETWEEN 3 AND 9', 'a'],
    ['params.max_depth NOT BETWEEN 3 AND 9', 'b'],
    ['metrics.auc IN (0.8, 0.9)', 'ac'],
    ['metrics.auc NOT IN (0.8)', 'bc'],
    ["params.kind IN ('tree', 'mlp')", 'ab'],
    ["params.kind NOT IN ('mlp')", 'a'],
    ["params.kind NOT LIKE 't%'", 'b'],
    ['params.kind IS NULL', 'cd'],
    ['params.kind IS NOT NULL AND metrics.auc is not null', 'ab'],
    ['best.val.loss < 0.25', 'a'],
    ['min.val.loss < 0.25', 'a'],
    ['max.val.loss >= 0.9', 'a'],
    ['max.val.loss = 0.3', 'b'],
    ["start_time >= '2026-03-01' AND start_time < '2026-03-01T00:00:01Z'", 'd'],
    ["end_time = '2026-03-02T02:00:00+02:00'", 'd'],
    ['duration = 2000', 'ac'],
    ["user_id = 'ann'", 'c'],
    ["tags.mlflow.runName = 'run a'", 'a'],
    ["tags.mlflow.note.content ILIKE 'KEPT'", 'a'],
    ["dataset.context = 'training' AND dataset.digest = 'd1'", 'abcd'],
    ['metrics.auc != 0.9', 'ab'],
    ["params.constructor = 'x' OR metrics.__proto__ IS NOT NULL", ''],
  ])('%s finds %s', (filter, ids) => {
    expect(found(filter)).toBe(ids);
  });

  it('order', () => {
    expect(found('', [])).toBe('dbac');
    expect(found('', ['metrics.auc'])).toBe('acbd');
    expect(found('', ['metrics.auc DESC'])).toBe('cabd');
    expect(found('', ['params.max_depth'])).toBe('bacd');
    expect(found('', ['number(params.max_depth)'])).toBe('abcd');
    expect(found('', ['number( params.max_depth ) desc'])).toBe('bacd');
    expect(found('', ['best.val.loss', 'run_id DESC'])).toBe('abdc');
  });
});

describe('faults say what, where and what to do', () => {
  it.each([
    ['metrics.loss >> 3', 13, '>>', /at character 14: ">>" is no comparator/],
    ['metrics.loss == 3', 13, '==', /write =/],
    ['metrics.loss > ', 15, '', /at its end: expected a number or a text in quotes, found nothing/],
    ['metrics.loss > abc', 15, 'abc', /texts stand in quotes: 'abc'/],
    ["metrics.loss > '3'", 15, "'3'", /metrics\.loss is a number; write '3' as a number without quotes/],
    ['run_name = 3', 11, '3', /run_name is a text; write '3' in quotes/],
    ['Metrics.loss > 3', 0, 'Metrics.loss', /did you mean metric/],
    ['loss > 3', 0, 'loss', /"loss" is no attribute.*metrics\.name/],
    ["statos = 'x'", 0, 'statos', /did you mean status/],
    ['params.kind LIKE 3', 12, 'LIKE', /LIKE does not go with a number/],
    ["params.kind > 'a'", 12, '>', /does not go with a text.*number without quotes/],
    ["params.kind = 'tree", 14, "'tree", /never closed/],
    ['(metrics.a > 1', 14, '', /expected "\)"/],
    ['metrics.a > 1)', 13, ')', /expected AND, OR or the end, found \)/],
    ['metrics.a > 1 metrics.b > 2', 14, 'metrics.b', /expected AND, OR or the end/],
    ['metrics.a > 1;', 13, ';', /one filter at a time/],
    ['metrics.a IN ()', 14, ')', /expected a number or a text/],
    ["metrics.a IN (1, 'a')", 17, "'a'", /numbers and texts/],
    ['best.thing > 1', 0, 'best.thing', /max\.thing or min\.thing/],
    ['dataset.rows > 1', 0, 'dataset.rows', /name, digest or context/],
    ["start_time > 'soon'", 13, "'soon'", /as a date such as '2026-03-01'/],
    ["params.größe = 'a' & status = 'x'", 19, '&', /at character 20/],
    ['metrics. > 1', 0, 'metrics.', /names nothing/],
    ['metrics.a > 1.2.3', 12, '1.2.3', /no number/],
    ['metrics.a IS 3', 13, '3', /NULL or NOT NULL/],
    ['NOT', 3, '', /expected what to compare/],
  ])('%s', (filter, position, token, message) => {
    expect(fault(() => parseFilter(filter, RUN_WORDS))).toMatchObject({
      position,
      token,
      message: expect.stringMatching(message),
    });
  });

  it('too deep or too long filters, before the stack ends', () => {
    expect(() => parseFilter(`${'('.repeat(5000)}metrics.a > 1`, RUN_WORDS)).toThrow(/100 deep/);
    expect(() => parseFilter('NOT '.repeat(2400), RUN_WORDS)).toThrow(/100 deep/);
    expect(() => parseFilter(' '.repeat(10_001), RUN_WORDS)).toThrow(/10000 characters/);
  });

  it('orders and columns too', () => {
    expect(fault(() => parseOrder('metrics.loss up', RUN_WORDS))).toMatchObject({ position: 13, token: 'up' });
    expect(() => parseOrder('dataset.name', RUN_WORDS)).toThrow(/several data sets/);
    expect(() => parseOrder('', RUN_WORDS)).toThrow(/expected what to order by/);
    expect(() => parseColumn('metrics.loss DESC', RUN_WORDS)).toThrow(/one field/);
  });
});

const KEY = fc.stringMatching(/^[\p{L}_][\p{L}\p{N}_. :/-]{0,8}$/u);
const FIELD: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    entity: fc.constant('metric' as const),
    key: KEY,
    aggregate: fc.constantFrom('last', 'min', 'max'),
    kind: fc.constant('number' as const),
  }),
  fc.record({
    entity: fc.constantFrom('param', 'tag'),
    key: KEY,
    aggregate: fc.constant('last' as const),
    kind: fc.constant('text' as const),
  }),
);
const CLAUSE: fc.Arbitrary<Clause> = FIELD.chain((field): fc.Arbitrary<Clause> =>
  field.kind === 'number'
    ? fc.record({
        kind: fc.constant('clause' as const),
        field: fc.constant(field),
        comparator: fc.constantFrom('=', '!=', '>', '>=', '<', '<='),
        // A filter writes no sign of 0.
        values: fc.tuple(fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((value) => value + 0)),
      })
    : fc.record({
        kind: fc.constant('clause' as const),
        field: fc.constant(field),
        comparator: fc.constantFrom('=', '!=', 'LIKE', 'NOT ILIKE', 'IN', 'NOT IN'),
        values: fc.tuple(fc.stringMatching(/^[^'\\]{0,8}$/)),
      }),
);

function written(expression: Expression): string {
  if (expression.kind === 'not') return `NOT (${written(expression.part)})`;
  if (expression.kind !== 'clause')
    return expression.parts.map((part) => `(${written(part)})`).join(` ${expression.kind} `);
  const { field, comparator, values } = expression;
  const [value] = values;
  const text = typeof value === 'number' ? String(value) : `'${value ?? ''}'`;
  return `${fieldText(field)} ${comparator} ${comparator.endsWith('IN') ? `(${text})` : text}`;
}

const EXPRESSION = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    CLAUSE,
    fc.record({ kind: fc.constant('not' as const), part: tie('tree') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).tree;

describe('whatever the filter', () => {
  it('what is written reads back to the same', () => {
    fc.assert(
      fc.property(EXPRESSION, (expression) => {
        expect(parseFilter(written(expression), RUN_WORDS)).toEqual(expression);
      }),
    );
  });

  it('any text is read or refused with a place inside it', () => {
    const pieces = fc.constantFrom(
      ...[
        'metrics.',
        'loss',
        ' ',
        "'",
        '"',
        '`',
        '(',
        ')',
        ',',
        'AND',
        'NOT',
        'IN',
        '=',
        '>',
        '1',
        '.5',
        '-',
        'é',
        '👍',
      ],
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseFilter(text, RUN_WORDS);
        } catch (error) {
          expect(error).toBeInstanceOf(WorkbenchError);
          const position = Number((error as WorkbenchError).details['position']);
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('NOT finds exactly the others, AND and OR are those of sets', () => {
    fc.assert(
      fc.property(CLAUSE, CLAUSE, (one, other) => {
        const of = (filter: string) => new Set(search(RUNS, SEARCHED, { filter }).map(({ run_id }) => run_id));
        const [a, b] = [of(written(one)), of(written(other))];
        const ids = RUNS.map(({ run_id }) => run_id);
        expect(of(`NOT ${written(one)}`)).toEqual(new Set(ids.filter((id) => !a.has(id))));
        expect(of(`${written(one)} AND ${written(other)}`)).toEqual(
          new Set(ids.filter((id) => a.has(id) && b.has(id))),
        );
        expect(of(`${written(one)} OR ${written(other)}`)).toEqual(new Set(ids.filter((id) => a.has(id) || b.has(id))));
      }),
    );
  });
});

describe('LIKE', () => {
  it('agrees with the regular expression of its pattern', () => {
    const texts = fc.stringMatching(/^[ab.👍]{0,8}$/u);
    fc.assert(
      fc.property(texts, fc.stringMatching(/^[ab.%_]{0,8}$/), fc.boolean(), (text, pattern, fold) => {
        const source = pattern.replaceAll('.', '\\.').replaceAll('%', '.*').replaceAll('_', '.');
        const expected = new RegExp(`^${source}$`, fold ? 'isu' : 'su').test(text);
        expect(likeMatcher(fold ? pattern.toUpperCase() : pattern, fold)(text)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no time that explodes', () => {
    const start = performance.now();
    expect(likeMatcher(`${'%a'.repeat(50)}b`, false)('a'.repeat(5000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
