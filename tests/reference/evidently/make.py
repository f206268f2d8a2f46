"""Writes cases.json: samples, and what Evidently (see requirements.txt) and scipy report for them.

    python make.py > cases.json

Every case holds its inputs, so that the answers can be computed again (tests/interop/evidently/check.py does) and
compared with our own.
"""

import json
import sys
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
sys.dont_write_bytecode = True

import evidently  # noqa: E402
import scipy  # noqa: E402
from answers import answer  # noqa: E402


def cases():
    rng = np.random.default_rng(20261123)
    floats = lambda values: [None if np.isnan(v) else float(v) for v in np.round(values, 3)]
    ints = lambda values: [int(v) for v in values]
    normal = rng.normal

    def with_holes(values, share):
        values = values.copy()
        values[rng.random(len(values)) < share] = np.nan
        return values

    outlier = normal(0, 1, 200)
    outlier[0] = 900
    spiky = np.where(rng.random(300) < 0.9, 0, rng.exponential(2, 300))
    yield "float_shift", "numeric", floats(normal(55, 9, 400)), floats(normal(62, 9, 300))
    yield "float_same", "numeric", floats(normal(0, 1, 250)), floats(normal(0, 1, 333))
    yield "float_one_outlier", "numeric", floats(outlier), floats(normal(0.5, 1, 180))
    yield "float_missing", "numeric", floats(with_holes(normal(0, 1, 300), 0.2)), floats(with_holes(normal(0.3, 1, 200), 0.5))
    yield "float_pooled_128", "numeric", floats(normal(0, 1, 64)), floats(normal(0, 1.5, 64))
    yield "float_pooled_256", "numeric", floats(normal(0, 1, 200)), floats(normal(0.2, 1, 56))
    yield "float_pooled_257", "numeric", floats(normal(0, 1, 200)), floats(normal(0.2, 1, 57))
    yield "float_disjoint", "numeric", floats(normal(0, 1, 100)), floats(normal(100, 1, 100))
    yield "float_mostly_zero", "numeric", floats(spiky), floats(np.where(rng.random(300) < 0.7, 0, rng.exponential(2, 300)))
    yield "float_few_values", "numeric", floats(rng.integers(0, 15, 120) / 4), floats(rng.integers(2, 19, 90) / 4)
    yield "float_tiny", "numeric", floats(normal(0, 1, 25)), floats(normal(0, 1, 3))
    yield "integer_wide", "numeric", ints(rng.normal(240, 50, 300)), ints(rng.normal(250, 60, 150))
    yield "integer_narrow", "numeric", ints(rng.integers(0, 24, 500)), ints(rng.integers(3, 27, 400))
    yield "integer_few", "numeric", ints(rng.integers(0, 4, 200)), ints(rng.binomial(3, 0.3, 150))
    names = np.array(["typical", "atypical", "non-anginal", "asymptomatic", "unknown to the reference"])
    pick = lambda n, p: [str(v) for v in rng.choice(names[: len(p)], n, p=p)]
    yield "category_shift", "categorical", pick(300, [0.1, 0.2, 0.3, 0.4]), pick(200, [0.3, 0.2, 0.3, 0.2])
    yield "category_new", "categorical", pick(300, [0.1, 0.2, 0.3, 0.4]), pick(200, [0.1, 0.2, 0.3, 0.2, 0.2])
    yield "category_disjoint", "categorical", ["a"] * 50 + ["b"] * 50, ["c"] * 30
    missing = pick(200, [0.25, 0.25, 0.25, 0.25])
    yield "category_missing", "categorical", pick(200, [0.4, 0.3, 0.2, 0.1]), [None if i % 3 == 0 else v for i, v in enumerate(missing)]
    yield "category_many", "categorical", [f"site {i % 70}" for i in range(300)], [f"site {i * i % 80}" for i in range(280)]


json.dump({
    "versions": {"evidently": evidently.__version__, "scipy": scipy.__version__, "numpy": np.__version__, "pandas": pd.__version__},
    "cases": [
        {"name": name, "kind": kind, "reference": reference, "current": current, **answer(kind, reference, current)}
        for name, kind, reference, current in cases()
    ],
}, sys.stdout)
print()
