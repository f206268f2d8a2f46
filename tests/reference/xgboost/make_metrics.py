"""Freezes metrics of scikit-learn (see requirements.txt) into metrics.json. Run: python make_metrics.py"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics


def case(seed, n, digits, threshold):
    rng = np.random.default_rng(seed)
    p = np.round(rng.beta(1.5, 2.5, n), digits)
    y = (rng.random(n) < p).astype(int)
    w = rng.integers(1, 5, n)
    predicted = (p >= threshold).astype(int)
    fpr, tpr, roc_thresholds = metrics.roc_curve(y, p, drop_intermediate=False)
    tn, fp, fn, tp = (int(v) for v in metrics.confusion_matrix(y, predicted).ravel())
    return {
        "labels": y.tolist(),
        "probabilities": p.tolist(),
        "weights": w.tolist(),
        "threshold": threshold,
        "roc_auc": metrics.roc_auc_score(y, p),
        "roc_auc_weighted": metrics.roc_auc_score(y, p, sample_weight=w),
        "pr_auc": metrics.average_precision_score(y, p),
        "pr_auc_weighted": metrics.average_precision_score(y, p, sample_weight=w),
        "log_loss": metrics.log_loss(y, p),
        "log_loss_weighted": metrics.log_loss(y, p, sample_weight=w),
        "brier": metrics.brier_score_loss(y, p),
        "precision": metrics.precision_score(y, predicted, zero_division=0),
        "recall": metrics.recall_score(y, predicted),
        "confusion": {"tp": tp, "fp": fp, "tn": tn, "fn": fn},
        "roc": {"fpr": fpr.tolist(), "tpr": tpr.tolist(), "thresholds": roc_thresholds[1:].tolist()},
    }


answers = {
    "scikit-learn": sklearn.__version__,
    "cases": [case(1, 60, 2, 0.5), case(2, 40, 1, 0.35), case(3, 120, 6, 0.7), case(4, 30, 0, 0.5)],
}
Path(__file__).with_name("metrics.json").write_text(json.dumps(answers, separators=(",", ":")) + "\n")
