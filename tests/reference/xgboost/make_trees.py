"""Freezes trees, margins and SHAP values of the real XGBoost (see requirements.txt) into trees.json.

Every column has at most max_bin different values, nothing is sampled, so the trees are fully determined by the
formulas. Run: python make_trees.py
"""

import json
from pathlib import Path

import numpy as np
import xgboost as xgb

HERE = Path(__file__).parent
CLEVELAND = HERE.parents[2] / "static" / "heart_cleveland.csv"


def table(seed, rows, levels, missing):
    """Columns of whole or halved numbers; levels 0 means continuous."""
    rng = np.random.default_rng(seed)
    columns = []
    for level in levels:
        if level == 0:
            column = rng.normal(size=rows).astype(np.float32)
        else:
            column = (rng.integers(0, level, rows) / 2 - level / 8).astype(np.float32)
        columns.append(column)
    x = np.stack(columns, axis=1)
    score = x[:, 0] - 0.7 * x[:, 1] * (x[:, 2] > 0) + 0.5 * np.abs(x[:, -1])
    y = (score + rng.normal(size=rows) > np.median(score)).astype(np.float32)
    x[rng.random(x.shape) < missing] = np.nan
    return x, y


def cleveland(path):
    rows = [line.split(",") for line in path.read_text().splitlines()]
    x = np.array([[np.nan if v == "?" else float(v) for v in row[:-1]] for row in rows[1:]], dtype=np.float32)
    y = np.array([float(row[-1]) > 0 for row in rows[1:]], dtype=np.float32)
    return rows[0][:-1], x, y


def case(name, x, y, params, rounds, names=None, weights=None):
    names = names or [f"x{i}" for i in range(x.shape[1])]
    full = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 1, "seed": 0, **params}
    data = xgb.DMatrix(x, y, feature_names=names, weight=weights)
    history = {}
    booster = xgb.train(full, data, rounds, evals=[(data, "train")], evals_result=history, verbose_eval=False)
    learner = json.loads(booster.save_raw("json"))["learner"]
    keep = ("left_children", "right_children", "parents", "split_indices", "split_conditions", "default_left",
            "loss_changes", "sum_hessian", "base_weights")
    trees = [{key: [round9(v) for v in tree[key]] for key in keep} for tree in learner["gradient_booster"]["model"]["trees"]]
    shown = slice(0, 12)
    return {
        "name": name,
        "params": params,
        "rounds": rounds,
        "feature_names": names,
        "columns": [[None if np.isnan(v) else round9(v) for v in x[:, i]] for i in range(x.shape[1])],
        "labels": y.astype(int).tolist(),
        "weights": None if weights is None else [round9(v) for v in weights],
        "base_score": float(learner["learner_model_param"]["base_score"].strip("[]")),
        "trees": trees,
        "logloss": [round(v, 9) for v in history["train"]["logloss"]],
        "margins": [round9(v) for v in booster.predict(data, output_margin=True)],
        "importance": {kind: {k: round9(v) for k, v in booster.get_score(importance_type=kind).items()}
                       for kind in ("total_gain", "weight", "total_cover")},
        "contribs": [[round9(v) for v in row] for row in booster.predict(data, pred_contribs=True)[shown]],
    }


def round9(value):
    return value if isinstance(value, int) else float(f"{np.float32(value):.9g}")


def main():
    small = table(1, 120, [4, 6, 5, 9], 0)
    gaps = table(2, 150, [5, 8, 3, 12, 7], 0.2)
    flowing = table(3, 240, [0, 0, 0, 4], 0.1)
    weights = np.random.default_rng(4).choice([0.5, 1, 2, 3], 120).astype(np.float32)
    names, x, y = cleveland(CLEVELAND)
    cases = [
        case("defaults, no missing", *small, {}, 6),
        case("missing values", *gaps, {"eta": 0.5}, 6),
        case("continuous with missing", *flowing, {"max_depth": 4, "eta": 0.2}, 6),
        case("gamma", *gaps, {"gamma": 1.5, "max_depth": 5}, 5),
        case("alpha and lambda", *gaps, {"alpha": 0.7, "lambda": 0.1, "max_depth": 4}, 5),
        case("min_child_weight 0", *small, {"min_child_weight": 0, "max_depth": 8, "lambda": 0}, 3),
        case("min_child_weight 5", *flowing, {"min_child_weight": 5, "eta": 1}, 5),
        case("scale_pos_weight", *small, {"scale_pos_weight": 3, "max_depth": 3}, 5),
        case("base_score given", *small, {"base_score": 0.2, "max_depth": 3}, 4),
        case("row weights", *small, {"max_depth": 4}, 4, weights=weights),
        case("Cleveland", x, y, {"eta": 0.1, "max_depth": 4}, 20, names),
    ]
    text = json.dumps({"xgboost": xgb.__version__, "cases": cases}, separators=(",", ":"))
    (HERE / "trees.json").write_text(text.replace('{"name"', '\n{"name"') + "\n")


main()
