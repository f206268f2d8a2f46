"""The rows, options and settings of make_options.py, which the interop checks train on as well.

Values are few enough for exact cuts, so that trees can be compared split by split.
"""

import json

import numpy as np
import xgboost as xgb

ROUNDS = 3
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
    ("max_bin", "binary", {"max_bin": 100}),
    ("scale_pos_weight", "binary", {"scale_pos_weight": 3.0}),
    ("weights", "binary", {"weighted": True}),
    ("base_score", "binary", {"base_score": 0.3}),
    ("dart without drops", "binary", {"booster": "dart"}),
    ("dart, all dropped", "binary", {"booster": "dart", "rate_drop": 1.0}),
    ("dart, all dropped as a forest", "binary", {"booster": "dart", "rate_drop": 1.0, "normalize_type": "forest"}),
    ("dart, drops skipped", "binary", {"booster": "dart", "rate_drop": 0.7, "skip_drop": 1.0}),
    ("squared error", "value", {"objective": "reg:squarederror"}),
    ("squared error, weights", "value", {"objective": "reg:squarederror", "weighted": True}),
    ("absolute error", "value", {"objective": "reg:absoluteerror"}),
    ("absolute error, weights", "value", {"objective": "reg:absoluteerror", "weighted": True}),
    ("quantile", "value", {"objective": "reg:quantileerror", "quantile_alpha": 0.8}),
    ("reg:logistic", "share", {"objective": "reg:logistic"}),
    ("poisson", "count", {"objective": "count:poisson"}),
    ("softprob", "class", {"objective": "multi:softprob", "num_class": 4}),
    ("softmax, weights", "class", {"objective": "multi:softmax", "num_class": 4, "weighted": True}),
    ("softprob, base_score", "class", {"objective": "multi:softprob", "num_class": 4, "base_score": 0.5}),
    ("ndcg", "grade", {"objective": "rank:ndcg"}),
    ("ndcg of few", "grade", {"objective": "rank:ndcg", "lambdarank_num_pair_per_sample": 5, "ndcg_exp_gain": False}),
    ("ndcg, weights", "grade", {"objective": "rank:ndcg", "weighted": True}),
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


def trees_of(booster):
    """Every tree of a booster, as tree_of says it."""
    model = json.loads(booster.save_raw("json").decode())["learner"]["gradient_booster"]
    model = model.get("model") or model["gbtree"]["model"]
    return [tree_of(tree) for tree in model["trees"]]


def is_ranked(label):
    return label in ("grade", "relevant")


def row_weights(label):
    """One weight a row; rows of a query share theirs."""
    return np.repeat(weights[: ROWS // QUERY], QUERY) if is_ranked(label) else weights


def asked_params(options):
    """What xgb.train is given for a case; constraints between features by their names."""
    params = {key: value for key, value in options.items() if key not in ("categorical", "weighted")}
    asked = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 4, "nthread": 1, **params}
    if "monotone_constraints" in asked:
        asked["monotone_constraints"] = tuple(asked["monotone_constraints"])
    if "interaction_constraints" in asked:
        asked["interaction_constraints"] = [[f"f{f}" for f in group] for group in asked["interaction_constraints"]]
    return asked


def matrix(label, options, frame=X):
    """The DMatrix of a case, of these numbers or of a data frame with the same columns."""
    named = {}
    if frame is X:
        types = ["c" if options.get("categorical") and f in CATEGORICAL else "float" for f in range(6)]
        named = {"feature_types": types, "feature_names": [f"f{f}" for f in range(6)]}
    weight = None
    if options.get("weighted"):
        weight = weights[: ROWS // QUERY] if is_ranked(label) else weights
    data = xgb.DMatrix(frame, labels[label], enable_categorical=True, **named)
    if is_ranked(label):
        data.set_group(np.full(ROWS // QUERY, QUERY))
    if weight is not None:
        data.set_weight(weight)
    return data
