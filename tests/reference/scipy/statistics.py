"""Writes statistics.json: quantiles, variance, histograms and Wilson intervals of fixed samples.

Run from the repository root: python tests/reference/scipy/statistics.py
Needs scipy and numpy (see requirements.txt beside this file).
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy.stats import binomtest

sample = [3.5, -1.25, 8.0, 0.0, 2.75, 2.75, 100.5, -7.125, 4.0, 5.5, 6.25]
far = [1e9 + x for x in sample]
counts, edges = np.histogram(sample, bins=7)
wilson = []
for successes, n in [(0, 10), (10, 10), (3, 10), (1, 2), (37, 120), (499, 1000), (1, 100000)]:
    interval = binomtest(successes, n).proportion_ci(confidence_level=0.95, method="wilson")
    wilson.append([successes, n, interval.low, interval.high])
out = {
    "made_with": f"scipy {scipy.__version__}, numpy {np.__version__}",
    "sample": sample,
    "mean": float(np.mean(sample)),
    "variance": float(np.var(sample, ddof=1)),
    "variance_far": float(np.var(np.array(far), ddof=1)),
    "quantiles": [[q, float(np.quantile(sample, q))] for q in [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1]],
    "histogram": {"edges": edges.tolist(), "counts": counts.tolist()},
    "wilson": wilson,
}
Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=1) + "\n")
