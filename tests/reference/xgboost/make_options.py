"""Freezes the trees that XGBoost grows under every objective and every option that draws no random number.

Run: pip install -r requirements.txt && python make_options.py > options.json
The cases are those of option_cases.py; margins are of every tenth row.
"""

import json
import platform
import sys

import numpy as np
import xgboost as xgb

sys.dont_write_bytecode = True

from option_cases import CASES, METRICS, QUERY, ROUNDS, ROWS, X, asked_params, labels, matrix, trees_of, weights  # noqa: E402


def number(value):
    return float(np.format_float_positional(np.float32(value), unique=True)) if np.isfinite(value) else None


def frozen(name, label, options):
    data = matrix(label, options)
    asked = asked_params(options)
    metrics = METRICS[label] + (["quantile"] if asked["objective"] == "reg:quantileerror" else [])
    history = {}
    booster = xgb.train({**asked, "eval_metric": metrics}, data, ROUNDS, evals=[(data, "train")], evals_result=history, verbose_eval=False)
    margins = booster.predict(data, output_margin=True).reshape(ROWS, -1)[::10].reshape(-1)
    return {
        "name": name,
        "label": label,
        "options": options,
        "trees": trees_of(booster),
        "metrics": history["train"],
        "margins": [number(value) for value in margins],
    }


print(
    json.dumps(
        {
            "made_by": "make_options.py",
            "versions": {"python": platform.python_version(), "xgboost": xgb.__version__, "numpy": np.__version__},
            "query": QUERY,
            "columns": [[None if np.isnan(v) else round(float(v), 1) for v in X[:, f]] for f in range(6)],
            "weights": weights.tolist(),
            "labels": {name: [number(v) for v in values] for name, values in labels.items()},
            "cases": [frozen(*case) for case in CASES],
        },
        separators=(",", ":"),
    )
)
