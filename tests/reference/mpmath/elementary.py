"""Writes elementary.json: exp, log, log1p and pow at chosen points, correctly rounded to double.

Run from the repository root: python tests/reference/mpmath/elementary.py
Needs mpmath (see requirements.txt beside this file).
"""

import json
import random
from pathlib import Path

import mpmath

mpmath.mp.prec = 300
random.seed(20261123)


def rounded(value):
    """The nearest double; mpmath rounds to nearest even, subnormals included."""
    return float(value)


def rows(function, inputs):
    return [[x, rounded(function(mpmath.mpf(x)))] for x in inputs]


exp_inputs = [0.0, 1.0, -1.0, 0.5, 1e-17, -1e-17, 0.34657359027997264, 0.34657359027997275, 709.78, 700.5, -700.5, -708.3, -708.5, -720.0, -740.0]
exp_inputs += [random.uniform(-30, 30) for _ in range(150)] + [random.uniform(-700, 700) for _ in range(100)]
exp_inputs += [random.uniform(-1, 1) * 2.0 ** random.randint(-40, 0) for _ in range(50)]

log_inputs = [1.0, 2.0, 0.5, 10.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.9999999999999999, 1.0000000000000002, 1.4142135623730951, 1.4142135623730954, 0.7071067811865475]
log_inputs += [random.uniform(0, 2) for _ in range(150)] + [2.0 ** random.uniform(-1000, 1000) for _ in range(100)]
log_inputs += [1 + random.uniform(-1, 1) * 2.0 ** random.randint(-40, -1) for _ in range(60)]

log1p_inputs = [0.0, 1e-20, -1e-20, 1e-8, -1e-8, 1.0, -0.5, -0.999999, 1e10]
log1p_inputs += [random.uniform(-1, 1) * 2.0 ** random.randint(-50, 0) for _ in range(100)]

pow_inputs = [(2.0, 10.0), (10.0, -3.0), (0.5, 0.5), (1e-300, 0.01), (1e300, 0.01), (3.0, 0.0)]
pow_inputs += [(random.uniform(0.01, 50), random.uniform(-5, 5)) for _ in range(100)]

out = {
    "made_with": f"mpmath {mpmath.__version__}, 300 bits",
    "exp": rows(mpmath.exp, exp_inputs),
    "log": rows(mpmath.log, log_inputs),
    "log1p": rows(mpmath.log1p, log1p_inputs),
    "pow": [[base, power, rounded(mpmath.power(mpmath.mpf(base), mpmath.mpf(power)))] for base, power in pow_inputs],
    "normal_cdf": rows(mpmath.ncdf, [-37.0, -20.0, -8.0, -5.5, -3.0, -2.5, -2.4999, -1.0, -0.1, 0.0, 1e-9, 0.1, 0.7, 1.0, 1.96, 2.4, 2.5, 3.0, 5.0, 8.0] + [random.uniform(-8, 8) for _ in range(80)]),
    "normal_quantile": rows(lambda p: mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1), [0.5, 0.025, 0.975, 0.001, 0.999, 0.075, 0.0750001, 1e-8, 1e-11, 0.6, 0.9, 0.99999] + [random.uniform(0, 1) for _ in range(60)]),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=None, separators=(",", ":")).replace("],[", "],\n[") + "\n")
