"""Freezes the trees that XGBoost grows under every objective and every option that draws no random number.

Run: pip install -r requirements.txt && python make_options.py > options.json
Values are few enough for exact cuts, so that trees can be compared split by split; margins are of every tenth row.
"""

import json
import platform

import numpy as np
import xgboost as xgb

ROWS = 600
QUERY = 30
CATEGORICAL = (4, 5)
rng = np.random.default_rng(3)

X = np.round(rng.normal(size=(ROWS, 6)), 1).astype(np.float32)
X[:, 4] = rng.integers(0, 9, ROWS)
X[:, 5] = rng.integers(0, 3, ROWS)
X[rng.random(ROWS) < 0.1, 1] = np.nan
X[rng.random(ROWS) < 0.05, 4] = np.nan
score = (
    X[:, 0] * 1.2
    - np.nan_to_num(X[:, 1]) * 0.8
    + np.isin(X[:, 4], [1, 5, 6]) * 1.3
    - (X[:, 5] == 2) * 0.9
    + np.sin(2 * X[:, 2])
)
labels = {
    "binary": score + rng.normal(size=ROWS) > 0,
    "value": np.round(score + rng.normal(size=ROWS), 3),
    "share": np.round(1 / (1 + np.exp(-score + rng.normal(size=ROWS) * 0.3)), 3),
    "count": rng.poisson(np.exp(np.clip(score * 0.5, -2, 2))),
    "class": np.clip(np.round(score + 1.5 + rng.normal(size=ROWS) * 0.5), 0, 3),
    "grade": np.clip(np.round(score + 1.5 + rng.normal(size=ROWS)), 0, 4),
}
labels["relevant"] = labels["grade"] > 2
labels = {name: values.astype(np.float32) for name, values in labels.items()}
weights = rng.integers(1, 4, ROWS).astype(np.float32)

CASES = [
    ("defaults", "binary", {}),
    ("alpha, gamma, min_child_weight", "binary", {"alpha": 0.5, "gamma": 0.3, "min_child_weight": 5}),
    ("lambda 0", "binary", {"lambda": 0.0}),
    ("max_delta_step", "binary", {"max_delta_step": 0.3}),
    ("max_leaves", "binary", {"max_leaves": 7}),
    ("lossguide", "binary", {"grow_policy": "lossguide", "max_leaves": 9, "max_depth": 0}),
    ("lossguide by depth", "binary", {"grow_policy": "lossguide"}),
    ("monotone", "binary", {"monotone_constraints": [1, -1, 0, 0, 0, 0]}),
    ("monotone, max_delta_step", "binary", {"monotone_constraints": [1, -1, 0, 0, 0, 0], "max_delta_step": 0.5}),
    ("interaction", "binary", {"interaction_constraints": [[0, 1], [2, 3, 4]]}),
    ("deep", "binary", {"max_depth": 9}),
    ("forest", "binary", {"num_parallel_tree": 2}),
    ("categories", "binary", {"categorical": True}),
    ("categories one by one", "binary", {"categorical": True, "max_cat_to_onehot": 20}),
    ("few categories", "binary", {"categorical": True, "max_cat_threshold": 3}),
    ("scale_pos_weight", "binary", {"scale_pos_weight": 3.0}),
    ("weights", "binary", {"weighted": True}),
    ("base_score", "binary", {"base_score": 0.3}),
    ("dart without drops", "binary", {"booster": "dart"}),
    ("squared error", "value", {"objective": "reg:squarederror"}),
    ("squared error, weights", "value", {"objective": "reg:squarederror", "weighted": True}),
    ("absolute error", "value", {"objective": "reg:absoluteerror"}),
    ("absolute error, weights", "value", {"objective": "reg:absoluteerror", "weighted": True}),
    ("quantile", "value", {"objective": "reg:quantileerror", "quantile_alpha": 0.8}),
    ("reg:logistic", "share", {"objective": "reg:logistic"}),
    ("poisson", "count", {"objective": "count:poisson"}),
    ("softprob", "class", {"objective": "multi:softprob", "num_class": 4}),
    ("softprob, base_score", "class", {"objective": "multi:softprob", "num_class": 4, "base_score": 0.5}),
    ("ndcg", "grade", {"objective": "rank:ndcg"}),
    ("ndcg of few", "grade", {"objective": "rank:ndcg", "lambdarank_num_pair_per_sample": 5, "ndcg_exp_gain": False}),
    ("relevance", "relevant", {"objective": "rank:ndcg"}),
    ("pairwise", "grade", {"objective": "rank:pairwise", "lambdarank_score_normalization": False}),
]


METRICS = {
    "binary": ["logloss", "rmse", "mae", "error", "error@0.7", "auc", "aucpr"],
    "value": ["rmse", "mae", "mape"],
    "share": ["rmse", "logloss"],
    "count": ["poisson-nloglik", "rmsle", "rmse"],
    "class": ["mlogloss", "merror"],
    "grade": ["ndcg", "ndcg@5", "ndcg@3-"],
    "relevant": ["ndcg", "map", "map@5", "pre@5"],
}


def number(value):
    return float(np.format_float_positional(np.float32(value), unique=True)) if np.isfinite(value) else None


def tree_of(tree):
    categories = {}
    for node, start, size in zip(tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"]):
        categories[node] = sorted(tree["categories"][start : start + size])
    return {
        "left": tree["left_children"],
        "right": tree["right_children"],
        "feature": tree["split_indices"],
        "condition": [0 if i in categories else c for i, c in enumerate(tree["split_conditions"])],
        "default_left": tree["default_left"],
        "loss": tree["loss_changes"],
        "categories": categories,
    }


def frozen(name, label, options):
    params = {key: value for key, value in options.items() if key not in ("categorical", "weighted")}
    types = ["c" if options.get("categorical") and f in CATEGORICAL else "float" for f in range(6)]
    data = xgb.DMatrix(
        X,
        labels[label],
        weight=weights if options.get("weighted") else None,
        feature_types=types,
        feature_names=[f"f{f}" for f in range(6)],
        enable_categorical=True,
    )
    if label in ("grade", "relevant"):
        data.set_group(np.full(ROWS // QUERY, QUERY))
    asked = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 4, "nthread": 1, **params}
    if "monotone_constraints" in asked:
        asked["monotone_constraints"] = tuple(asked["monotone_constraints"])
    if "interaction_constraints" in asked:
        asked["interaction_constraints"] = [[f"f{f}" for f in group] for group in asked["interaction_constraints"]]
    metrics = METRICS[label] + (["quantile"] if params.get("objective") == "reg:quantileerror" else [])
    history = {}
    booster = xgb.train({**asked, "eval_metric": metrics}, data, 3, evals=[(data, "train")], evals_result=history, verbose_eval=False)
    model = json.loads(booster.save_raw("json").decode())["learner"]["gradient_booster"]
    model = model.get("model") or model["gbtree"]["model"]
    margins = booster.predict(data, output_margin=True).reshape(ROWS, -1)[::10].reshape(-1)
    return {
        "name": name,
        "label": label,
        "options": options,
        "trees": [tree_of(tree) for tree in model["trees"]],
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
