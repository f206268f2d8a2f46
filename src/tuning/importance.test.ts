import { describe, expect, it } from 'vitest';
import { compileSpace } from './compile-space';
import { parameterImportance } from './importance';
import { randomPoint } from './prior';
import type { SearchSpace, Study } from './types';

const space: SearchSpace = {
  strong: { uniform: [0, 1] },
  none: { uniform: [0, 1] },
  log: { loguniform: [-5, 0] },
  kind: { choice: ['a', 'b', 'c'] },
};

function studyOf(loss: (params: Readonly<Record<string, unknown>>) => number, count: number): Study {
  const compiled = compileSpace(space);
  const trials = Array.from({ length: count }, (_, number) => {
    const point = randomPoint(compiled, 4, number);
    const state = 'ok' as const;
    return { number, ...point, state, loss: loss(point.params), bestRounds: 1, curve: [], durationMs: 0 };
  });
  return {
    algorithm: 'random',
    seed: 4,
    maxEvals: count,
    objective: 'loss',
    trials,
    bestTrial: 0,
    stopped: false,
    space,
  };
}

describe('parameterImportance', () => {
  it('finds what decides, wherever it is', () => {
    const first = (loss: Parameters<typeof studyOf>[0]) => parameterImportance(studyOf(loss, 200))[0];
    expect(first(({ strong }) => (Number(strong) - 0.3) ** 2)?.parameter).toBe('strong');
    expect(first(({ log }) => Math.abs(Math.log(Number(log)) + 2))?.parameter).toBe('log');
    const byKind = first(({ kind }) => (kind === 'b' ? 0 : 1));
    expect(byKind?.parameter).toBe('kind');
    expect(byKind?.importance).toBeGreaterThan(0.4);
  });

  it('gives shares of 1, and nothing of too few trials', () => {
    const found = parameterImportance(studyOf(({ strong }) => Number(strong), 50));
    expect(found.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 12);
    expect(found).toHaveLength(4);
    expect(parameterImportance(studyOf(({ strong }) => Number(strong), 9))).toEqual([]);
  });
});
