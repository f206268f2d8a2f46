"""Model files saved by this XGBoost, .ubj and .json, read by our own code and held to XGBoost's margins.

Our code is the built script of ../tool that GLASSHOUSE_TOOL names. The table asked about has values on and just beside
every kind of threshold, missing, infinite and of unknown categories. Files of what we do not support must be refused by
that name.
"""

import base64
import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import xgboost as xgb

ROWS = 500
QUERY = 25
ROUNDS = 6
CATEGORICAL = (4, 5)
TOLERANCE = 1e-6
TYPES = ["float", "float", "float", "float", "c", "c"]

CASES = {
    "binary": ("binary", {"objective": "binary:logistic"}),
    "base_score": ("binary", {"objective": "binary:logistic", "base_score": 0.03, "scale_pos_weight": 3.0}),
    "categories one by one": ("binary", {"objective": "binary:logistic", "max_cat_to_onehot": 20}),
    "gamma": ("binary", {"objective": "binary:logistic", "gamma": 3.0, "max_depth": 6}),
    "approx": ("binary", {"objective": "binary:logistic", "tree_method": "approx"}),
    "pruned": ("binary", {"objective": "binary:logistic", "tree_method": "exact", "gamma": 3.0, "max_depth": 6}),
    "lossguide": ("value", {"objective": "reg:squarederror", "grow_policy": "lossguide", "max_leaves": 20, "max_depth": 0}),
    "forest": ("value", {"objective": "reg:squarederror", "num_parallel_tree": 3, "subsample": 0.5}),
    "dart": ("value", {"objective": "reg:squarederror", "booster": "dart", "rate_drop": 0.5, "one_drop": 1}),
    "share": ("share", {"objective": "reg:logistic"}),
    "absolute error": ("value", {"objective": "reg:absoluteerror"}),
    "quantile": ("value", {"objective": "reg:quantileerror", "quantile_alpha": 0.8}),
    "poisson": ("count", {"objective": "count:poisson"}),
    "softprob": ("class", {"objective": "multi:softprob", "num_class": 4}),
    "softprob dart": ("class", {"objective": "multi:softprob", "num_class": 4, "booster": "dart", "rate_drop": 0.5, "one_drop": 1}),
    "softprob forest": ("class", {"objective": "multi:softprob", "num_class": 4, "num_parallel_tree": 2, "colsample_bynode": 0.7}),
    "softmax": ("class", {"objective": "multi:softmax", "num_class": 4, "base_score": 0.5}),
    "ndcg": ("class", {"objective": "rank:ndcg"}),
    "pairwise": ("class", {"objective": "rank:pairwise"}),
}
REFUSED = {
    "linear": ("value", {"objective": "reg:squarederror", "booster": "gblinear"}, "gblinear"),
    "cox": ("count", {"objective": "survival:cox"}, "survival:cox"),
    "gamma regression": ("share", {"objective": "reg:gamma"}, "reg:gamma"),
    "hinge": ("binary", {"objective": "binary:hinge"}, "binary:hinge"),
    "logitraw": ("binary", {"objective": "binary:logitraw"}, "binary:logitraw"),
    "map": ("binary", {"objective": "rank:map"}, "rank:map"),
    "two targets": ("pair", {"objective": "reg:squarederror"}, "num_target is 2"),
    "vector leaves": ("class", {"objective": "multi:softprob", "num_class": 4, "multi_strategy": "multi_output_tree"}, "vector leaves"),
    "two quantiles": ("value", {"objective": "reg:quantileerror", "quantile_alpha": [0.2, 0.8]}, "num_target is 2"),
}
SINCE_2 = ("quantile", "vector leaves", "two quantiles")

rng = np.random.default_rng(4)
X = np.round(rng.normal(size=(ROWS, 6)), 1).astype(np.float32)
X[:, 4] = rng.integers(0, 11, ROWS)
X[:, 5] = rng.integers(0, 3, ROWS)
X[rng.random(X.shape) < 0.08] = np.nan
score = np.nan_to_num(X[:, 0]) - np.nan_to_num(X[:, 1] * X[:, 2]) + np.isin(X[:, 4], [1, 5, 6]) - 0.6 * (X[:, 5] == 2)
LABELS = {
    "binary": score > 0.3,
    "value": score,
    "share": 1 / (1 + np.exp(-score)),
    "count": rng.poisson(np.exp(np.clip(score * 0.5, -2, 2))),
    "class": np.clip(np.round(score + 1), 0, 3),
    "pair": np.stack([score, -score], axis=1),
}


def matrix_of(values, params, label=None):
    categorical = params.get("tree_method") != "exact" and params.get("booster") != "gblinear" and "multi_strategy" not in params
    data = xgb.DMatrix(
        values,
        None if label is None else label.astype(np.float32),
        feature_names=[f"feature {f}" for f in range(6)],
        feature_types=TYPES if categorical else ["float"] * 6,
        enable_categorical=True,
    )
    if label is not None and params["objective"].startswith("rank"):
        data.set_group(np.full(ROWS // QUERY, QUERY))
    return data


def boundary_table():
    """Values that thresholds lie on or between, their float32 neighbours, and what is out of the ordinary."""
    near = np.unique(X[:, :4][~np.isnan(X[:, :4])])
    near = np.concatenate([near, (near[1:] + near[:-1]) / 2, [0]]).astype(np.float32)
    up, down = np.nextafter(near, np.float32(np.inf)), np.nextafter(near, np.float32(-np.inf))
    odd = np.array([np.nan] * 20 + [50, -50], dtype=np.float32)
    table = rng.choice(np.concatenate([near, up, down, odd]), size=(ROWS, 6))
    table[:, 4] = rng.choice(np.array([*range(12), 40, -1, 1.5, 5.99, np.nan]), size=ROWS)
    table[:, 5] = rng.choice(np.array([*range(4), np.nan]), size=ROWS)
    return table.astype(np.float32)


def train(label, params):
    asked = {"tree_method": "hist", "max_depth": 4, "nthread": 1, "verbosity": 0, **params}
    if params.get("booster") == "gblinear":
        del asked["tree_method"], asked["max_depth"]
    return xgb.train(asked, matrix_of(X, params, LABELS[label]), ROUNDS)


def difference(theirs, text):
    """None, or how far apart margins are, relatively where they are above 1."""
    ours = np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float64)
    theirs = theirs.reshape(-1).astype(np.float64)
    if ours.shape != theirs.shape:
        return f"shapes {ours.shape} and {theirs.shape}"
    worst = float(np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1)))
    return None if worst <= TOLERANCE else f"largest difference {worst:.3g}, tolerance {TOLERANCE:g}"


def supported(cases):
    old = int(xgb.__version__.split(".")[0]) < 2
    return {name: case for name, case in cases.items() if not (old and name in SINCE_2)}


def save(booster, folder, name):
    for kind in ("ubj", "json"):
        booster.save_model(str(folder / f"{name}.{kind}"))


def answers_of(folder, table):
    packed = base64.b64encode(table.astype("<f4").tobytes()).decode()
    (folder / "table.json").write_text(json.dumps({"rows": len(table), "features": table.shape[1], "values": packed}))
    subprocess.run(["node", os.environ["GLASSHOUSE_TOOL"], "read", str(folder)], check=True)
    return json.loads((folder / "answers.json").read_text())


def check_model_files(report):
    """Calls report(name, why) for each check; why is None where it passed."""
    table = boundary_table()
    margins = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for case, (label, params) in supported(CASES).items():
            booster = train(label, params)
            save(booster, folder, case)
            margins[case] = booster.predict(matrix_of(table, params), output_margin=True)
        for case, (label, params, _) in supported(REFUSED).items():
            save(train(label, params), folder, case)
        answers = answers_of(folder, table)
        for case, theirs in margins.items():
            for kind in ("ubj", "json"):
                answer = answers[f"{case}.{kind}"]
                report(f"{case}.{kind}: margins", answer.get("refused") or difference(theirs, answer["margins"]))
            check_copies(report, folder, case, table, theirs)
        for case, (_, _, words) in supported(REFUSED).items():
            for kind in ("ubj", "json"):
                said = answers[f"{case}.{kind}"].get("refused", "it was read")
                report(f"{case}.{kind}: refused by name", None if words in said else said)


def check_copies(report, folder, case, table, theirs):
    """What we wrote after reading is one and the same for both kinds of file, and XGBoost reads it as the same model."""
    paths = [folder / f"{case}.{kind}.again.json" for kind in ("ubj", "json")]
    if not all(path.exists() for path in paths):
        return
    report(f"{case}: .ubj and .json are the same model", None if paths[0].read_bytes() == paths[1].read_bytes() else "they differ")
    again = xgb.Booster()
    again.load_model(str(paths[0]))
    ours = again.predict(matrix_of(table, CASES[case][1]), output_margin=True)
    report(f"{case}: written again", difference(theirs, base64.b64encode(ours.astype("<f4").tobytes())))
