"""Freezes gradients, starting scores, adaptive leaves and metrics of the real XGBoost (see requirements.txt) into
objectives.json.

XGBoost does not hand out gradients. They are read off trees grown with eta 1 and nothing regularised, whose leaf of one
row has sum_hessian h and weight -g / h: a table of that row alone, or, for ranking, a stump that parts it from the rest.
Run: python make_objectives.py
"""

import json
import math
from pathlib import Path

import numpy as np
import xgboost as xgb

HERE = Path(__file__).parent
RAW = {"tree_method": "hist", "nthread": 1, "eta": 1, "lambda": 0, "alpha": 0, "gamma": 0, "min_child_weight": 0}


def round9(value):
    value = float(f"{np.float32(value):.9g}")
    return value if math.isfinite(value) else None


def floats(values):
    return [round9(v) for v in np.asarray(values).ravel()]


def learner(booster):
    return json.loads(booster.save_raw("json"))["learner"]


def trees(booster):
    return learner(booster)["gradient_booster"]["model"]["trees"]


def start(params, y, weights):
    """The estimated base_score as it is stored, and the margins it stands for: eta 0 adds nothing to them."""
    data = xgb.DMatrix(np.zeros((len(y), 1), dtype=np.float32), y, weight=weights)
    booster = xgb.train({**params, "eta": 0}, data, 1)
    text = learner(booster)["learner_model_param"]["base_score"]
    margins = np.atleast_2d(booster.predict(data, output_margin=True).reshape(len(y), -1))[0]
    return {"base_score": [float(v) for v in text.strip("[]").split(",")], "base_margin": floats(margins)}


def gradients_alone(params, margins, y, weights):
    """g and h [rows * outputs], from tables of one row."""
    g, h = [], []
    for i in range(len(y)):
        weight = None if weights is None else weights[i : i + 1]
        data = xgb.DMatrix(np.zeros((1, 1), dtype=np.float32), y[i : i + 1], weight=weight)
        data.set_base_margin(margins[i : i + 1])
        for tree in trees(xgb.train({**RAW, **params}, data, 1)):
            hessian = np.float32(tree["sum_hessian"][0])
            h.append(hessian)
            g.append(-np.float64(tree["base_weights"][0]) * np.float64(hessian))
    return floats(g), floats(h)


def gradients_in_queries(params, margins, y, weights, groups):
    """g and h [rows]; None where parting the row gains less than XGBoost's 1e-6."""
    g, h = [], []
    for i in range(len(y)):
        x = np.zeros((len(y), 1), dtype=np.float32)
        x[i] = 1
        data = xgb.DMatrix(x, y)
        data.set_group(groups)
        if weights is not None:
            data.set_weight(weights)
        data.set_base_margin(margins)
        (tree,) = trees(xgb.train({**RAW, "max_depth": 1, **params}, data, 1))
        leaf = tree["right_children"][0]
        hessian = tree["sum_hessian"][leaf] if leaf >= 0 else math.nan
        h.append(hessian)
        g.append(-np.float64(tree["base_weights"][leaf]) * np.float64(hessian))
    return floats(g), floats(h)


def row_case(name, params, margins, y, weights=None, powers=None):
    g, h = gradients_alone({**params, **(powers or {})}, margins, y, weights)
    if powers:
        h = gradients_alone(params, margins, y, weights)[1]
    data = xgb.DMatrix(np.zeros((len(y), 1), dtype=np.float32), y, weight=weights)
    data.set_base_margin(margins)
    idle = xgb.train({**params, "objective": params["objective"].replace("softmax", "softprob")}, data, 0)
    return {
        "name": name,
        "params": params,
        "labels": floats(y),
        "weights": None if weights is None else floats(weights),
        "margins": floats(margins),
        "g": g,
        "h": h,
        **start(params, y, weights),
        "predictions": floats(idle.predict(data)),
    }


def rank_case(name, params, margins, y, groups, weights=None):
    g, h = gradients_in_queries(params, margins, y, weights, groups)
    data = xgb.DMatrix(np.zeros((len(y), 1), dtype=np.float32), y)
    data.set_group(groups)
    history = {}
    xgb.train(params, data, 1, evals=[(data, "train")], evals_result=history, verbose_eval=False)
    return {
        "name": name,
        "params": params,
        "labels": floats(y),
        "query_weights": None if weights is None else floats(weights),
        "groups": groups,
        "margins": floats(margins),
        "g": g,
        "h": h,
        "default_metric": next(iter(history["train"])),
    }


def leaf_case(name, params, x, margins, y, weights=None):
    data = xgb.DMatrix(x, y, weight=weights)
    data.set_base_margin(margins)
    booster = xgb.train({"tree_method": "hist", "nthread": 1, "max_depth": 3, "eta": 0.3, **params}, data, 1)
    (tree,) = trees(booster)
    leaf = booster.predict(data, pred_leaf=True).astype(int).ravel()
    return {
        "name": name,
        "params": params,
        "labels": floats(y),
        "weights": None if weights is None else floats(weights),
        "margins": floats(margins),
        "leaves": [{"rows": np.flatnonzero(leaf == node).tolist(), "value": round9(tree["split_conditions"][node])}
                   for node in np.unique(leaf)],
    }


def metric_case(name, params, metrics, margins, y, weights=None, groups=None):
    data = xgb.DMatrix(np.zeros((len(y), 1), dtype=np.float32), y)
    if groups is not None:
        data.set_group(groups)
    if weights is not None:
        data.set_weight(weights)
    data.set_base_margin(margins)
    booster = xgb.train({**params, "eval_metric": metrics}, data, 0)
    shown = [pair.rsplit(":", 1) for pair in booster.eval(data, "x").split("\t")[1:]]
    values = {key.removeprefix("x-"): float(value) for key, value in shown}
    return {
        "name": name,
        "params": params,
        "metrics": {key: value if math.isfinite(value) else None for key, value in values.items()},
        "labels": floats(y),
        "weights": None if weights is None else floats(weights),
        "groups": groups,
        "predictions": floats(booster.predict(data)),
    }


def objectives(rng):
    n = 60
    margins = (rng.normal(size=n) * 3).astype(np.float32)
    margins[:6] = [0, 20, -20, 95, -95, 1e-3]
    binary = rng.integers(0, 2, n).astype(np.float32)
    weights = rng.choice([0.25, 0.7, 1, 2, 3.3], n).astype(np.float32)
    share = rng.choice([0, 0.1, 0.5, 1], n).astype(np.float32)
    real = (rng.normal(size=n) * 5 + 2).astype(np.float32)
    real[10:14] = 1
    counts = rng.poisson(2, n).astype(np.float32)
    mild = np.clip(margins, -8, 8)
    classes = rng.integers(0, 4, n).astype(np.float32)
    many = (rng.normal(size=(n, 4)) * 2).astype(np.float32)
    many[0] = [-3, -5, -4, -6]
    many[1] = [30, 0, -30, 2]
    logistic = {"objective": "binary:logistic"}
    yield row_case("binary:logistic", logistic, margins, binary)
    yield row_case("binary:logistic, weights", logistic, margins, binary, weights)
    yield row_case("binary:logistic, scale_pos_weight", {**logistic, "scale_pos_weight": 2.5}, margins, binary, weights)
    yield row_case("binary:logistic, one class", logistic, margins, np.ones_like(binary))
    yield row_case("reg:logistic", {"objective": "reg:logistic"}, margins, share, weights)
    yield row_case("reg:logistic, scale_pos_weight", {"objective": "reg:logistic", "scale_pos_weight": 0.4}, margins, share)
    yield row_case("reg:squarederror", {"objective": "reg:squarederror"}, margins, real)
    yield row_case("reg:squarederror, weights", {"objective": "reg:squarederror"}, margins, real, weights)
    yield row_case("reg:squarederror, scale_pos_weight", {"objective": "reg:squarederror", "scale_pos_weight": 3}, margins, real, weights)
    yield row_case("reg:absoluteerror", {"objective": "reg:absoluteerror"}, margins, real)
    yield row_case("reg:absoluteerror, weights", {"objective": "reg:absoluteerror"}, margins, real, weights)
    for alpha in (0.1, 0.5, 0.93):
        quantile = {"objective": "reg:quantileerror", "quantile_alpha": alpha}
        yield row_case(f"reg:quantileerror {alpha}", quantile, margins, real)
        yield row_case(f"reg:quantileerror {alpha}, weights", quantile, margins, real, weights)
    # With max_delta_step 0 the leaf is not clipped and shows g; the default shows h.
    free = {"max_delta_step": 0}
    yield row_case("count:poisson", {"objective": "count:poisson"}, mild, counts, None, free)
    yield row_case("count:poisson, weights", {"objective": "count:poisson"}, mild, counts, weights, free)
    yield row_case("count:poisson, max_delta_step", {"objective": "count:poisson", "max_delta_step": 1.5}, mild, counts, weights, free)
    yield row_case("multi:softprob", {"objective": "multi:softprob", "num_class": 4}, many, classes)
    yield row_case("multi:softprob, weights", {"objective": "multi:softprob", "num_class": 4}, many, classes, weights)
    yield row_case("multi:softmax", {"objective": "multi:softmax", "num_class": 4}, many, np.minimum(classes, 2), weights)


def rankings(rng):
    groups = [1, 12, 40, 7, 5]
    n = sum(groups)
    margins = rng.normal(size=n).astype(np.float32)
    margins[1:13] = np.round(margins[1:13])
    margins[-5:] = 0.5
    y = rng.integers(0, 5, n).astype(np.float32)
    y[53:60] = 0
    part = (y / 2).astype(np.float32)
    weights = np.array([1, 2, 0.5, 3, 1.25], dtype=np.float32)
    ndcg = {"objective": "rank:ndcg"}
    pairwise = {"objective": "rank:pairwise"}
    few = {"lambdarank_num_pair_per_sample": 3}
    yield rank_case("rank:ndcg", ndcg, margins, y, groups)
    yield rank_case("rank:ndcg, weights", ndcg, margins, y, groups, weights)
    yield rank_case("rank:ndcg, few pairs", {**ndcg, **few}, margins, y, groups)
    yield rank_case("rank:ndcg, not normalised", {**ndcg, "lambdarank_normalization": False}, margins, y, groups, weights)
    yield rank_case("rank:ndcg, scores not normalised", {**ndcg, "lambdarank_score_normalization": False}, margins, y, groups)
    yield rank_case("rank:ndcg, linear gain", {**ndcg, "ndcg_exp_gain": False, **few}, margins, part, groups)
    # Drawn pairs: with so many of them both sides come near their mean.
    drawn = {"lambdarank_pair_method": "mean", "lambdarank_num_pair_per_sample": 40000}
    yield rank_case("rank:ndcg, drawn pairs", {**ndcg, **drawn}, margins, y, groups, weights)
    yield rank_case("rank:pairwise, drawn pairs", {**pairwise, **drawn}, margins, y, groups, weights)
    yield rank_case("rank:pairwise", pairwise, margins, y, groups, weights)
    yield rank_case("rank:pairwise, few pairs", {**pairwise, **few, "lambdarank_score_normalization": False, "ndcg_exp_gain": False}, margins, part, groups)


def leaves(rng):
    n = 80
    x = rng.normal(size=(n, 3)).astype(np.float32)
    y = (x[:, 0] * 2 + rng.normal(size=n)).astype(np.float32)
    margins = (0.3 * rng.normal(size=n)).astype(np.float32)
    weights = rng.choice([0.25, 0.7, 1, 2, 3.3], n).astype(np.float32)
    absolute = {"objective": "reg:absoluteerror"}
    yield leaf_case("reg:absoluteerror", absolute, x, margins, y)
    yield leaf_case("reg:absoluteerror, weights", absolute, x, margins, y, weights)
    for alpha in (0.1, 0.85):
        quantile = {"objective": "reg:quantileerror", "quantile_alpha": alpha}
        yield leaf_case(f"reg:quantileerror {alpha}", quantile, x, margins, y)
        yield leaf_case(f"reg:quantileerror {alpha}, weights", quantile, x, margins, y, weights)


def metrics(rng):
    n = 90
    real = (rng.normal(size=n) * 5 + 20).astype(np.float32)
    guess = (real + rng.normal(size=n)).astype(np.float32)
    binary = rng.integers(0, 2, n).astype(np.float32)
    # Logits on a grid, for ties; the ends for probabilities of 0 and 1.
    logits = (np.round(rng.normal(size=n) * 2 + binary, 1)).astype(np.float32)
    logits[:2] = [120, -120]
    counts = rng.poisson(3, n).astype(np.float32)
    rates = (rng.normal(size=n) * 0.5 + 1).astype(np.float32)
    classes = rng.integers(0, 3, n).astype(np.float32)
    many = np.round(rng.normal(size=(n, 3)) * 2, 1).astype(np.float32)
    many[0] = [90, -90, 0]
    weights = rng.choice([0.25, 0.7, 1, 2, 3.3], n).astype(np.float32)
    regression = {"objective": "reg:squarederror"}
    logistic = {"objective": "binary:logistic"}
    of_numbers = ["rmse", "mae", "mape", "rmsle", "mphe"]
    of_classes = ["logloss", "error", "error@0.7", "error@0.5", "auc", "aucpr", "rmse", "mae"]
    for w, name in ((None, ""), (weights, ", weights")):
        yield metric_case("regression" + name, regression, of_numbers, guess, real, w)
        yield metric_case("huber_slope" + name, {**regression, "huber_slope": 0.4}, ["mphe"], guess, real, w)
        yield metric_case("quantile" + name, {"objective": "reg:quantileerror", "quantile_alpha": 0.3}, ["quantile"], guess, real, w)
        yield metric_case("binary" + name, logistic, of_classes, logits, binary, w)
        yield metric_case("counts" + name, {"objective": "count:poisson"}, ["poisson-nloglik", "rmse"], rates, counts, w)
        yield metric_case("classes" + name, {"objective": "multi:softprob", "num_class": 3}, ["mlogloss", "merror", "auc", "aucpr"], many, classes, w)
    yield metric_case("one class", logistic, ["logloss", "auc", "aucpr"], logits, np.ones_like(binary))
    yield from ranking_metrics(rng)


def ranking_metrics(rng):
    groups = [1, 2, 15, 40, 6, 5]
    n = sum(groups)
    scores = np.round(rng.normal(size=n), 1).astype(np.float32)
    y = rng.integers(0, 5, n).astype(np.float32)
    y[58:64] = 0
    relevant = (y > 2).astype(np.float32)
    weights = np.array([1, 2, 0.5, 3, 0.75, 1.25], dtype=np.float32)
    graded = ["ndcg", "ndcg-", "ndcg@3", "ndcg@3-", "ndcg@50", "auc"]
    binary = ["map", "map-", "map@4", "map@4-", "pre", "pre@1", "pre@7", "ndcg@5", "auc", "aucpr"]
    for w, name in ((None, ""), (weights, ", weights")):
        yield metric_case("graded queries" + name, {"objective": "rank:ndcg"}, graded, scores, y, w, groups)
        yield metric_case("linear gain" + name, {"objective": "rank:ndcg", "ndcg_exp_gain": False}, ["ndcg", "ndcg@3"], scores, y / 2, w, groups)
        yield metric_case("binary queries" + name, {"objective": "rank:pairwise"}, binary, scores, relevant, w, groups)


answers = {
    "xgboost": xgb.__version__,
    "numpy": np.__version__,
    "objectives": list(objectives(np.random.default_rng(1))),
    "rankings": list(rankings(np.random.default_rng(2))),
    "leaves": list(leaves(np.random.default_rng(3))),
    "metrics": list(metrics(np.random.default_rng(4))),
}
text = json.dumps(answers, separators=(",", ":"))
(HERE / "objectives.json").write_text(text.replace('{"name"', '\n{"name"') + "\n")
