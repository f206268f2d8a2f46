"""Freezes small model files as XGBoost itself writes them, with margins, into models.json.

Run once in each environment, with 3.2 and with 1.7 (see ../../interop/xgboost17/requirements.txt); each run replaces its
own version's entry: python make_models.py
"""

import json
from pathlib import Path

import numpy as np
import xgboost as xgb

rng = np.random.default_rng(5)
x = np.round(rng.normal(size=(60, 3)), 1).astype(np.float32)
x[rng.random(x.shape) < 0.2] = np.nan
y = (np.nan_to_num(x[:, 0]) + 0.3 * rng.normal(size=60) > 0.2).astype(np.float32)
data = xgb.DMatrix(x, y, feature_names=["a", "b b", 'c"\\'])
params = {"objective": "binary:logistic", "max_depth": 3, "tree_method": "hist", "nthread": 1}
booster = xgb.train(params, data, 4, evals=[(data, "train")], early_stopping_rounds=5, verbose_eval=False)

path = Path(__file__).with_name("models.json")
answers = json.loads(path.read_text()) if path.exists() else {}
answers[xgb.__version__] = {
    "model": bytes(booster.save_raw("json")).decode(),
    "columns": [[None if np.isnan(v) else float(v) for v in x[:, i]] for i in range(3)],
    "margins": [float(v) for v in booster.predict(data, output_margin=True)],
}
path.write_text(json.dumps(dict(sorted(answers.items())), separators=(",", ":")) + "\n")
