import type { Stage } from '../pipeline/views';

/** Words the page has for one stage of the lifecycle. */
export interface StageWords {
  readonly stage: Stage;
  readonly title: string;
  /** The same in two or three words, for the map. */
  readonly short: string;
  /** What the stage does, for someone who never met it. */
  readonly does: string;
  /** What will stand on its page once it has run. */
  readonly empty: string;
  /** The button that fills it. */
  readonly action: string;
}

export const STAGE_WORDS: readonly StageWords[] = [
  {
    stage: 'data',
    title: 'Data',
    short: 'raw tables',
    does: 'Raw tables, kept exactly as they arrived.',
    empty: 'The rows will stand here, each column with a small picture of its values.',
    action: 'Get the data',
  },
  {
    stage: 'features',
    title: 'Feature store',
    short: 'what the model sees',
    does: 'Turns raw tables into the numbers a model learns from, each as it was known at the time.',
    empty: 'One entity’s values over time will stand here, with the ones a model may use at a given moment.',
    action: 'Build the features',
  },
  {
    stage: 'training',
    title: 'Training',
    short: 'search, fit, test',
    does: 'Tries many settings, keeps the best model, and tests it on rows it never saw.',
    empty: 'The search, the learning curves and the hold-out results will stand here.',
    action: 'Train a model',
  },
  {
    stage: 'registry',
    title: 'Model registry',
    short: 'which version serves',
    does: 'Numbers every model and decides which one serves: the champion.',
    empty: 'Every version of the model will stand here, and which of them serves.',
    action: 'Register the model',
  },
  {
    stage: 'inference',
    title: 'Inference',
    short: 'score and explain',
    does: 'The champion scores entities one at a time or all at once, and says why.',
    empty: 'One entity’s risk will stand here, with the reasons for it.',
    action: 'Score everyone',
  },
  {
    stage: 'monitoring',
    title: 'Monitoring',
    short: 'watch for drift',
    does: 'Compares new data with what the model learned from, and says when to act.',
    empty: 'Drift, performance and alerts will stand here on one time axis.',
    action: 'Check for drift',
  },
];

export const STAGE_ORDER: readonly Stage[] = STAGE_WORDS.map((words) => words.stage);

export function wordsOf(stage: Stage): StageWords {
  return STAGE_WORDS.find((words) => words.stage === stage) ?? (STAGE_WORDS[0] as StageWords);
}

/** The stage after this one in the lifecycle, or null after the last. */
export function stageAfter(stage: Stage): StageWords | null {
  return STAGE_WORDS[STAGE_ORDER.indexOf(stage) + 1] ?? null;
}

/** The stages that must run for `stage` to have a result: those before it that are empty, and itself. */
export function stagesUpTo(stage: Stage, isEmpty: (stage: Stage) => boolean): readonly Stage[] {
  const before = STAGE_ORDER.slice(0, STAGE_ORDER.indexOf(stage));
  const first = before.findIndex(isEmpty);
  return first < 0 ? [stage] : STAGE_ORDER.slice(first, STAGE_ORDER.indexOf(stage) + 1);
}
