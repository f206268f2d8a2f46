import { expect, it } from 'vitest';
import { STAGES } from '../pipeline/views';
import { STAGE_ORDER, stageAfter, stagesUpTo } from './stages';

it('has words for every stage of the lifecycle, in its order', () => expect(STAGE_ORDER).toEqual(STAGES));

it('runs what a stage needs before it', () => {
  expect(stagesUpTo('registry', (stage) => stage !== 'data')).toEqual(['features', 'training', 'registry']);
  expect(stagesUpTo('registry', () => false)).toEqual(['registry']);
  expect(stagesUpTo('data', () => true)).toEqual(['data']);
});

it('runs everything after the first empty stage, so that nothing rests on older input', () => {
  expect(stagesUpTo('inference', (stage) => stage === 'features')).toEqual([
    'features',
    'training',
    'registry',
    'inference',
  ]);
});

it('ends the way after monitoring', () =>
  expect([stageAfter('inference')?.stage, stageAfter('monitoring')]).toEqual(['monitoring', null]));
