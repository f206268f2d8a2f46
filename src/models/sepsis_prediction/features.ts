import type { FeatureDefinitions, Field } from '../../features/types';

const HOURS = 60 * 60;
const DAYS = 24 * HOURS;

/** SQL that numbers the values of a text column from 0 on; NULL stays NULL. */
function numbered(column: string, values: readonly string[]): string {
  return `CASE ${column} ${values.map((value, i) => `WHEN '${value}' THEN ${i}`).join(' ')} END`;
}

const number = (name: string, description: string, expect: Field['expect']): Field => ({
  name,
  dtype: 'float64',
  expression: name,
  description,
  expect,
});

const admission: readonly Field[] = [
  number('age', 'Years at admission.', { min: 0, max: 120, null_share: 0, severity: 'refuse' }),
  {
    name: 'age_group',
    dtype: 'int64',
    expression: 'CASE WHEN age < 50 THEN 0 WHEN age < 70 THEN 1 WHEN age IS NOT NULL THEN 2 END',
    description: '0 below 50 years, 1 for 50 to 69, 2 from 70 on.',
    expect: { in: ['0', '1', '2'], severity: 'refuse' },
  },
  {
    name: 'sex',
    dtype: 'int64',
    expression: numbered('sex', ['female', 'male']),
    description: '1 male, 0 female.',
    expect: { in: ['0', '1'], severity: 'refuse' },
  },
  {
    name: 'ward',
    dtype: 'int64',
    expression: numbered('ward', ['medical', 'surgical', 'emergency']),
    description: '0 medical, 1 surgical, 2 emergency.',
    expect: { in: ['0', '1', '2'], severity: 'refuse' },
  },
  {
    name: 'immunosuppressed',
    dtype: 'int64',
    expression: numbered('immunosuppressed', ['no', 'yes']),
    description: '1 when the immune system is suppressed.',
    expect: { in: ['0', '1'], severity: 'refuse' },
  },
];

/** Over the 24 hours before the assessment. */
const overDay = (name: string, of: string, aggregate: 'mean' | 'min' | 'max', description: string): Field => ({
  name,
  dtype: 'float64',
  expression: of,
  aggregate: { function: aggregate, window: DAYS },
  description,
});

const bedside: readonly Field[] = [
  number('heart_rate', 'Beats a minute, last observation.', { min: 20, max: 250, null_share: 0.1 }),
  number('respiratory_rate', 'Breaths a minute, last observation.', { min: 4, max: 70, null_share: 0.1 }),
  number('temperature', 'Degrees Celsius, last observation.', { min: 30, max: 43, null_share: 0.1 }),
  number('systolic_bp', 'Systolic blood pressure, mm Hg, last observation.', { min: 40, max: 260, null_share: 0.1 }),
  number('oxygen_saturation', 'Per cent, last observation.', { min: 50, max: 100, null_share: 0.1 }),
  {
    name: 'altered',
    dtype: 'int64',
    expression: numbered('consciousness', ['alert', 'altered']),
    description: '1 when consciousness is altered.',
    expect: { in: ['0', '1'], severity: 'refuse' },
  },
  {
    name: 'shock_index',
    dtype: 'float64',
    expression: 'heart_rate / NULLIF(systolic_bp, 0)',
    description: 'Heart rate divided by systolic blood pressure.',
    expect: { min: 0.1, max: 5 },
  },
  overDay('heart_rate_mean_24h', 'heart_rate', 'mean', 'Mean heart rate of 24 hours.'),
  overDay('respiratory_rate_max_24h', 'respiratory_rate', 'max', 'Highest respiratory rate of 24 hours.'),
  overDay('temperature_max_24h', 'temperature', 'max', 'Highest temperature of 24 hours.'),
  overDay('systolic_bp_min_24h', 'systolic_bp', 'min', 'Lowest systolic blood pressure of 24 hours.'),
];

const labs: readonly Field[] = [
  number('lactate', 'Lactate, mmol/l.', { min: 0.1, max: 30, null_share: 0.2 }),
  number('white_cells', 'White blood cells, 10^9/l.', { min: 0, max: 100, null_share: 0.2 }),
  number('creatinine', 'Creatinine, mg/dl.', { min: 0.1, max: 20, null_share: 0.2 }),
  number('platelets', 'Platelets, 10^9/l.', { min: 1, max: 1500, null_share: 0.2 }),
  number('crp', 'C-reactive protein, mg/l.', { min: 0, max: 700, null_share: 0.3 }),
];

const VIEWS = { admission, bedside, labs };

export const DEFINITIONS: FeatureDefinitions = {
  entities: [{ name: 'patient', join_keys: ['patient_id'], description: 'A person on a ward.' }],
  sources: ['admissions', 'observations', 'lab_results'].map((table) => ({
    name: table,
    table,
    timestamp_field: 'event_timestamp',
    created_timestamp_column: 'created_timestamp',
  })),
  views: [
    {
      name: 'admission',
      entities: ['patient'],
      source: 'admissions',
      schema: admission,
      ttl: 30 * DAYS,
      description: 'Who the patient is, as admitted.',
    },
    {
      name: 'bedside',
      entities: ['patient'],
      source: 'observations',
      schema: bedside,
      ttl: 12 * HOURS,
      description: 'What nurses observe every four hours.',
    },
    {
      name: 'labs',
      entities: ['patient'],
      source: 'lab_results',
      schema: labs,
      ttl: 2 * DAYS,
      description: 'What the laboratory found.',
    },
  ],
  service: {
    name: 'sepsis_prediction',
    features: Object.entries(VIEWS).flatMap(([view, fields]) => fields.map(({ name }) => `${view}:${name}`)),
  },
};

/** Groups that are compared, by the name config.yaml uses. */
export const SENSITIVE = {
  sex: { feature: 'admission:sex', groups: { '0': 'female', '1': 'male' } },
  age_group: { feature: 'admission:age_group', groups: { '0': '18-49', '1': '50-69', '2': '70+' } },
} as const;
