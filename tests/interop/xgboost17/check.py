"""The checks of ../xgboost/check.py, run with the last XGBoost 1.7: one file must load in both."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "xgboost" / "check.py"), run_name="__main__")
