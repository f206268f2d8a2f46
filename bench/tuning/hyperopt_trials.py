"""Searches with Hyperopt's TPE over native XGBoost and prints one JSON object.

    python hyperopt_trials.py TABLE.csv FOLD.json SEED TRIALS THREADS

The clock runs from the data in memory to the last trial: building the matrices is inside, reading the file is not.
"""

import json
import logging
import sys
import time

import hyperopt
import numpy as np
import xgboost as xgb
from hyperopt import fmin, hp, tpe

logging.disable(logging.CRITICAL)

SPACE = {
    "max_depth": hp.randint("max_depth", 2, 8),
    "eta": hp.loguniform("eta", -3.5, -1.2),
    "min_child_weight": hp.loguniform("min_child_weight", -0.7, 3),
    "subsample": hp.uniform("subsample", 0.6, 1),
    "colsample_bytree": hp.uniform("colsample_bytree", 0.5, 1),
    "lambda": hp.loguniform("lambda", -1, 2.5),
}


def main():
    path, fold_path, seed, count, threads = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.float32)
    with open(fold_path, encoding="utf8") as file:
        fold = json.load(file)
    features, labels = table[:, :-1], table[:, -1]
    began = time.perf_counter()
    train = xgb.DMatrix(features[fold["train"]], labels[fold["train"]], nthread=threads)
    validation = xgb.DMatrix(features[fold["validation"]], labels[fold["validation"]], nthread=threads)

    def objective(params):
        booster = xgb.train(
            {
                **params,
                "max_depth": int(params["max_depth"]),
                "objective": "binary:logistic",
                "tree_method": "hist",
                "nthread": threads,
                "seed": seed,
            },
            train,
            num_boost_round=200,
            evals=[(validation, "validation")],
            early_stopping_rounds=20,
            verbose_eval=False,
        )
        return float(booster.best_score)

    trials = hyperopt.Trials()
    fmin(
        objective,
        SPACE,
        algo=tpe.suggest,
        max_evals=count,
        trials=trials,
        rstate=np.random.default_rng(seed),
        show_progressbar=False,
        verbose=False,
    )
    seconds = time.perf_counter() - began
    version = f"hyperopt {hyperopt.__version__}, xgboost {xgb.__version__}"
    print(json.dumps({"seconds": seconds, "loss": min(trials.losses()), "version": version}))


main()
