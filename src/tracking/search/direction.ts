const MORE = new Set(
  'auc aucpr map ndcg pre precision recall accuracy acc f1 r2 score tpr tnr specificity sensitivity kappa mcc gini'.split(
    ' ',
  ),
);
const LESS = new Set(
  'loss logloss mlogloss error merror rmse rmsle mae mape mphe mse brier deviance nloglik cost fpr fnr ece duration time pinball quantile'.split(
    ' ',
  ),
);

/**
 * Whether more or less of a metric is better, by the words of its key: "holdout.roc_auc" more, "validation.log_loss"
 * less, the word nearest its end deciding; null where none says so.
 */
export function directionOf(key: string): 'maximize' | 'minimize' | null {
  const words = key
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .reverse();
  for (const word of words) {
    if (LESS.has(word)) return 'minimize';
    if (MORE.has(word)) return 'maximize';
  }
  return null;
}
