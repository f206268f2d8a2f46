"""Holds SHAP values, interaction values and leaf numbers of `glasshouse predict` to XGBoost's, on models of both."""

import csv
import json

import numpy as np
import option_cases as cases
import xgboost as xgb
from command import glasshouse
from trained import Case, within

# XGBoost adds up its values in float32.
TOLERANCE = 1e-4

EXPLAINED = [
    ("binary", "binary", {"max_depth": 5}),
    ("categories", "binary", {"categorical": True, "max_depth": 5, "max_cat_to_onehot": 4}),
    ("forest of dart", "binary", {"booster": "dart", "rate_drop": 0.5, "one_drop": 1, "num_parallel_tree": 2}),
    ("classes", "class", {"objective": "multi:softprob", "num_class": 4, "categorical": True}),
    ("counts", "count", {"objective": "count:poisson"}),
]


def read_columns(path):
    with open(path, newline="") as file:
        rows = csv.reader(file)
        titles = next(rows)
        values = np.array([[float(cell) for cell in row] for row in rows])
    return dict(zip(titles, values.T, strict=True))


def outputs_of(options):
    return [f"_{k}" for k in range(options["num_class"])] if "num_class" in options else [""]


def ours(case, names):
    data, model = case.folder / "data.csv", case.folder / "ours.json"
    line = ["predict", "--model", model, "--data", data]
    glasshouse(*line, "--output", "margin", "--contribs", "--interactions", "--out", case.folder / "shap.csv")
    glasshouse(*line, "--output", "leaf", "--out", case.folder / "leaf.csv")
    columns = read_columns(case.folder / "shap.csv")
    contribs, pairs = [], []
    for ending in outputs_of(case.options):
        contribs.append(np.stack([columns[f"shap_{name}{ending}"] for name in (*names, "base")], axis=1))
        matrix = np.zeros((cases.ROWS, len(names), len(names)))
        for i, first in enumerate(names):
            for j in range(i, len(names)):
                matrix[:, i, j] = matrix[:, j, i] = columns[f"shap_{first}:{names[j]}{ending}"]
        pairs.append(matrix)
    leaves = np.stack(list(read_columns(case.folder / "leaf.csv").values()), axis=1)
    return np.stack(contribs, axis=1), np.stack(pairs, axis=1), leaves


def check_explained(folder, report):
    names = [f"f{f}" for f in range(cases.X.shape[1])]
    for name, label, options in EXPLAINED:
        case = Case(folder, name, label, options, False)
        case.train()
        booster = xgb.Booster()
        booster.load_model(str(case.folder / "ours.json"))
        matrix = cases.matrix(label, options)
        contribs, pairs, leaves = ours(case, names)
        shape = (cases.ROWS, len(outputs_of(options)), len(names) + 1)
        theirs = booster.predict(matrix, pred_contribs=True).reshape(shape)
        report(f"{name}: SHAP values", within(contribs, theirs, TOLERANCE))
        theirs = booster.predict(matrix, pred_interactions=True).reshape(*shape, len(names) + 1)[:, :, :-1, :-1]
        report(f"{name}: SHAP interaction values", within(pairs, theirs, TOLERANCE))
        theirs = booster.predict(matrix, pred_leaf=True).reshape(cases.ROWS, -1)
        report(f"{name}: leaves", None if np.array_equal(leaves, theirs) else "other leaves")
