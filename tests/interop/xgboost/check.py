"""Holds model.json and holdout.csv of the command line to the real XGBoost, and what trained.py says besides.

Run: python check.py FOLDER [OTHER FOLDER ...]. Each FOLDER holds one folder a model (heart/, cleveland/), each with
model.json and holdout.csv: feature columns by name, then label, probability, margin, shap_<feature> ..., shap_base, and the entity's key;
an empty cell is a missing value. Then model files of XGBoost's own are read by our code: model_files.py. Prints one PASS
or FAIL line a check; exits 1 when one failed.
"""

import csv
import sys
import tempfile
from pathlib import Path

import numpy as np
import xgboost as xgb

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import trained  # noqa: E402
from explained import check_explained  # noqa: E402
from model_files import check_model_files  # noqa: E402

AFTER_FEATURES = ("label", "probability", "margin")
failed = False


def report(name, why):
    global failed
    failed = failed or why is not None
    print(f"PASS {name}" if why is None else f"FAIL {name}: {why}", flush=True)


def within(ours, theirs, tolerance):
    """None, or how far apart two arrays are."""
    if ours.shape != theirs.shape:
        return f"shapes {ours.shape} and {theirs.shape}"
    apart = float(np.max(np.abs(ours - theirs))) if ours.size else 0.0
    return None if apart <= tolerance else f"largest difference {apart:.3g}, tolerance {tolerance:g}"


def read_table(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        header, *rows = list(csv.reader(file))
    # The key comes last and may be text.
    if header[-1] == "entity_key":
        header, rows = header[:-1], [row[:-1] for row in rows]
    values = np.array([[float(cell) if cell != "" else np.nan for cell in row] for row in rows], dtype=np.float64)
    return header, values.reshape(len(rows), len(header))


def check_model(folder):
    name = folder.name
    booster = xgb.Booster()
    booster.load_model(str(folder / "model.json"))
    header, values = read_table(folder / "holdout.csv")
    features = booster.feature_names
    report(f"{name}: feature names and order", None if header[: len(features)] == features else f"{header[: len(features)]} is not {features}")
    report(f"{name}: hold-out rows", None if len(values) > 0 else "there are none")
    column = {title: values[:, i] for i, title in enumerate(header)}
    data = xgb.DMatrix(values[:, : len(features)].astype(np.float32), feature_names=features)
    check_predictions(name, booster, data, column)
    check_shap(name, booster, data, column)
    check_reload(name, booster, data)


def check_predictions(name, booster, data, column):
    missing = [title for title in AFTER_FEATURES if title not in column]
    report(f"{name}: label, probability and margin columns", f"{missing} are missing" if missing else None)
    if missing:
        return
    report(f"{name}: probabilities", within(column["probability"], booster.predict(data).astype(np.float64), 1e-6))
    margins = booster.predict(data, output_margin=True).astype(np.float64)
    report(f"{name}: margins", within(column["margin"], margins, 1e-5))
    report(f"{name}: labels are 0 and 1", None if set(column["label"]) <= {0.0, 1.0} else f"{sorted(set(column['label']))[:5]}")
    best = booster.attr("best_iteration")
    trees = booster.num_boosted_rounds()
    report(f"{name}: best_iteration", None if best is None or int(best) == trees - 1 else f"{best} of {trees} trees")


def check_shap(name, booster, data, column):
    titles = [f"shap_{feature}" for feature in booster.feature_names] + ["shap_base"]
    missing = [title for title in titles if title not in column]
    if missing:
        report(f"{name}: SHAP columns", f"{missing} are missing")
        return
    ours = np.stack([column[title] for title in titles], axis=1)
    theirs = booster.predict(data, pred_contribs=True).astype(np.float64)
    report(f"{name}: SHAP values as pred_contribs", within(ours, theirs, 1e-4))
    report(f"{name}: SHAP values add up to the margin", within(ours.sum(axis=1), column["margin"], 1e-5))


def check_reload(name, booster, data):
    """Saved by XGBoost and read again, the model predicts the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "again.json")
        booster.save_model(path)
        again = xgb.Booster()
        again.load_model(path)
    report(f"{name}: saved and loaded again", within(again.predict(data), booster.predict(data), 0.0))
    same = again.attributes() == booster.attributes()
    report(f"{name}: attributes survive", None if same else f"{again.attributes()}")


def main():
    models = [child for folder in sys.argv[1:] for child in sorted(Path(folder).iterdir()) if (child / "model.json").exists()]
    if not models:
        print("FAIL model.json: no folder given holds a model")
        return 1
    print(f"xgboost {xgb.__version__}")
    for folder in models:
        try:
            check_model(folder)
        except Exception as error:  # a file the library refuses is a failed check, with its reason
            report(f"{folder.name}: loads", f"{type(error).__name__}: {str(error).splitlines()[0]}")
    check_model_files(report)
    check_trained(Path(sys.argv[1]))
    return 1 if failed else 0


def check_trained(made):
    try:
        trained.check_all(made, report)
        if int(xgb.__version__.split(".")[0]) >= 2:
            check_explained(made / f"trained-{xgb.__version__}" / "explained", report)
    except Exception as error:
        report("train and predict", f"{type(error).__name__}: {str(error).splitlines()[0]}")


sys.exit(main())
