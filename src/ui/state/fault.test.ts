import { describe, expect, it } from 'vitest';
import { AbortError, WorkbenchError } from '../../utils/errors';
import { isStopped, messageOf, stageOf } from './fault';

describe('what was thrown', () => {
  it('is read as a sentence', () => {
    expect(messageOf(new WorkbenchError('USAGE', 'rows must be whole.'))).toBe('rows must be whole.');
    expect(messageOf(undefined)).toContain('Reload');
  });

  it('may name its stage, and nothing else is taken for one', () => {
    expect(stageOf(new WorkbenchError('TRAINING_INVALID', 'x', { stage: 'training' }))).toBe('training');
    expect([
      stageOf(new WorkbenchError('USAGE', 'x', { stage: 'toString' })),
      stageOf(new Error('x')),
      stageOf('x'),
    ]).toEqual([null, null, null]);
  });

  it('is told apart from a stop', () =>
    expect([isStopped(new AbortError()), isStopped(new Error('AbortError'))]).toEqual([true, false]));
});
