"""Holds the drift numbers to the real Evidently and scipy.

Run: python check.py FOLDER. FOLDER/heart holds what the command line wrote: drift.json, and the two sides of the report as
drift_reference.csv and drift_current.csv (feature columns by name; an empty cell is a missing value). The frozen cases of
tests/reference/evidently/cases.json, which the unit tests compare our own numbers with, are answered again first. Prints
one PASS or FAIL line a check; exits 1 when one failed.
"""

import csv
import json
import sys
import warnings
from pathlib import Path

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.stats import false_discovery_control, ks_2samp

warnings.simplefilter("ignore")
sys.dont_write_bytecode = True
frozen = Path(__file__).resolve().parents[2] / "reference" / "evidently"
sys.path.insert(0, str(frozen))

from answers import answer, score  # noqa: E402

failed = False


def report(name, faults):
    global failed
    faults = [fault for fault in faults if fault]
    failed = failed or bool(faults)
    print(f"FAIL {name}: {'; '.join(faults[:5])}" if faults else f"PASS {name}")


def apart(what, ours, theirs, relative=1e-9, absolute=1e-14):
    """None, or how far apart two numbers are."""
    close = abs(ours - theirs) <= max(relative * abs(theirs), absolute)
    return None if close else f"{what} is {ours!r}, expected {theirs!r}"


def check_frozen():
    cases = json.loads((frozen / "cases.json").read_text())["cases"]
    for case in cases:
        live = answer(case["kind"], case["reference"], case["current"])
        faults = [apart(key, case[key], value) for key, value in live.items()]
        report(f"frozen answers of {case['name']}", faults)
    report("frozen cases", [] if cases else ["there are none"])


def read_columns(path):
    """Numbers as models read them: float32, missing as NaN."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        header, *rows = list(csv.reader(file))
    number = lambda cell: np.nan if cell == "" else {"true": 1.0, "false": 0.0}.get(cell, cell)
    values = np.array([[number(cell) for cell in row] for row in rows]).astype(np.float64).astype(np.float32)
    return {name: values[:, i].astype(np.float64) for i, name in enumerate(header)}


def shares(values, histogram):
    """Shares over the report's bins: edges[i] <= v < edges[i + 1], the last with its upper edge; or one bin a value."""
    if histogram["edges"] is None:
        known = [label for label in histogram["labels"] if not label.startswith("(")]
        counts = [int(np.sum(values == float(label))) for label in known]
        counts += [len(values) - sum(counts)] * (len(histogram["labels"]) - len(known))
    else:
        inner = np.searchsorted(np.sort(values), histogram["edges"][1:-1], side="left")
        counts = np.diff(np.concatenate([[0], inner, [len(values)]]))
    return np.array(counts) / len(values)


def check_column(column, sides):
    name = column["column"]
    before, after = [side[name] for side in sides]
    present = [side[~np.isnan(side)] for side in (before, after)]
    counts = [column["n_reference"], column["n_current"], column["missing_reference"], column["missing_current"]]
    true = [len(present[0]), len(present[1]), len(before) - len(present[0]), len(after) - len(present[1])]
    report(f"{name}: rows and missing values", [] if counts == true else [f"{counts}, expected {true}"])

    histogram = column["histogram"]
    found = [shares(values, histogram) for values in present]
    recorded = [np.array(histogram["reference"]), np.array(histogram["current"])]
    off = max(float(np.max(np.abs(a - b))) for a, b in zip(found, recorded))
    report(f"{name}: shares ({column['jensenshannon']['binning']})", [apart("largest difference", off, 0, absolute=1e-12)])
    distance = float(jensenshannon(found[0], found[1], 2))
    # Near 0 the sum under the root cancels, so the last digits there are rounding on both sides.
    report(f"{name}: Jensen-Shannon distance", [apart("distance", column["jensenshannon"]["distance"], distance, absolute=1e-8)])
    if column["ks"]:
        check_ks(column, present)


def check_ks(column, present):
    ks = column["ks"]
    theirs = ks_2samp(*present)
    mode = "exact" if max(map(len, present)) <= 10000 else "asymptotic"
    report(f"{column['column']}: KS against scipy", [
        apart("D", ks["statistic"], float(theirs.statistic), relative=1e-12),
        apart("p-value", ks["p_value"], float(theirs.pvalue)),
        None if ks["mode"] == mode else f"mode {ks['mode']}, expected {mode}",
    ])
    evidently = score("numeric", present[0], present[1], "ks")
    report(f"{column['column']}: KS against Evidently", [apart("p-value", ks["p_value"], evidently)])


def check_report(folder):
    drift = json.loads((folder / "drift.json").read_text())
    sides = [read_columns(folder / f"drift_{side}.csv") for side in ("reference", "current")]
    columns = next(check["columns"] for check in drift["checks"] if check["check"] == "dataset_drift")
    report("columns of the report", [] if columns and [c["column"] for c in columns] == list(sides[0]) else ["not those of the tables"])
    for column in columns:
        check_column(column, sides)
    tested = [column for column in columns if column["ks"]]
    adjusted = false_discovery_control([column["ks"]["p_value"] for column in tested], method="bh")
    report("Benjamini-Hochberg over the numeric columns", [
        apart(column["column"], column["ks"]["p_adjusted"], float(value)) for column, value in zip(tested, adjusted)
    ])


check_frozen()
check_report(Path(sys.argv[1]) / "heart")
sys.exit(1 if failed else 0)
