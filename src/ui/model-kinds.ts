import type { TrainingView } from '../pipeline/views';

export type ModelKind = TrainingView['kind'];

/** Kinds of models as the page names them. */
export const KIND_TITLES: Readonly<Record<ModelKind, string>> = {
  xgboost: 'Boosted trees',
  logistic: 'Logistic regression',
  mlp: 'Multilayer perceptron',
};

/** The title of a kind that was stored as text; boosted trees where nothing was stored. */
export function kindTitle(kind: string | undefined): string {
  return Object.entries(KIND_TITLES).find(([id]) => id === (kind ?? 'xgboost'))?.[1] ?? kind ?? '';
}

/** What a round of training adds: a tree, or another pass over the rows. */
export function roundNoun(kind: ModelKind): 'tree' | 'epoch' {
  return kind === 'xgboost' ? 'tree' : 'epoch';
}

/** What the model's file is. */
export function fileFormat(kind: ModelKind): string {
  return kind === 'xgboost' ? 'XGBoost JSON' : 'JSON of its own: standardisation, missing indicators and weights';
}
