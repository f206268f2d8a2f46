"""Options that draw random numbers, where the draw cannot matter: our trees are XGBoost's, whatever either of them drew.

Columns that are copies of one another under several names: a tree is the same whichever of them is drawn, but for the
column's number. Rows of a few kinds, each fitted by leaves of its own without lambda: a leaf is the value of its kind,
however many rows of it were drawn. (What dart does when all trees or none are dropped is among the cases of
../../reference/xgboost/option_cases.py.)
"""

import json

import numpy as np
import xgboost as xgb

from command import glasshouse, read_numbers, write_table

ROUNDS = 5
TOLERANCE = 1e-4
COPIES = 4
SHARES = [
    {"colsample_bytree": 0.25},
    {"colsample_bylevel": 0.25},
    {"colsample_bynode": 0.25},
    {"colsample_bytree": 0.5, "colsample_bylevel": 0.5, "colsample_bynode": 0.5},
]
SAMPLES = [
    {"subsample": 0.5},
    {"subsample": 0.9, "num_parallel_tree": 3},
    {"subsample": 0.5, "booster": "dart", "rate_drop": 1.0},
]


def trees_of(path):
    booster = json.loads(path.read_text())["learner"]["gradient_booster"]
    return booster.get("gbtree", booster)["model"]["trees"]


def apart(ours, theirs):
    """None, or how two lists of numbers differ."""
    ours, theirs = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    if ours.shape != theirs.shape:
        return f"shapes {ours.shape} and {theirs.shape}"
    far = float(np.max(np.abs(ours - theirs) / np.maximum(1e-3, np.abs(theirs)))) if ours.size else 0.0
    return None if far <= TOLERANCE else f"largest relative difference {far:.3g}"


def different_trees(ours, theirs):
    """None, or the first difference of two lists of trees; numbers of columns are not compared."""
    if len(ours) != len(theirs):
        return f"{len(ours)} trees and {len(theirs)}"
    for index, (mine, yours) in enumerate(zip(ours, theirs)):
        for key in ("left_children", "right_children", "default_left"):
            if list(mine[key]) != list(yours[key]):
                return f"tree {index}: {key}"
        for key in ("split_conditions", "loss_changes", "sum_hessian"):
            why = apart(mine[key], yours[key])
            if why:
                return f"tree {index}: {key}, {why}"
    return None


def train_both(folder, columns, label, params):
    write_table(folder / "limit.csv", {**columns, "label": label})
    glasshouse(
        "train", "--data", folder / "limit.csv", "--label", "label", "--params", json.dumps(params),
        "--num-boost-round", ROUNDS, "--seed", 7, "--out", folder / "ours.json",
    )  # fmt: skip
    matrix = xgb.DMatrix(np.stack(list(columns.values()), axis=1), label)
    theirs = xgb.train({**params, "tree_method": "hist", "seed": 3, "nthread": 1}, matrix, ROUNDS)
    theirs.save_model(str(folder / "theirs.json"))
    glasshouse("predict", "--model", folder / "ours.json", "--data", folder / "limit.csv", "--output", "margin", "--out", folder / "ours.csv")
    return read_numbers(folder / "ours.csv").reshape(-1), theirs.predict(matrix, output_margin=True)


def check_copied_columns(folder, report):
    rng = np.random.default_rng(5)
    x = rng.integers(0, 60, size=800) / 10
    label = (np.sin(2 * x) + rng.normal(size=800) / 2 > 0).astype(int)
    x[::9] = np.nan
    cells = [None if np.isnan(v) else float(v) for v in x]
    for share in SHARES:
        params = {"objective": "binary:logistic", "max_depth": 4, **share}
        columns = {f"copy{i}": cells for i in range(COPIES)}
        ours, theirs = train_both(folder, {k: np.array(v, dtype=np.float64) for k, v in columns.items()}, label, params)
        report(f"copied columns, {share}", different_trees(trees_of(folder / "ours.json"), trees_of(folder / "theirs.json")))
        report(f"copied columns, {share}: margins", apart(ours, theirs))
        drawn = {index for tree in trees_of(folder / "ours.json") for index in tree["split_indices"]}
        report(f"copied columns, {share}: more than one was drawn", None if len(drawn) > 1 else f"only {drawn}")


def check_kinds_of_rows(folder, report):
    kinds = np.arange(8)
    rows = np.tile(kinds, 200)
    columns = {"a": rows % 4.0, "b": rows // 4.0, "c": rows * 1.0}
    label = np.array([3.0, -1.0, 4.0, 1.5, -5.0, 9.0, 2.5, -6.0])[rows]
    for sample in SAMPLES:
        params = {"objective": "reg:squarederror", "max_depth": 8, "lambda": 0, "min_child_weight": 0, "base_score": 0.5, **sample}
        ours, theirs = train_both(folder, columns, label, params)
        report(f"kinds of rows, {sample}: margins", apart(ours, theirs))
        counts = {tree["sum_hessian"][0] for tree in trees_of(folder / "ours.json")}
        report(f"kinds of rows, {sample}: rows were drawn", None if len(counts) > 1 and max(counts) < len(rows) else f"{counts}")


def check_limits(folder, report):
    folder.mkdir()
    check_copied_columns(folder, report)
    check_kinds_of_rows(folder, report)
