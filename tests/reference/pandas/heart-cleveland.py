"""Writes heart-cleveland.json: what pandas says about static/heart_cleveland.csv.

Run from the repository root: python tests/reference/pandas/heart-cleveland.py
Needs pandas (see requirements.txt beside this file).
"""

import json
from pathlib import Path

import pandas as pd

table = pd.read_csv("static/heart_cleveland.csv", na_values="?")
columns = {
    name: {
        "missing": int(values.isna().sum()),
        "distinct": int(values.nunique()),
        "mean": float(values.mean()),
        "std": float(values.std()),
        "min": float(values.min()),
        "max": float(values.max()),
        "median": float(values.median()),
    }
    for name, values in table.items()
}
out = {"made_with": f"pandas {pd.__version__}", "rows": len(table), "columns": columns}
Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=1) + "\n")
