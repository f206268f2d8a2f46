import type { FilePreview, ModelOverview, Stage, StageState } from '../../src/pipeline/views';
import { clevelandProfile, NOW } from './fixture-tables';

/** What the page is shown: everything, nothing, work that never ends, faults, no storage, a model from a file, wide tables. */
export type FixtureState =
  'full' | 'empty' | 'running' | 'error' | 'memory' | 'file' | 'faults' | 'wide' | 'update' | 'refused';

export const ORDER: readonly Stage[] = ['data', 'features', 'training', 'registry', 'inference', 'monitoring'];
export const NOTHING: StageState = { status: 'empty', figure: '', caption: '', sentence: '' };
export const FULL: Readonly<Record<Stage, StageState>> = {
  data: {
    status: 'good',
    figure: '31,204',
    caption: 'rows',
    sentence: '31,204 visits of 10,000 patients over two years; cholesterol is missing in 6.0%.',
  },
  features: {
    status: 'good',
    figure: '11',
    caption: 'features in 3 views',
    sentence: '11 features from 3 views; 212 values would have leaked without the point-in-time join.',
  },
  training: {
    status: 'attention',
    figure: '0.913',
    caption: 'ROC-AUC, hold-out',
    sentence: '50 configurations in 21 s; ROC-AUC 0.913 (0.905 to 0.920) on 6,228 held-out rows.',
  },
  registry: {
    status: 'attention',
    figure: 'v2',
    caption: 'champion',
    sentence: 'v4 beats v2 by 2.6% and waits for your approval.',
  },
  inference: {
    status: 'good',
    figure: '31,204',
    caption: 'rows scored',
    sentence: '31,204 rows scored by v2; 40.2% are high risk.',
  },
  monitoring: {
    status: 'alert',
    figure: '5 of 6',
    caption: 'columns drifted',
    sentence: 'Inputs moved and the model calls more people high-risk: review the pipeline, then retrain.',
  },
};
export const EMPTY = Object.fromEntries(ORDER.map((stage) => [stage, NOTHING])) as Record<Stage, StageState>;

export const HEART: ModelOverview = {
  name: 'heart_disease',
  title: 'Heart disease',
  description: 'Predicts from a visit whether heart disease will be diagnosed, on simulated patients.',
  builtIn: true,
  clock: NOW,
  defaultRows: 30_000,
  defaultSeed: 7,
  maxEvals: 50,
  scenarios: [
    {
      name: 'older_patients',
      title: 'Mean age 55 → 62',
      description: 'A new ward sends older patients for two months.',
    },
    { name: 'more_high_risk', title: 'High-risk 40 → 60%', description: 'Sicker patients arrive for two months.' },
    {
      name: 'higher_prevalence',
      title: 'Prevalence 35 → 50%',
      description: 'The disease becomes more frequent for two months.',
    },
  ],
  stages: FULL,
};
export const CLEVELAND: ModelOverview = {
  ...HEART,
  name: 'heart_cleveland',
  title: 'heart_cleveland',
  description: 'Predicts num > 0 from heart_cleveland.csv.',
  builtIn: false,
  clock: null,
  defaultRows: 0,
  scenarios: [],
  stages: EMPTY,
};

export function preview(fileName: string): FilePreview {
  const profile = clevelandProfile();
  return {
    fileName,
    format: 'csv',
    csv: { delimiter: ',', encoding: 'UTF-8', decimal: '.' },
    rows: profile.rows,
    columns: profile.columns.map((column) => ({
      ...column,
      examples: column.histogram.labels.slice(0, 3),
      categories: column.histogram.edges ? [] : column.histogram.labels,
      suggestion: column.name === 'num' ? 'label' : 'feature',
    })),
    warnings: ['6 cells hold “?” and are read as missing (ca 4, thal 2).'],
    firstRows: [
      ['63', '1', '1', '145', '233', '1', '2', '150', '0', '2.3', '3', '0', '6', '0'],
      ['67', '1', '4', '160', '286', '0', '2', '108', '1', '1.5', '2', '3', '3', '2'],
      ['67', '1', '4', '120', '229', '0', '2', '129', '1', '2.6', '2', '2', '7', '1'],
    ],
  };
}
