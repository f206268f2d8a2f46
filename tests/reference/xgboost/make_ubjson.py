"""Freezes small UBJSON model files as XGBoost itself writes them into ubjson/, with margins of one table.

Run once in each environment, with 3.2 and with 1.7 (see ../../interop/xgboost17/requirements.txt); each run replaces its
own version's files and answers: python make_ubjson.py
"""

import json
from pathlib import Path

import numpy as np
import xgboost as xgb

ROWS = 60
COMMON = {"tree_method": "hist", "max_depth": 3, "nthread": 1, "eta": 0.4}
CASES = {
    "categories": ("binary", {"objective": "binary:logistic", "gamma": 0.5, "max_cat_to_onehot": 2}, 2),
    "dart": ("class", {"objective": "multi:softprob", "num_class": 3, "max_depth": 2, "booster": "dart", "rate_drop": 0.5, "one_drop": 1}, 2),
    "forest": ("count", {"objective": "count:poisson", "num_parallel_tree": 2, "subsample": 0.7, "max_depth": 2}, 2),
    "pruned": ("binary", {"objective": "binary:logistic", "tree_method": "exact", "max_depth": 5, "gamma": 2.0}, 2),
    "ranked": ("class", {"objective": "rank:ndcg", "max_depth": 2}, 2),
}
REFUSED = {
    "linear": ("binary", {"objective": "binary:logistic", "booster": "gblinear"}, 1),
    "cox": ("count", {"objective": "survival:cox", "max_depth": 1}, 1),
}
rng = np.random.default_rng(8)
x = np.round(rng.normal(size=(ROWS, 4)), 1).astype(np.float32)
x[:, 2] = rng.integers(0, 7, ROWS)
x[rng.random(ROWS) < 0.15, 1] = np.nan
x[rng.random(ROWS) < 0.1, 2] = np.nan
score = x[:, 0] - np.nan_to_num(x[:, 1]) + 2 * np.isin(x[:, 2], [1, 4, 5])
labels = {"binary": score > 0.5, "class": np.clip(np.round(score), 0, 2), "count": rng.poisson(np.exp(np.clip(score, -1, 1)))}
here = Path(__file__).with_name("ubjson")


def train(name, label, params, rounds):
    types = ["float", "float", "c" if name == "categories" else "float", "float"]
    data = xgb.DMatrix(x, labels[label].astype(np.float32), feature_names=list("abcd"), feature_types=types, enable_categorical=True)
    if params["objective"].startswith("rank"):
        data.set_group([20, 20, 20])
    booster = xgb.train({**COMMON, **params}, data, rounds)
    booster.save_model(here / f"{name}-{xgb.__version__}.ubj")
    return booster.predict(data, output_margin=True).reshape(-1)


path = here / "answers.json"
answers = json.loads(path.read_text()) if path.exists() else {"margins": {}}
answers["columns"] = [[None if np.isnan(v) else round(float(v), 1) for v in column] for column in x.T]
answers["margins"][xgb.__version__] = {
    name: [float(np.format_float_positional(v, unique=True)) for v in train(name, *case)] for name, case in CASES.items()
}
for name, case in REFUSED.items():
    train(name, *case)
path.write_text(json.dumps(answers, separators=(",", ":")) + "\n")
