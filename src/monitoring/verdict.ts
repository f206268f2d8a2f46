/** What the three checks said; null where there was too little to tell. */
export interface Verdicts {
  readonly dataset: boolean | null;
  readonly prediction: boolean | null;
  readonly target: boolean | null;
}

/** One sentence on how data, prediction and target drift read together. */
export function readTogether({ dataset, prediction, target }: Verdicts): string {
  if (dataset === null || prediction === null) return 'Too few rows to tell; let more time pass.';
  const unknown = target === null ? ' Outcomes of this window are not known yet.' : '';
  if (!dataset && !prediction) {
    if (target) {
      return 'The outcome moved alone, while inputs and predictions moved less than their limits: what the inputs mean has changed (concept drift). Retrain.';
    }
    return target === null
      ? `Quiet so far: inputs and predictions moved less than their limits.${unknown}`
      : 'Quiet: inputs, predictions and outcomes moved less than their limits.';
  }
  if (dataset && !prediction) {
    return target
      ? 'Inputs and outcomes moved, but predictions less than their limit: the model misses much of the change. Review the pipeline, then retrain.'
      : `Inputs moved, but predictions less than their limit: the model leans little on what changed. Review the pipeline.${unknown}`;
  }
  if (!dataset) {
    return target
      ? 'Predictions and outcomes moved together although most inputs stayed: a few inputs carry the change. Check the model, then retrain.'
      : `Predictions moved although most inputs stayed: a few inputs that the model leans on changed, or another model is serving. Check the model.${unknown}`;
  }
  if (target === null)
    return `Inputs and predictions moved together: the population seems to have changed. Review the pipeline and the model.${unknown}`;
  return target
    ? 'Inputs, predictions and outcomes all moved: the population has changed. Review the pipeline, then retrain.'
    : 'Inputs and predictions moved, but outcomes less than their limit: the predictions are off or the inputs are wrong. Review the pipeline and check the model.';
}
