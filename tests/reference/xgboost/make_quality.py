"""Freezes hold-out AUC and log loss of the real XGBoost (see requirements.txt) into quality.json.

Here columns have more different values than max_bin or the trees are many, so that trees may differ from ours; the
quality must not. The table is made with integer arithmetic that quality.test.ts repeats. Run: python make_quality.py
"""

import json
from pathlib import Path

import numpy as np
import xgboost as xgb
from sklearn.metrics import log_loss, roc_auc_score

HERE = Path(__file__).parent
CLEVELAND = HERE.parents[2] / "static" / "heart_cleveland.csv"
TRAIN, TEST, FEATURES = 4000, 4000, 8


def synthetic():
    state = 20261123

    def uniform():
        nonlocal state
        state = (1103515245 * state + 12345) % 2147483648
        return state / 2147483648

    x = np.zeros((TRAIN + TEST, FEATURES), dtype=np.float32)
    y = np.zeros(TRAIN + TEST)
    for row in range(TRAIN + TEST):
        v = [uniform() * 4 - 2 for _ in range(FEATURES)]
        noise = uniform() + uniform() + uniform() - 1.5
        score = v[0] * v[1] + v[2] + 0.5 * v[3] * v[3] - 0.6 + (1 if v[4] > 0.5 else 0) * v[5] + 2 * noise
        y[row] = 1 if score > 0 else 0
        for feature in range(FEATURES):
            x[row, feature] = np.nan if uniform() < 0.05 else v[feature]
    return x, y


def cleveland():
    rows = [line.split(",") for line in CLEVELAND.read_text().splitlines()[1:]]
    x = np.array([[np.nan if v == "?" else float(v) for v in row[:-1]] for row in rows], dtype=np.float32)
    return x, np.array([float(row[-1]) > 0 for row in rows], dtype=float)


def judge(x, y, test, params, rounds):
    full = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 1, **params}
    booster = xgb.train(full, xgb.DMatrix(x[~test], y[~test]), rounds)
    p = booster.predict(xgb.DMatrix(x[test]))
    return {"params": params, "rounds": rounds, "roc_auc": round(roc_auc_score(y[test], p), 6),
            "log_loss": round(log_loss(y[test], p.astype(float)), 6)}


def main():
    x, y = synthetic()
    test = np.arange(len(y)) >= TRAIN
    cx, cy = cleveland()
    every_third = np.arange(len(cy)) % 3 == 0
    answers = {
        "xgboost": xgb.__version__,
        "synthetic": [judge(x, y, test, {"eta": 0.1, "max_depth": 5}, 80),
                      judge(x, y, test, {"eta": 0.3, "max_depth": 6, "max_bin": 64, "lambda": 3}, 40)],
        "cleveland": [judge(cx, cy, every_third, {"eta": 0.1, "max_depth": 3}, 50),
                      judge(cx, cy, every_third, {"eta": 0.05, "max_depth": 5, "min_child_weight": 3, "gamma": 0.1}, 100)],
    }
    (HERE / "quality.json").write_text(json.dumps(answers, indent=1) + "\n")


main()
