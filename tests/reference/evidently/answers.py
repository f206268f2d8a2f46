"""What Evidently and scipy say about one case."""

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.metrics import ValueDrift
from scipy.stats import ks_2samp


def score(kind, reference, current, method):
    """Evidently's ValueDrift of one column by the method named."""
    definition = DataDefinition(**{"numerical_columns" if kind == "numeric" else "categorical_columns": ["x"]})
    frames = [Dataset.from_pandas(pd.DataFrame({"x": side}), data_definition=definition) for side in (current, reference)]
    snapshot = Report([ValueDrift(column="x", method=method)]).run(*frames)
    return float(snapshot.dict()["metrics"][0]["value"])


def answer(kind, reference, current):
    """Evidently's Jensen-Shannon distance, and for numbers its KS p-value and scipy's statistic."""
    found = {"evidently_jensenshannon": score(kind, reference, current, "jensenshannon")}
    if kind == "numeric":
        present = [[value for value in side if value is not None] for side in (reference, current)]
        found["evidently_ks_p_value"] = score(kind, reference, current, "ks")
        found["scipy_ks_statistic"] = float(ks_2samp(*present).statistic)
    return found
