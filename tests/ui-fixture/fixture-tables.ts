import type { Cell, ColumnType } from '../../src/utils/columns';
import type { ColumnProfile, DataView, HistogramView, TablePage, TableProfile } from '../../src/pipeline/views';
import { Draws } from './draws';

export const DAY = 86_400_000_000;
export const NOW = Date.UTC(2026, 2, 2) * 1000;
const START = Date.UTC(2024, 2, 2) * 1000;

export interface Numeric {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
  readonly missing: number;
  readonly digits: number;
}

export const NUMERIC: readonly Numeric[] = [
  { name: 'age', mean: 55, sd: 12.4, missing: 0, digits: 0 },
  { name: 'resting_bp', mean: 131.6, sd: 17.5, missing: 0.021, digits: 0 },
  { name: 'cholesterol', mean: 246.3, sd: 51.8, missing: 0.06, digits: 0 },
  { name: 'max_heart_rate', mean: 149.6, sd: 22.9, missing: 0.013, digits: 0 },
  { name: 'oldpeak', mean: 1.04, sd: 1.1, missing: 0.034, digits: 1 },
];
const WORDS: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  sex: [
    ['male', 0.54],
    ['female', 0.46],
  ],
  ethnicity: [
    ['white', 0.61],
    ['black', 0.15],
    ['asian', 0.12],
    ['hispanic', 0.09],
    ['other', 0.03],
  ],
  chest_pain_type: [
    ['asymptomatic', 0.45],
    ['non_anginal', 0.29],
    ['atypical_angina', 0.17],
    ['typical_angina', 0.09],
  ],
  resting_ecg: [
    ['normal', 0.5],
    ['hypertrophy', 0.48],
    ['st_t_abnormal', 0.02],
  ],
  exercise_angina: [
    ['false', 0.67],
    ['true', 0.33],
  ],
};

/** Equal bins of a bell around `mean`. */
export function bell(
  { mean, sd }: { readonly mean: number; readonly sd: number },
  [low, high]: readonly [number, number],
  bins: number,
  total: number,
): HistogramView {
  const edges = Array.from({ length: bins + 1 }, (_, index) => low + ((high - low) * index) / bins);
  const weights = edges
    .slice(0, -1)
    .map((edge, index) => Math.exp(-0.5 * (((edge + (edges[index + 1] ?? edge)) / 2 - mean) / sd) ** 2));
  const sum = weights.reduce((a, b) => a + b, 0);
  return { edges, labels: [], counts: weights.map((weight) => Math.round((weight / sum) * total)) };
}

export function numericProfile(column: Numeric, rows: number): ColumnProfile {
  const low = Math.max(0, column.mean - 3 * column.sd);
  const high = column.mean + 3.2 * column.sd;
  const missing = Math.round(rows * column.missing);
  return {
    name: column.name,
    type: column.digits === 0 ? 'int64' : 'float64',
    missing,
    distinct: column.digits === 0 ? Math.round(high - low) : 62,
    mean: column.mean,
    std: column.sd,
    min: Number(low.toFixed(column.digits)),
    max: Number(high.toFixed(column.digits)),
    histogram: bell(column, [low, high], 24, rows - missing),
  };
}

function wordProfile(name: string, rows: number): ColumnProfile {
  const words = WORDS[name] ?? [];
  const type: ColumnType = name === 'exercise_angina' ? 'bool' : 'string';
  return {
    name,
    type,
    missing: name === 'ethnicity' ? Math.round(rows * 0.008) : 0,
    distinct: words.length,
    mean: null,
    std: null,
    min: null,
    max: null,
    histogram: {
      edges: null,
      labels: words.map(([word]) => word),
      counts: words.map(([, share]) => Math.round(share * rows)),
    },
  };
}

function keyProfile(name: string, rows: number, distinct: number): ColumnProfile {
  return {
    name,
    type: 'string',
    missing: 0,
    distinct,
    mean: null,
    std: null,
    min: null,
    max: null,
    histogram: { edges: null, labels: ['PT0001', 'PT0002', 'PT0003', 'other'], counts: [7, 6, 6, rows - 19] },
  };
}

function timeProfile(name: string, rows: number): ColumnProfile {
  const draws = new Draws(name.length);
  const edges = Array.from({ length: 25 }, (_, index) => START + ((NOW - START) * index) / 24);
  return {
    name,
    type: 'timestamp',
    missing: 0,
    distinct: Math.min(rows, 730),
    mean: (START + NOW) / 2,
    std: null,
    min: START,
    max: NOW,
    histogram: {
      edges,
      labels: [],
      counts: edges.slice(1).map(() => Math.round((rows / 24) * (0.85 + 0.3 * draws.uniform()))),
    },
  };
}

export function tableProfiles(): readonly TableProfile[] {
  const visits = 31_204;
  const numeric = NUMERIC.filter((column) => column.name !== 'age').map((column) => numericProfile(column, visits));
  return [
    {
      table: 'visits',
      rows: visits,
      columns: [
        keyProfile('patient_id', visits, 10_000),
        timeProfile('visit_time', visits),
        ...numeric,
        wordProfile('chest_pain_type', visits),
        wordProfile('resting_ecg', visits),
        wordProfile('exercise_angina', visits),
      ],
    },
    {
      table: 'patients',
      rows: 10_000,
      columns: [
        keyProfile('patient_id', 10_000, 10_000),
        timeProfile('registered', 10_000),
        numericProfile(NUMERIC[0] as Numeric, 10_000),
        wordProfile('sex', 10_000),
        wordProfile('ethnicity', 10_000),
      ],
    },
    {
      table: 'outcomes',
      rows: 29_731,
      columns: [
        keyProfile('patient_id', 29_731, 9_871),
        timeProfile('visit_time', 29_731),
        timeProfile('label_time', 29_731),
        {
          ...wordProfile('exercise_angina', 29_731),
          name: 'heart_disease',
          histogram: { edges: null, labels: ['false', 'true'], counts: [19_325, 10_406] },
        },
      ],
    },
  ];
}

export function clevelandProfile(): TableProfile {
  const rows = 303;
  const column = (name: string, mean: number, sd: number, missing = 0): ColumnProfile => ({
    ...numericProfile({ name, mean, sd, missing: missing / rows, digits: 1 }, rows),
    distinct: 40,
  });
  const coded = (name: string, values: readonly (readonly [string, number])[], missing = 0): ColumnProfile => ({
    name,
    type: 'int64',
    missing,
    distinct: values.length,
    mean: 1,
    std: 1,
    min: Number(values[0]?.[0]),
    max: Number(values.at(-1)?.[0]),
    histogram: { edges: null, labels: values.map(([value]) => value), counts: values.map(([, n]) => n) },
  });
  return {
    table: 'heart_cleveland',
    rows,
    columns: [
      column('age', 54.4, 9),
      coded('sex', [
        ['0', 97],
        ['1', 206],
      ]),
      coded('cp', [
        ['1', 23],
        ['2', 50],
        ['3', 86],
        ['4', 144],
      ]),
      column('trestbps', 131.7, 17.6),
      column('chol', 246.7, 51.8),
      coded('fbs', [
        ['0', 258],
        ['1', 45],
      ]),
      coded('restecg', [
        ['0', 151],
        ['1', 4],
        ['2', 148],
      ]),
      column('thalach', 149.6, 22.9),
      coded('exang', [
        ['0', 204],
        ['1', 99],
      ]),
      column('oldpeak', 1.04, 1.16),
      coded('slope', [
        ['1', 142],
        ['2', 140],
        ['3', 21],
      ]),
      coded(
        'ca',
        [
          ['0', 176],
          ['1', 65],
          ['2', 38],
          ['3', 20],
        ],
        4,
      ),
      coded(
        'thal',
        [
          ['3', 166],
          ['6', 18],
          ['7', 117],
        ],
        2,
      ),
      coded('num', [
        ['0', 164],
        ['1', 55],
        ['2', 36],
        ['3', 35],
        ['4', 13],
      ]),
    ],
  };
}

function cellOf(column: ColumnProfile, row: number, draws: Draws): Cell {
  if (column.missing > 0 && draws.uniform() < column.missing / 30_000) return null;
  if (column.name === 'patient_id') return `PT${String((row * 7) % 10_000).padStart(4, '0')}`;
  if (column.type === 'timestamp') return START + Math.floor(((NOW - START) * row) / 31_204 / DAY) * DAY;
  if (column.mean !== null && column.std !== null) {
    const value = draws.normal(column.mean, column.std);
    return column.type === 'int64' ? BigInt(Math.round(value)) : Math.max(0, Number(value.toFixed(1)));
  }
  const words = column.histogram.labels as [string, ...string[]];
  const word = draws.pick(words);
  return column.type === 'bool' ? word === 'true' : word;
}

export function pageOf(profile: TableProfile, offset: number, limit: number): TablePage {
  const rows = Array.from({ length: Math.max(0, Math.min(limit, profile.rows - offset)) }, (_, index) => {
    const draws = new Draws(offset + index + 17);
    return profile.columns.map((column) => cellOf(column, offset + index, draws));
  });
  return { columns: profile.columns.map(({ name, type }) => ({ name, type })), rows, total: profile.rows };
}

export function dataView(profiles: readonly TableProfile[], source: string): DataView {
  return {
    tables: profiles,
    source,
    partitions: profiles.flatMap(partitionsOf),
  };
}

/** Two years of months, filled unevenly, and a window of three months in files of its own. */
function partitionsOf(profile: TableProfile, table: number): DataView['partitions'] {
  const month = (index: number) => `${2023 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
  const draws = new Draws(table + 5);
  return Array.from({ length: 27 }, (_, index) => {
    const rows = Math.round((profile.rows / 30) * (0.6 + 0.9 * draws.uniform()));
    const date = month(Math.min(index, 23) + (index > 23 ? index - 24 : 0));
    const digest = `${index}9f2c4be1a77d03c85e6${profile.rows}aa01`.repeat(2);
    const path = `offline/heart_disease/raw/${profile.table}/date=${date}/000${index > 23 ? 1 : 0}-${digest.slice(0, 24)}.arrow`;
    const bytes = rows * profile.columns.length * 7;
    return { table: profile.table, path, rows, bytes, digest, date, sequence: index > 23 ? 1 : 0 };
  });
}
