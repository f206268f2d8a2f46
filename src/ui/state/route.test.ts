import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STAGE_ORDER } from '../stages';
import { formatRoute, parseRoute } from './route';

describe('the route in the address bar', () => {
  it('reads a deep link', () => {
    expect(parseRoute('#heart_disease/monitoring/columns&report=r%204')).toEqual({
      model: 'heart_disease',
      stage: 'monitoring',
      tab: 'columns',
      params: { report: 'r 4' },
    });
  });

  it('opens an old or broken link at the first stage', () => {
    expect(parseRoute('#heart_disease/serving/x').stage).toBe('data');
    expect(parseRoute('#%E0%A4%A/training')).toMatchObject({ model: '%E0%A4%A', stage: 'training' });
    expect(parseRoute('')).toEqual({ model: null, stage: 'data', tab: '', params: {} });
  });

  it('keeps a parameter called __proto__ as a parameter', () => {
    expect(Object.keys(parseRoute('#m/data&__proto__=x').params)).toEqual(['__proto__']);
  });

  it('reads back whatever it writes', () => {
    const word = fc.string({ minLength: 1 });
    const route = fc.record({
      model: word,
      stage: fc.constantFrom(...STAGE_ORDER),
      tab: fc.string(),
      params: fc.dictionary(word, word),
    });
    fc.assert(
      fc.property(route, (one) => {
        const back = parseRoute(formatRoute(one));
        expect(back).toEqual({ ...one, params: { ...one.params } });
      }),
    );
  });
});
