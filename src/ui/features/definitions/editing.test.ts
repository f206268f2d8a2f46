import { describe, expect, it, test } from 'vitest';
import type { FeatureDefinitions } from '../../../features/types';
import {
  durationText,
  matches,
  secondsOf,
  tagsOf,
  tagsText,
  trainedOn,
  withField,
  withoutField,
  withoutView,
  withTrained,
  withView,
} from './editing';

const field = (name: string) => ({ name, dtype: 'float64' as const, expression: name });
const view = (name: string, ...fields: string[]) => ({
  name,
  entities: ['patient'],
  source: 'visits',
  ttl: 0,
  schema: fields.map(field),
});
const DEFINITIONS: FeatureDefinitions = {
  entities: [{ name: 'patient', join_keys: ['patient_id'] }],
  sources: [{ name: 'visits', table: 'visits', timestamp_field: 'at' }],
  views: [view('vitals', 'bp', 'rate'), view('labs', 'thal')],
  service: { name: 'm', features: ['vitals:rate', { view: 'labs' }, { view: 'vitals', features: ['bp'] }] },
};

test('times are read and written in the units of features.yaml', () => {
  expect(['90d', ' 12 h', '30m', '45', '2w', '1.5h', '', 'soon', '-1d'].map(secondsOf)).toEqual([
    7_776_000,
    43_200,
    1800,
    45,
    1_209_600,
    5400,
    0,
    null,
    null,
  ]);
  expect([7_776_000, 5400, 45, 0.5, 0].map(durationText)).toEqual(['90d', '90m', '45s', '0.5s', '0s']);
});

test('tags are pairs with commas between', () => {
  expect(tagsOf(' team = a b, tier=1=2 ,')).toEqual({ team: 'a b', tier: '1=2' });
  expect(tagsOf('team')).toBeNull();
  expect(tagsOf('')).toEqual({});
  expect(tagsText({ team: 'a', tier: '1' })).toBe('team=a, tier=1');
});

test('a search finds what holds all its words', () => {
  expect(matches('BP vit', ['vitals', undefined, 'resting_bp'])).toBe(true);
  expect(matches('bp labs', ['vitals', 'resting_bp'])).toBe(false);
  expect(matches('', [])).toBe(true);
});

describe('an edit of definitions', () => {
  it('keeps the order that the model is trained in, and adds at its end', () => {
    expect(trainedOn(DEFINITIONS)).toEqual(['vitals:rate', 'labs:thal', 'vitals:bp']);
    const without = withTrained(DEFINITIONS, 'vitals:rate', false);
    expect(trainedOn(without)).toEqual(['labs:thal', 'vitals:bp']);
    expect(trainedOn(withTrained(without, 'vitals:rate', true))).toEqual(['labs:thal', 'vitals:bp', 'vitals:rate']);
    expect(trainedOn(withTrained(DEFINITIONS, 'vitals:rate', true))).toEqual(trainedOn(DEFINITIONS));
  });

  it('takes the service along to a new name', () => {
    const pressure = withField(DEFINITIONS, 'vitals', field('pressure'), 'bp');
    expect(trainedOn(pressure)).toEqual(['vitals:rate', 'labs:thal', 'vitals:pressure']);
    expect(pressure.views[0]?.schema.map(({ name }) => name)).toEqual(['pressure', 'rate']);
    expect(trainedOn(withView(DEFINITIONS, view('signs', 'bp', 'rate'), 'vitals'))).toEqual([
      'signs:rate',
      'labs:thal',
      'signs:bp',
    ]);
  });

  it('takes what is deleted out of the service', () => {
    expect(trainedOn(withoutField(DEFINITIONS, 'vitals', 'bp'))).toEqual(['vitals:rate', 'labs:thal']);
    const rest = withoutView(DEFINITIONS, 'vitals');
    expect([rest.views.map(({ name }) => name), trainedOn(rest)]).toEqual([['labs'], ['labs:thal']]);
  });

  it('adds without touching the service', () => {
    const more = withField(withView(DEFINITIONS, view('more'), null), 'more', field('x'), null);
    expect(more.views.at(-1)?.schema.map(({ name }) => name)).toEqual(['x']);
    expect(more.service).toBe(DEFINITIONS.service);
  });
});
