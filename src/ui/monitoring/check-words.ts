import type { CheckName } from '../../monitoring/types';

/** What each check asks, for someone who never met it. */
export const CHECK_WORDS: Readonly<Record<CheckName, { readonly title: string; readonly asks: string }>> = {
  dataset_drift: { title: 'Dataset drift', asks: 'Do the inputs still look alike?' },
  prediction_drift: { title: 'Prediction drift', asks: 'Does the model still call as many high-risk?' },
  target_drift: { title: 'Target drift', asks: 'Is the outcome still as frequent?' },
};
