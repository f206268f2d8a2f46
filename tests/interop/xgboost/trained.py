"""Holds `glasshouse train` and `glasshouse predict` to the real XGBoost on the same files.

Every case of ../../reference/xgboost/option_cases.py, once with categories as codes and once as text: trees split by split,
and models that cross in both directions. Early stopping and continued training follow the same rounds; what draws random
numbers is compared by its mean loss on rows held out. An older XGBoost grows other trees: there the models are loaded only.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import xgboost as xgb

from command import ROOT, glasshouse, read_numbers, write_table
from limits import check_limits

REFERENCE = ROOT / "tests" / "reference" / "xgboost"
sys.path.insert(0, str(REFERENCE))

import option_cases as cases  # noqa: E402

MARGIN_TOLERANCE = 1e-6
METRIC_TOLERANCE = 1e-5
SEEDS = 20
# Difference of two means over the standard error of that difference.
STANDARD_ERRORS = 3.5
TEXTS = {4: [f"town {letter}" for letter in "abcdefghi"], 5: ["x", "y", "z"]}


def features(as_text):
    """Feature columns; those of categories as codes, or as text."""
    columns = {}
    for f in range(cases.X.shape[1]):
        values = cases.X[:, f]
        if as_text and f in TEXTS:
            columns[f"f{f}"] = [None if np.isnan(v) else TEXTS[f][int(v)] for v in values]
        elif f in TEXTS:
            columns[f"f{f}"] = [None if np.isnan(v) else int(v) for v in values]
        else:
            columns[f"f{f}"] = [None if np.isnan(v) else round(float(v), 1) for v in values]
    return columns


def frame(as_text):
    """What XGBoost is given: numbers, or a data frame with categories of text."""
    if not as_text:
        return cases.X
    import pandas as pd

    columns = {name: pd.Categorical(v) if int(name[1]) in TEXTS else pd.Series(v, dtype=np.float32) for name, v in features(True).items()}
    return pd.DataFrame(columns)


def within(ours, theirs, tolerance):
    """None, or how far apart two arrays are, relative to the larger of 1 and the second."""
    ours, theirs = np.asarray(ours, dtype=np.float64).reshape(-1), np.asarray(theirs, dtype=np.float64).reshape(-1)
    if ours.shape != theirs.shape:
        return f"shapes {ours.shape} and {theirs.shape}"
    apart = float(np.max(np.abs(ours - theirs) / np.maximum(1, np.abs(theirs)))) if ours.size else 0.0
    return None if apart <= tolerance else f"largest difference {apart:.3g}, tolerance {tolerance:g}"


class Case:
    """One case in files: data.csv, ours.json, theirs.json and what our command predicts from either."""

    def __init__(self, folder, name, label, options, as_text):
        self.name = f"{name}, as text" if as_text else name
        self.label, self.options, self.as_text = label, options, as_text
        self.folder = folder / "".join(c if c.isalnum() else "-" for c in self.name)
        self.folder.mkdir(parents=True)

    def data(self):
        columns = {**features(self.as_text), "label": [round(float(v), 6) for v in cases.labels[self.label]]}
        if self.options.get("weighted"):
            columns["weight"] = [float(v) for v in cases.row_weights(self.label)]
        if cases.is_ranked(self.label):
            columns["query"] = [f"q{row // cases.QUERY}" for row in range(cases.ROWS)]
        write_table(self.folder / "data.csv", columns)
        return self.folder / "data.csv"

    def flags(self):
        flags = []
        if self.options.get("categorical"):
            flags += ["--categorical", "f4,f5"]
        if self.options.get("weighted"):
            flags += ["--weight", "weight"]
        if cases.is_ranked(self.label):
            flags += ["--group", "query"]
        return flags

    def asked(self):
        return {key: value for key, value in cases.asked_params(self.options).items() if key != "nthread"}

    def margins(self, model, to):
        glasshouse("predict", "--model", model, "--data", self.folder / "data.csv", "--output", "margin", "--out", self.folder / to)
        return read_numbers(self.folder / to)

    def train(self, *more):
        data = self.data()
        return glasshouse(
            "train", "--data", data, "--label", "label", "--params", json.dumps(self.asked()),
            "--num-boost-round", cases.ROUNDS, *self.flags(), *more, "--out", self.folder / "ours.json",
        )  # fmt: skip

    def compare(self):
        """Reports as (name, fault), and the trees of both for the comparison."""
        self.train()
        matrix = cases.matrix(self.label, self.options, frame(self.as_text))
        theirs = xgb.train(cases.asked_params(self.options), matrix, cases.ROUNDS)
        theirs.save_model(str(self.folder / "theirs.json"))
        ours = xgb.Booster()
        ours.load_model(str(self.folder / "ours.json"))
        mine = self.margins(self.folder / "ours.json", "ours.csv")
        yours = self.margins(self.folder / "theirs.json", "theirs.csv")
        reports = [
            (f"{self.name}: our model in XGBoost", within(ours.predict(matrix, output_margin=True), mine, MARGIN_TOLERANCE)),
            (f"{self.name}: XGBoost's model here", within(yours, theirs.predict(matrix, output_margin=True), MARGIN_TOLERANCE)),
        ]
        # Ours has the difference between classes' starts in the first leaves.
        starts = "num_class" in self.options and "base_score" not in self.options
        return reports, {"name": self.name, "ours": cases.trees_of(ours), "theirs": cases.trees_of(theirs), "leaves": not starts}


    def load(self):
        """Reports of a reader that has its own way of training: our model predicts there what it predicts here."""
        self.train()
        ours = xgb.Booster()
        ours.load_model(str(self.folder / "ours.json"))
        matrix = cases.matrix(self.label, self.options)
        mine = self.margins(self.folder / "ours.json", "ours.csv")
        return [(f"{self.name}: our model in XGBoost", within(ours.predict(matrix, output_margin=True), mine, MARGIN_TOLERANCE))]


def all_cases(folder):
    for name, label, options in cases.CASES:
        yield Case(folder, name, label, options, False)
        if options.get("categorical"):
            yield Case(folder, name, label, options, True)


def check_trees(folder, pool, report):
    compared = []
    for reports, trees in pool.map(Case.compare, all_cases(folder)):
        for name, fault in reports:
            report(name, fault)
        compared.append(trees)
    path = folder / "trees.json"
    path.write_text(json.dumps(compared))
    done = subprocess.run(["node", str(REFERENCE / "compare-cases.mjs"), str(path)], capture_output=True, text=True)
    print(done.stdout, end="", flush=True)
    if done.returncode != 0 and "FAIL " not in done.stdout:
        report("trees split by split", done.stderr.strip()[:500] or "the comparison ended early")


def check_codes(folder, report):
    """A data frame whose categories stand in another order, or are fewer, is coded as the model says."""
    case = Case(folder / "codes", "codes", "binary", {"categorical": True}, True)
    case.train()
    booster = xgb.Booster()
    booster.load_model(str(case.folder / "ours.json"))
    mine = case.margins(case.folder / "ours.json", "ours.csv")
    whole = frame(True)
    for f in TEXTS:
        whole[f"f{f}"] = whole[f"f{f}"].cat.reorder_categories(TEXTS[f][::-1])
    theirs = booster.predict(xgb.DMatrix(whole, enable_categorical=True), output_margin=True)
    report("text categories in reverse order", within(theirs, mine, MARGIN_TOLERANCE))
    few = frame(True)[lambda rows: rows["f4"].isin(TEXTS[4][3:7])]
    few = few.assign(f4=few["f4"].cat.remove_unused_categories())
    theirs = booster.predict(xgb.DMatrix(few, enable_categorical=True), output_margin=True)
    report("text categories, some of them", within(theirs, mine[few.index], MARGIN_TOLERANCE))


def check_other_codes(folder, report):
    """Texts beside numbers that are codes, and texts beyond ASCII, in a data frame."""
    import pandas as pd

    towns = ["Århus", "Köln", "Rome", "日本"]
    columns = features(False)
    label = [int(v) for v in cases.labels["binary"]]
    text = {"f4": [None if v is None else TEXTS[4][v] for v in columns["f4"]]}
    beyond = {"f4": [None if v is None else sorted(towns)[v % 4] for v in columns["f4"]]}
    for name, changed in (("texts beside codes", text), ("texts beyond ASCII", beyond)):
        given = {**columns, **changed}
        write_table(folder / "mixed.csv", {**given, "label": label})
        line = ["--data", folder / "mixed.csv", "--out"]
        glasshouse("train", *line, folder / "mixed.json", "--label", "label", "--categorical", "f4,f5", "--params", json.dumps({"objective": "binary:logistic"}))
        glasshouse("predict", *line, folder / "mixed-margins.csv", "--model", folder / "mixed.json", "--output", "margin")
        rows = pd.DataFrame({key: pd.Categorical(v) if int(key[1]) in TEXTS else pd.Series(v, dtype=np.float32) for key, v in given.items()})
        booster = xgb.Booster()
        booster.load_model(str(folder / "mixed.json"))
        theirs = booster.predict(xgb.DMatrix(rows, enable_categorical=True), output_margin=True)
        report(f"{name}, in a data frame", within(theirs, read_numbers(folder / "mixed-margins.csv"), MARGIN_TOLERANCE))


def check_history(folder, report):
    """Early stopping sees the same numbers and stops at the same round."""
    half = cases.ROWS // 2
    columns = {**features(False), "label": [int(v) for v in cases.labels["binary"]]}
    for name, rows in (("learn", slice(None, half)), ("watch", slice(half, None))):
        write_table(folder / f"{name}.csv", {title: values[rows] for title, values in columns.items()})
    params = {"objective": "binary:logistic", "eta": 0.5, "max_depth": 4, "eval_metric": ["auc", "logloss"]}
    said = glasshouse(
        "train", "--data", folder / "learn.csv", "--label", "label", "--eval", folder / "watch.csv", "--params", json.dumps(params),
        "--num-boost-round", 200, "--early-stopping-rounds", 4, "--out", folder / "stopped.json",
    )  # fmt: skip
    parts = [xgb.DMatrix(cases.X[rows], cases.labels["binary"][rows]) for rows in (slice(None, half), slice(half, None))]
    history = {}
    booster = xgb.train({**params, "tree_method": "hist"}, parts[0], 200, evals=[(parts[0], "train"), (parts[1], "watch")], evals_result=history, early_stopping_rounds=4, verbose_eval=False)  # fmt: skip
    best = booster.best_iteration
    report("early stopping: best iteration", None if said["best_iteration"] == best else f"{said['best_iteration']} for {best}")
    for name, metrics in history.items():
        for metric, values in metrics.items():
            report(f"early stopping: {name} {metric}", within(said["history"][name][metric], values, METRIC_TOLERANCE))


def check_continued(folder, report):
    """Four rounds at once, two rounds on our own model, and two rounds on XGBoost's."""
    case = Case(folder, "continued", "binary", {}, False)
    data = case.data()
    line = ["train", "--data", data, "--label", "label", "--num-boost-round"]
    params = ["--params", json.dumps(case.asked())]
    glasshouse(*line, 4, *params, "--out", folder / "four.json")
    glasshouse(*line, 2, *params, "--out", folder / "two.json")
    glasshouse(*line, 2, "--base-model", folder / "two.json", "--out", folder / "two-more.json")
    once, again = (json.loads((folder / name).read_text()) for name in ("four.json", "two-more.json"))
    same = once["learner"]["gradient_booster"] == again["learner"]["gradient_booster"]
    report("continued training is one training", None if same else "the trees differ")
    matrix = cases.matrix("binary", {})
    asked = cases.asked_params({})
    first = xgb.train(asked, matrix, 2)
    first.save_model(str(folder / "theirs-two.json"))
    theirs = xgb.train(asked, matrix, 2, xgb_model=first)
    glasshouse(*line, 2, *params, "--base-model", folder / "theirs-two.json", "--out", folder / "on-theirs.json")
    mine = case.margins(folder / "on-theirs.json", "on-theirs.csv")
    report("continued from XGBoost's model", within(mine, theirs.predict(matrix, output_margin=True), 1e-5))


DRAWN = [
    ("subsample", {"subsample": 0.5}),
    ("colsample_bytree", {"colsample_bytree": 0.5}),
    ("colsample_bylevel", {"colsample_bylevel": 0.5}),
    ("colsample_bynode", {"colsample_bynode": 0.5}),
    ("all four", {"subsample": 0.7, "colsample_bytree": 0.7, "colsample_bylevel": 0.7, "colsample_bynode": 0.7}),
    ("dart", {"booster": "dart", "rate_drop": 0.3, "skip_drop": 0.2}),
    ("dart, weighted, forest", {"booster": "dart", "rate_drop": 0.3, "sample_type": "weighted", "normalize_type": "forest", "one_drop": 1}),
    ("random forest", {"subsample": 0.6, "colsample_bynode": 0.6, "num_parallel_tree": 5, "eta": 1.0}),
]  # fmt: skip


def drawn_rows(rng, rows):
    x = rng.normal(size=(rows, 8)).round(1)
    score = x[:, 0] - x[:, 1] * x[:, 2] + np.sin(x[:, 3]) + 0.5 * x[:, 4]
    return x, (score + rng.normal(size=rows) > 0).astype(int)


def check_drawn(folder, pool, report):
    """The mean loss on held-out rows over many seeds."""
    rng = np.random.default_rng(11)
    parts = {"learn": drawn_rows(rng, 1500), "watch": drawn_rows(rng, 3000)}
    for name, (x, y) in parts.items():
        write_table(folder / f"{name}.csv", {**{f"f{f}": x[:, f] for f in range(x.shape[1])}, "label": y})
    learn, watch = (xgb.DMatrix(x, y) for x, y in parts.values())

    def losses(job):
        options, seed = job
        params = {"objective": "binary:logistic", "max_depth": 4, **options}
        said = glasshouse(
            "train", "--data", folder / "learn.csv", "--label", "label", "--eval", folder / "watch.csv",
            "--params", json.dumps(params), "--num-boost-round", 20, "--seed", seed, "--out", folder / f"{seed}.json",
        )  # fmt: skip
        history = {}
        xgb.train({**params, "tree_method": "hist", "seed": seed, "nthread": 1}, learn, 20, evals=[(watch, "watch")], evals_result=history, verbose_eval=False)  # fmt: skip
        return said["history"]["watch"]["logloss"][-1], history["watch"]["logloss"][-1]

    for name, options in DRAWN:
        pairs = np.array(list(pool.map(losses, [(options, seed) for seed in range(1, SEEDS + 1)])))
        means, spread = pairs.mean(axis=0), pairs.std(axis=0, ddof=1)
        error = np.sqrt((spread**2).sum() / SEEDS)
        apart = abs(means[0] - means[1]) / error
        told = f"mean loss {means[0]:.5f} and {means[1]:.5f} over {SEEDS} seeds, {apart:.1f} standard errors apart"
        print(f"{name}: {told}; spread {spread[0]:.5f} and {spread[1]:.5f}")
        report(f"drawn: {name}", None if apart <= STANDARD_ERRORS and min(spread) > 0 else told)


# Objectives that XGBoost 1.7 does not have yet.
SINCE_2 = ("reg:quantileerror",)


def check_loading(folder, report):
    """For an XGBoost that grows other trees: every model loads and predicts the same. Codes stand for the texts."""
    known = [case for case in all_cases(folder) if case.options.get("objective") not in SINCE_2]
    with ThreadPoolExecutor(2) as pool:
        for reports in pool.map(Case.load, known):
            for name, fault in reports:
                report(name, fault)


def check_all(made, report):
    """Everything, into a folder of its own below `made`."""
    folder = made / f"trained-{xgb.__version__}"
    (folder / "codes").mkdir(parents=True)
    (folder / "drawn").mkdir()
    if int(xgb.__version__.split(".")[0]) < 3:
        check_loading(folder, report)
        return
    with ThreadPoolExecutor(2) as pool:
        check_trees(folder, pool, report)
        check_drawn(folder / "drawn", pool, report)
    check_limits(folder / "limits", report)
    check_codes(folder, report)
    check_other_codes(folder, report)
    check_history(folder, report)
    check_continued(folder, report)
