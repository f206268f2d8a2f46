/** A word of the field, explained where it stands. */
export interface Explanation {
  readonly title: string;
  readonly text: string;
}

export const GLOSSARY = {
  'roc-auc': {
    title: 'ROC-AUC',
    text: 'How often the model gives a random positive row a higher score than a random negative one. 0.5 is guessing, 1 is perfect.',
  },
  'pr-auc': {
    title: 'PR-AUC',
    text: 'Area under precision against recall. Guessing scores the share of positives, so it tells more than ROC-AUC when positives are rare.',
  },
  'log-loss': {
    title: 'Log loss',
    text: 'How surprised the model is by the truth, on average. Smaller is better; being sure and wrong costs most.',
  },
  brier: {
    title: 'Brier score',
    text: 'Mean squared distance between predicted probability and outcome (0 or 1). Smaller is better.',
  },
  precision: { title: 'Precision', text: 'Of the rows called positive, the share that are.' },
  recall: { title: 'Recall', text: 'Of the rows that are positive, the share the model found.' },
  calibration: {
    title: 'Calibration',
    text: 'Whether a predicted 30% happens 30% of the time. On the diagonal, probabilities can be read as they stand.',
  },
  holdout: {
    title: 'Hold-out',
    text: 'A fifth of the entities, set aside before training. Neither tuning nor early stopping sees them, so results on them are honest.',
  },
  interval: {
    title: '95% interval',
    text: 'The range the number would plausibly fall in if other rows had been drawn. Overlapping intervals mean a difference may be chance.',
  },
  shap: {
    title: 'SHAP value',
    text: 'What one feature adds to one prediction, in log-odds. All of them and the base add up to the prediction exactly.',
  },
  'log-odds': {
    title: 'Log-odds',
    text: 'The scale the trees add up on: the logarithm of p / (1 − p). 0 is 50%, +1 about 73%, −1 about 27%.',
  },
  champion: { title: 'Champion', text: 'The version that serves predictions now. There is at most one.' },
  challenger: { title: 'Challenger', text: 'The newest version, waiting to be compared with the champion.' },
  alias: { title: 'Alias', text: 'A name that points at one version and can be moved: champion, challenger.' },
  drift: { title: 'Drift', text: 'New data no longer look like the data the model learned from.' },
  ks: {
    title: 'Kolmogorov-Smirnov test',
    text: 'Compares two samples of a number by the largest gap D between their cumulative shares: 0 is the same, 1 is fully apart.',
  },
  'jensen-shannon': {
    title: 'Jensen-Shannon distance',
    text: 'How far apart two histograms are: 0 is the same, 1 is no overlap (base-2 logarithm).',
  },
  'adjusted-p': {
    title: 'Adjusted p-value',
    text: 'The chance of a gap at least this large if nothing had changed, corrected for testing many columns at once.',
  },
  feature: {
    title: 'Feature',
    text: 'One input of the model, computed by one definition for training and for serving.',
  },
  entity: { title: 'Entity', text: 'What predictions are about, for example a patient. Its key joins the tables.' },
  'feature-view': {
    title: 'Feature view',
    text: 'Features that come from the same table, with how long their values stay valid.',
  },
  'point-in-time': {
    title: 'Point-in-time join',
    text: 'For every past moment, takes the newest value already known then. Later values would leak the future into training.',
  },
  leak: {
    title: 'Leak',
    text: 'A value used in training that nobody could know yet at that moment, for example a result recorded days later. The model looks better than it will be.',
  },
  ttl: { title: 'Time to live', text: 'How old a value may be and still be used.' },
  materialize: {
    title: 'Materializing',
    text: 'Computing the newest value of every feature for each entity and writing it to the online store.',
  },
  'online-store': {
    title: 'Online store',
    text: 'The newest value of every feature, kept by entity for quick reads when predicting.',
  },
  expectation: {
    title: 'Expectation',
    text: 'What the values of a feature must be like: a range, a list of values, a share of missing ones. Checked whenever rows come in.',
  },
  freshness: { title: 'Freshness', text: 'How old the newest event of a view is at the model’s clock.' },
  skew: {
    title: 'Training-serving skew',
    text: 'A feature is served otherwise than it was trained with, for example in another unit. Predictions get worse and nothing fails.',
  },
  prevalence: { title: 'Prevalence', text: 'The share of rows whose label is positive.' },
  partition: {
    title: 'Partition',
    text: 'One immutable file of a table. New rows come as new partitions; old ones never change.',
  },
  importance: {
    title: 'Importance (total gain)',
    text: 'How much all splits on a feature reduced the training loss. It shows what the trees used, not what causes the outcome.',
  },
  'early-stopping': {
    title: 'Early stopping',
    text: 'Training ends when more trees stop helping on validation rows; the best count is kept.',
  },
  'sensitive-column': {
    title: 'Sensitive column',
    text: 'A column whose groups must not be treated unequally. Results are compared between its groups.',
  },
  label: { title: 'Label', text: 'The outcome the model learns to predict.' },
  seed: {
    title: 'Seed',
    text: 'Starts every random draw. The same seed on the same data gives the same model, byte for byte.',
  },
  configurations: {
    title: 'Configurations',
    text: 'How many sets of training parameters the search tries. More takes longer and may do better.',
  },
  digest: { title: 'Digest', text: 'A SHA-256 fingerprint of the content: equal digests mean equal bytes.' },
} as const satisfies Readonly<Record<string, Explanation>>;

export type TermId = keyof typeof GLOSSARY;

/** The term behind a metric key, where there is one. */
export function termOfMetric(key: string): TermId | null {
  const id = key.replaceAll('_', '-').replace('logloss', 'log-loss');
  return id in GLOSSARY ? (id as TermId) : null;
}
