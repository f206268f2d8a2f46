"""Writes answers.json: what Hyperopt's TPE (see requirements.txt) makes of given trials.

    python make.py > answers.json

`parzen`: adaptive_parzen_normal of observations. `split`: ap_split_trials of losses. `density`: for each kind of
parameter, the log density (or probability) that TPE's posterior has at some values, given observations. Observations are
drawn here with numpy and stand in the file. Numpy's default sort leaves open which of equal observations comes first,
which weighs when older ones count less: here it is the older one.
"""

import functools
import json
import sys

import hyperopt
import numpy as np
import scipy
from hyperopt import tpe

np.argsort = functools.partial(np.argsort, kind="stable")
PRIOR_WEIGHT = 1.0
SIZES = [0, 1, 2, 3, 7, 24, 25, 26, 27, 60]


def parzen_cases(rng):
    cases = []
    for size in SIZES:
        for mu, sigma, weight in [(0.5, 1.0, 1.0), (0.0, 4.0, 0.5)]:
            observed = np.round(rng.normal(mu, sigma / 3, size), 3)
            weights, mus, sigmas = tpe.adaptive_parzen_normal(observed, weight, mu, sigma)
            cases.append(
                {
                    "observed": observed.tolist(),
                    "prior": {"weight": weight, "mu": mu, "sigma": sigma},
                    "weights": np.asarray(weights).tolist(),
                    "mus": np.asarray(mus).tolist(),
                    "sigmas": np.asarray(sigmas).tolist(),
                }
            )
    return cases


def split_cases(rng):
    cases = []
    for size in [20, 21, 64, 65, 400]:
        losses = rng.permutation(size).astype(float)
        losses[::9] = np.inf
        # Ties at infinity lie outside the good trials, so that their order does not matter.
        ids = np.arange(size)
        below, above = tpe.ap_split_trials(ids, ids, ids, losses, 0.25)
        cases.append(
            {
                "losses": [None if np.isinf(loss) else loss for loss in losses],
                "good": below.tolist(),
                "rest": above.tolist(),
            }
        )
    return cases


def density_cases(rng):
    """Observations of each kind of parameter, oldest first, and log densities at values of its own."""
    kinds = {
        "uniform": [-1.5, 2.0],
        "quniform": [-1.5, 2.0, 0.5],
        "loguniform": [-3.0, 1.0],
        "qloguniform": [-1.0, 3.0, 2.0],
        "normal": [1.0, 2.0],
        "qnormal": [1.0, 2.0, 0.5],
        "lognormal": [0.5, 0.8],
        "qlognormal": [0.5, 0.8, 1.0],
    }
    cases = []
    for kind, args in kinds.items():
        for size in SIZES:
            observed = draw(rng, kind, args, size)
            values = draw(rng, kind, args, 6)
            cases.append(
                {
                    "expression": {kind: args},
                    "observed": observed.tolist(),
                    "values": values.tolist(),
                    "log": log_density(kind, args, observed, values).tolist(),
                }
            )
    for expression, low, p in [
        ({"randint": [3, 9]}, 3, np.full(6, 1 / 6)),
        ({"choice": ["a", "b", "c"]}, 0, np.full(3, 1 / 3)),
        ({"pchoice": [[0.2, "a"], [0.5, "b"], [0.3, "c"]]}, 0, np.array([0.2, 0.5, 0.3])),
    ]:
        for size in SIZES:
            observed = rng.integers(0, len(p), size) + low
            weights = tpe.linear_forgetting_weights(size, tpe.DEFAULT_LF)
            counts = np.bincount(observed - low, weights=weights, minlength=len(p))
            shares = tpe.tpe_cat_pseudocounts(counts, PRIOR_WEIGHT, p, (1,))
            cases.append(
                {
                    "expression": expression,
                    "observed": observed.tolist(),
                    "values": (np.arange(len(p)) + low).tolist(),
                    "log": tpe.categorical_lpdf(np.arange(len(p)), shares).tolist(),
                }
            )
    return cases


def draw(rng, kind, args, size):
    if "uniform" in kind:
        drawn = rng.uniform(args[0], args[1], size)
    else:
        drawn = rng.normal(args[0], args[1], size)
    if "log" in kind:
        drawn = np.exp(drawn)
    return np.round(drawn / args[2]) * args[2] if kind.startswith("q") else drawn


def log_density(kind, args, observed, values):
    """As the ap_*_sampler of the kind builds it (hyperopt/tpe.py)."""
    bounded = "uniform" in kind
    logs = "log" in kind
    low, high = args[:2] if bounded else (None, None)
    q = args[2] if kind.startswith("q") else None
    prior = (0.5 * (low + high), high - low) if bounded else args[:2]
    inner = observed
    if logs:
        floor = max(tpe.EPS, np.exp(low)) if bounded else tpe.EPS
        inner = np.log(np.maximum(observed, floor) if q else observed)
    weights, mus, sigmas = tpe.adaptive_parzen_normal(inner, PRIOR_WEIGHT, *prior)
    return (tpe.LGMM1_lpdf if logs else tpe.GMM1_lpdf)(values, weights, mus, sigmas, low=low, high=high, q=q)


def main():
    rng = np.random.default_rng(20261128)
    answers = {
        "versions": {"hyperopt": hyperopt.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
        "parzen": parzen_cases(rng),
        "split": split_cases(rng),
        "density": density_cases(rng),
    }
    json.dump(answers, sys.stdout)
    print()


main()
