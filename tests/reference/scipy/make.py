"""Writes answers.json: Kolmogorov-Smirnov and Jensen-Shannon numbers from scipy (see requirements.txt).

    python make.py > answers.json

Samples come from a small generator that the tests repeat, so the file holds answers only. Nothing else is read.
"""

import json
import sys
import warnings

import numpy as np
import scipy
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp, kstwo

warnings.simplefilter("ignore")


def sample(seed, size, shift, quantum):
    """Numerical Recipes' generator, u in [0, 1); u + shift, cut down to multiples of quantum when that is not 0."""
    values = np.empty(size)
    state = seed
    for i in range(size):
        state = (state * 1664525 + 1013904223) % 4294967296
        values[i] = state / 4294967296 + shift
    return np.floor(values / quantum) * quantum if quantum else values


def ks_cases():
    specs = [
        # n1, n2, shift of the second, quantum
        (1, 1, 0, 0), (1, 1, 2, 0), (1, 5, 0.3, 0), (3, 3, 0.2, 0), (8, 8, 0.55, 0), (8, 8, 0, 0), (7, 11, 0.3, 0),
        (20, 20, 0.4, 0), (20, 30, 0.4, 0), (50, 49, 0.1, 0), (50, 49, 0.1, 0.125), (100, 100, 0, 0.25),
        (100, 100, 0.1, 0), (303, 97, 0.05, 0), (303, 303, 0.05, 0), (303, 303, 5, 0), (303, 97, 5, 0),
        (1000, 1000, 0.02, 0), (1000, 700, 0.02, 0), (1000, 700, 0.2, 0), (1000, 700, 0.5, 0), (2000, 1999, 0.3, 0),
        (5000, 2500, 0.03, 0), (10000, 10000, 0.01, 0), (10000, 10000, 0.02, 0.0625), (10000, 1, 0.2, 0),
        (10000, 999, 0.03, 0), (9973, 2003, 0.03, 0), (10001, 1, 0.2, 0), (10001, 3, 0.7, 0), (10001, 40, 0.02, 0),
        (10001, 40, 0.2, 0), (10001, 40, 0.4, 0), (10001, 140, 0.02, 0), (10001, 141, 0.02, 0), (10001, 200, 0.11, 0),
        (20000, 500, 0.03, 0), (24000, 2000, 0.0, 0), (24000, 2000, 0.02, 0), (24000, 2000, 0.05, 0),
        (24000, 2000, 0.3, 0), (24000, 24000, 0.004, 0), (30000, 2000, 0.01, 0.03125), (2000, 30000, 0.01, 0),
    ]
    for n1, n2, shift, quantum in specs:
        a, b = sample(1, n1, 0, quantum), sample(2, n2, shift, quantum)
        answer = ks_2samp(a, b)
        exact = max(n1, n2) <= 10000
        if exact:  # did scipy fall back?
            check = ks_2samp(a, b, method="asymp")
            exact = answer.pvalue != check.pvalue or answer.statistic == 0
        yield {"n1": n1, "n2": n2, "shift": shift, "quantum": quantum, "statistic": float(answer.statistic),
               "p_value": float(answer.pvalue), "mode": "exact" if exact else "asymptotic"}


def kstwo_cases():
    for n in [1, 2, 3, 5, 10, 50, 100, 139, 140, 141, 200, 500, 1000, 5000, 20000, 99999, 100001, 500000, 1000000, 1000001]:
        grid = [0.3, 0.45, 0.5, 0.6, 0.8, 0.86, 0.87, 1, 1.2, 1.4, 1.48, 1.49, 1.6, 1.9, 2.01, 2.5, 3, 5, 8, 15]
        for z in grid if n < 200000 else [0.45, 1, 1.6, 3]:
            x = z / float(np.sqrt(n))
            if x < 1.05:
                yield [n, x, float(kstwo.sf(x, n))]
        for x in [0.45, 0.5, 0.55, 0.9, 1 - 0.5 / n, 0.75 / n, 1.0 / n]:
            if n <= 1000:
                yield [n, x, float(kstwo.sf(x, n))]


def jensenshannon_cases():
    pairs = [
        ([1, 0, 0], [0, 1, 0]), ([1, 0], [0.5, 0.5]), ([1, 0, 0], [1, 0, 0]), ([0.1, 0.2, 0.7], [0.2, 0.3, 0.5]),
        ([10, 20, 30, 40], [40, 30, 20, 10]), ([5, 0, 3, 2, 90], [0, 5, 3, 2, 90]),
        ([1 / 3] * 3, [0.3334, 0.3333, 0.3333]),
    ]
    for p, q in pairs:
        yield {"p": p, "q": q, "base2": float(jensenshannon(p, q, 2)), "base_e": float(jensenshannon(p, q))}


json.dump({
    "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
    "ks_2samp": list(ks_cases()),
    "kstwo_sf": list(kstwo_cases()),
    "jensenshannon": list(jensenshannon_cases()),
}, sys.stdout, indent=1)
print()
