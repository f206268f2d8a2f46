import type { FeatureDefinitions, Field } from '../../features/types';

const DAYS = 24 * 60 * 60;
/** Records older than this say little about a visit. */
const TTL = 400 * DAYS;
/** Longer than outcomes of a window take to come in, during which nobody is seen. */
const FRESH = 60 * DAYS;

/** SQL that numbers the values of a text column 1, 2, 3, …; NULL stays NULL. */
function numbered(
  column: string,
  values: readonly string[],
  numbers: readonly number[] = values.map((_, i) => i + 1),
): string {
  return `CASE ${column} ${values.map((value, i) => `WHEN '${value}' THEN ${numbers[i] ?? 'NULL'}`).join(' ')} END`;
}

const demographics: readonly Field[] = [
  {
    name: 'age',
    dtype: 'float64',
    expression: 'age',
    description: 'Years at the visit.',
    expect: { min: 0, max: 120, null_share: 0, severity: 'refuse' },
  },
  {
    name: 'age_group',
    dtype: 'int64',
    expression: 'CASE WHEN age < 5 THEN 0 WHEN age < 18 THEN 1 WHEN age < 65 THEN 2 WHEN age IS NOT NULL THEN 3 END',
    description: '0 for 0 to 4 years, 1 for 5 to 17, 2 for 18 to 64, 3 from 65 on.',
    expect: { in: ['0', '1', '2', '3'], severity: 'refuse' },
  },
  {
    name: 'sex',
    dtype: 'int64',
    expression: numbered('sex', ['female', 'male'], [0, 1]),
    description: '1 male, 0 female.',
    expect: { in: ['0', '1'], severity: 'refuse' },
  },
  {
    name: 'ethnicity',
    dtype: 'string',
    expression: 'ethnicity',
    description: 'As the patient said; not trained on.',
    expect: { null_share: 0.15 },
  },
];

const vitals: readonly Field[] = [
  {
    name: 'chest_pain_type',
    dtype: 'int64',
    expression: numbered('chest_pain_type', ['typical angina', 'atypical angina', 'non-anginal pain', 'asymptomatic']),
    description: '1 typical angina, 2 atypical angina, 3 non-anginal pain, 4 asymptomatic.',
    expect: { in: ['1', '2', '3', '4'], null_share: 0.1 },
  },
  {
    name: 'resting_bp',
    dtype: 'float64',
    expression: 'resting_bp',
    description: 'Systolic blood pressure at rest, mm Hg.',
    expect: { min: 40, max: 260, null_share: 0.1 },
  },
  {
    name: 'max_heart_rate',
    dtype: 'float64',
    expression: 'max_heart_rate',
    description: 'Highest heart rate under exercise, beats a minute.',
    expect: { min: 40, max: 230, null_share: 0.1 },
  },
  {
    name: 'exercise_angina',
    dtype: 'int64',
    expression: 'CAST(exercise_angina AS BIGINT)',
    description: '1 when exercise brings chest pain.',
    expect: { in: ['0', '1'], severity: 'refuse' },
  },
  {
    name: 'oldpeak',
    dtype: 'float64',
    expression: 'oldpeak',
    description: 'ST depression by exercise against rest, mm.',
    expect: { min: 0, max: 10, null_share: 0.1 },
  },
  {
    name: 'st_slope',
    dtype: 'int64',
    expression: numbered('st_slope', ['upsloping', 'flat', 'downsloping']),
    description: 'Slope of the ST segment at peak exercise: 1 up, 2 flat, 3 down.',
    expect: { in: ['1', '2', '3'], severity: 'refuse' },
  },
  {
    name: 'resting_ecg',
    dtype: 'int64',
    expression: numbered('resting_ecg', ['normal', 'ST-T abnormality', 'left ventricular hypertrophy'], [0, 1, 2]),
    description: 'ECG at rest: 0 normal, 1 ST-T abnormality, 2 left ventricular hypertrophy.',
    expect: { in: ['0', '1', '2'], severity: 'refuse' },
  },
];

const labs: readonly Field[] = [
  {
    name: 'cholesterol',
    dtype: 'float64',
    expression: 'cholesterol',
    description: 'Serum cholesterol, mg/dl.',
    expect: { min: 50, max: 700, null_share: 0.2 },
  },
  {
    name: 'hdl_cholesterol',
    dtype: 'float64',
    expression: 'hdl_cholesterol',
    description: 'HDL cholesterol, mg/dl.',
    expect: { min: 5, max: 150, null_share: 0.2 },
  },
  {
    name: 'cholesterol_ratio',
    dtype: 'float64',
    expression: 'cholesterol / NULLIF(hdl_cholesterol, 0)',
    description: 'Cholesterol divided by HDL cholesterol.',
    expect: { min: 0.5, max: 60 },
  },
  {
    name: 'fasting_blood_sugar',
    dtype: 'int64',
    expression: 'CAST(fasting_blood_sugar > 120 AS BIGINT)',
    description: '1 when fasting blood sugar is above 120 mg/dl.',
    expect: { in: ['0', '1'], severity: 'refuse' },
  },
  {
    name: 'major_vessels',
    dtype: 'float64',
    expression: 'major_vessels',
    description: 'Major vessels coloured by fluoroscopy, 0 to 3.',
    expect: { min: 0, max: 3, severity: 'refuse' },
  },
  {
    name: 'thal',
    dtype: 'int64',
    expression: numbered('thal', ['normal', 'fixed defect', 'reversible defect'], [3, 6, 7]),
    description: 'Thallium scan: 3 normal, 6 fixed defect, 7 reversible defect.',
    expect: { in: ['3', '6', '7'], severity: 'refuse' },
  },
];

const VIEWS = { patient_demographics: demographics, vitals, labs };

/** Features trained on, in order: all numeric fields of the views. */
const TRAINED = Object.entries(VIEWS).flatMap(([view, fields]) =>
  fields.filter((field) => field.dtype !== 'string').map((field) => `${view}:${field.name}`),
);

export const DEFINITIONS: FeatureDefinitions = {
  entities: [{ name: 'patient', join_keys: ['patient_id'], description: 'A person who comes to the practice.' }],
  sources: ['demographics', 'visits', 'lab_results'].map((table) => ({
    name: table,
    table,
    timestamp_field: 'event_timestamp',
    created_timestamp_column: 'created_timestamp',
  })),
  views: [
    {
      name: 'patient_demographics',
      entities: ['patient'],
      source: 'demographics',
      schema: demographics,
      ttl: TTL,
      freshness: FRESH,
      description: 'Who the patient is, as registered at each visit.',
    },
    {
      name: 'vitals',
      entities: ['patient'],
      source: 'visits',
      schema: vitals,
      ttl: TTL,
      freshness: FRESH,
      description: 'What was measured at the visit.',
    },
    {
      name: 'labs',
      entities: ['patient'],
      source: 'lab_results',
      schema: labs,
      ttl: TTL,
      freshness: FRESH,
      description: 'What the laboratory found.',
    },
  ],
  service: { name: 'heart_disease', features: TRAINED },
};

/** Groups that are compared, by the name config.yaml uses. */
export const SENSITIVE = {
  sex: { feature: 'patient_demographics:sex', groups: { '0': 'female', '1': 'male' } },
  age_group: {
    feature: 'patient_demographics:age_group',
    groups: { '0': '0-4', '1': '5-17', '2': '18-64', '3': '65+' },
  },
  ethnicity: { feature: 'patient_demographics:ethnicity', groups: {} },
} as const;
