import type { FeatureDefinitions, TimelinePoint } from '../../src/features/types';
import type { EntityTimeline, FeaturesView } from '../../src/pipeline/views';
import { Draws } from './draws';
import { DAY, NOW, NUMERIC, tableProfiles } from './fixture-tables';

const FEATURES: Readonly<Record<string, readonly (readonly [string, string, string])[]>> = {
  patient_demographics: [
    ['age', 'age', 'Age in years at the visit'],
    [
      'age_group',
      'CASE WHEN age < 5 THEN 0 WHEN age < 18 THEN 1 WHEN age < 65 THEN 2 ELSE 3 END',
      '0-4, 5-17, 18-64, 65 and older',
    ],
    ['sex_male', "sex = 'male'", '1 for men'],
  ],
  vitals: [
    ['resting_bp', 'resting_bp', 'Resting blood pressure, mm Hg'],
    ['max_heart_rate', 'max_heart_rate', 'Highest heart rate under exercise'],
    ['exercise_angina', 'exercise_angina', 'Chest pain under exercise'],
    ['pulse_reserve', '220 - age - max_heart_rate', 'Distance to the rate expected for the age'],
  ],
  labs: [
    ['cholesterol', 'cholesterol', 'Serum cholesterol, mg/dl'],
    ['oldpeak', 'oldpeak', 'ST depression under exercise, mm'],
    ['ecg_abnormal', "resting_ecg <> 'normal'", 'Resting ECG not normal'],
    ['chest_pain', "CASE chest_pain_type WHEN 'asymptomatic' THEN 3 ELSE 1 END", 'Kind of chest pain'],
  ],
};
export const NAMES = Object.entries(FEATURES).flatMap(([view, fields]) => fields.map(([name]) => `${view}:${name}`));

export const DEFINITIONS: FeatureDefinitions = {
  entities: [{ name: 'patient', join_keys: ['patient_id'] }],
  sources: [
    { name: 'patients', table: 'patients', timestamp_field: 'registered' },
    { name: 'visits', table: 'visits', timestamp_field: 'visit_time' },
  ],
  views: Object.entries(FEATURES).map(([name, fields]) => ({
    name,
    entities: ['patient'],
    source: name === 'patient_demographics' ? 'patients' : 'visits',
    schema: fields.map(([field, expression, description]) => ({
      name: field,
      dtype: field.startsWith('sex') || field.includes('angina') ? ('bool' as const) : ('float64' as const),
      expression,
      description,
      ...(field === 'resting_bp' ? { expect: { min: 40, max: 260, null_share: 0.1 } } : {}),
      ...(field === 'cholesterol' ? { expect: { min: 50, max: 700 } } : {}),
    })),
    ttl: name === 'labs' ? 180 * 86_400 : name === 'vitals' ? 90 * 86_400 : 0,
    description: name === 'labs' ? 'Laboratory values of a visit' : '',
  })),
  service: { name: 'heart_disease', features: NAMES },
};

export function featuresView(): FeaturesView {
  const draws = new Draws(4);
  return {
    definitions: DEFINITIONS,
    profile: { ...(tableProfiles()[0] ?? { table: '', rows: 0, columns: [] }), table: 'dataset' },
    dataset: {
      rows: 31_204,
      entities: 10_000,
      digest: '7be1a0c2d9e4f5a6b7c8d9e0f1a2b3c4',
      path: 'datasets/heart_disease/7be1.arrow',
    },
    mode: 'leak_safe',
    leaks: [{ view: 'labs', rows: 412, values: { cholesterol: 388 } }],
    coverage: Object.fromEntries(
      NAMES.map((name) => [name.split(':')[1] ?? name, Math.round(31_204 * (0.93 + 0.07 * draws.uniform()))]),
    ),
    online: {
      rows: 30_000,
      materialized: Object.keys(FEATURES).map((view) => ({ view, rows: 10_000, from: NOW - 730 * DAY, to: NOW })),
    },
    freshness: Object.keys(FEATURES).map((view, at) => ({
      view,
      newest: NOW - (at + 1) * 7 * DAY,
      expected: view === 'labs' ? 14 * 86_400 : null,
    })),
    servingFault: null,
    sampleKeys: Array.from({ length: 40 }, (_, index) => `PT${String(index * 37 + 123).padStart(4, '0')}`),
  };
}

export function timeline(key: string, at = NOW - 200 * DAY): EntityTimeline {
  const draws = new Draws(key.split('').reduce((sum, letter) => sum + letter.charCodeAt(0), 0));
  const visits = Array.from({ length: 9 }, () => NOW - Math.round(30 + 690 * draws.uniform()) * DAY).toSorted(
    (a, b) => a - b,
  );
  const points: TimelinePoint[] = [];
  for (const view of DEFINITIONS.views) {
    const times = view.source === 'patients' ? [NOW - 728 * DAY] : visits;
    const before = times.filter((time) => time <= at);
    const newest = before.at(-1) ?? 0;
    const fresh = view.ttl === 0 || at - newest <= view.ttl * 1e6;
    for (const field of view.schema) {
      for (const time of times) {
        const verdict =
          time > at
            ? 'late'
            : time === newest
              ? fresh
                ? 'taken'
                : 'expired'
              : view.ttl > 0 && at - time > view.ttl * 1e6
                ? 'expired'
                : 'older';
        const known = NUMERIC.find((one) => one.name === field.name);
        points.push({
          view: view.name,
          feature: field.name,
          event_timestamp: time,
          created_timestamp: time,
          value: known ? Number(draws.normal(known.mean, known.sd).toFixed(known.digits)) : Math.round(draws.uniform()),
          verdict,
        });
      }
    }
  }
  return { key, at, points };
}
