"""Pass marks of Hyperopt's TPE on its own test domains, over seeds: one JSON object {domain: [least loss by seed]}.

    python hyperopt_marks.py SEEDS

The domains are those of hyperopt 0.3.0, tests/unit/test_domains.py; noise is drawn from the seed and the trial's number.
"""

import json
import logging
import sys
from functools import partial

import hyperopt
import numpy as np
from hyperopt import fmin, hp, tpe

logging.disable(logging.CRITICAL)


def noise(seed, number):
    return np.random.default_rng([seed, number]).normal()


def branin(p, _):
    x, y = p["x"], p["y"]
    return (
        (y - (5.1 / (4 * np.pi**2)) * x**2 + 5 * x / np.pi - 6) ** 2
        + 10 * (1 - 1 / (8 * np.pi)) * np.cos(x)
        + 10
    )


def gauss_wave(p, _):
    t = p["x"] + p["curve"] * np.pi
    return -(np.sin(t) + 2 * np.exp(-((t / 5) ** 2)))


def gauss_wave2(p, draw):
    t = 0.1 * draw() + 2 * np.exp(-((p["x"] / 5) ** 2))
    return -(t if p["hf"] == 0 else t + np.sin(p["x"]) * p["hf"]["amp"])


def many(p, _):
    return float(np.log(1e-12 + sum(p.values()) ** 2))


DOMAINS = {
    "quadratic1": (
        {"x": hp.uniform("x", -5, 5)},
        lambda p, _: (p["x"] - 3) ** 2,
        1000,
        {"n_EI_candidates": 5},
    ),
    "q1_lognormal": ({"x": hp.lognormal("x", 0, 2)}, lambda p, _: min(0.1 * (p["x"] - 10) ** 2, 10), 250, {}),
    "distractor": (
        {"x": hp.uniform("x", -15, 15)},
        lambda p, _: -1 / (1 + np.exp(-p["x"])) - 2 * np.exp(-((p["x"] + 10) ** 2)),
        100,
        {"gamma": 0.05, "prior_weight": 0.01, "n_EI_candidates": 15},
    ),
    "gauss_wave": ({"x": hp.uniform("x", -20, 20), "curve": hp.choice("curve", [0, 1])}, gauss_wave, 50, {}),
    "gauss_wave2": (
        {"x": hp.uniform("x", -20, 20), "hf": hp.choice("hf", [0, {"amp": hp.uniform("amp", 0, 1)}])},
        gauss_wave2,
        75,
        {},
    ),
    "n_arms": ({"x": hp.choice("x", [0, 1])}, lambda p, draw: (-1 if p["x"] == 0 else 0) + draw(), 50, {}),
    "many_dists": (
        {
            "a": hp.choice("a", [0, 1, 2]),
            "b": hp.randint("b", 10),
            "bb": hp.randint("bb", 12, 25),
            "c": hp.uniform("c", 4, 7),
            "d": hp.loguniform("d", -2, 0),
            "e": hp.quniform("e", 0, 10, 3),
            "f": hp.qloguniform("f", 0, 3, 2),
            "g": hp.normal("g", 4, 7),
            "h": hp.lognormal("h", -2, 2),
            "i": hp.qnormal("i", 0, 10, 2),
            "j": hp.qlognormal("j", 0, 2, 1),
            "k": hp.pchoice("k", [(0.1, 0), (0.9, 1)]),
        },
        many,
        200,
        {},
    ),
    "branin": ({"x": hp.uniform("x", -5, 10), "y": hp.uniform("y", 0, 15)}, branin, 200, {}),
}


def least(name, seed):
    space, loss, count, settings = DOMAINS[name]
    state = {"number": 0}

    def objective(params):
        state["number"] += 1
        return float(loss(params, lambda: noise(seed, state["number"])))

    trials = hyperopt.Trials()
    fmin(
        objective,
        space,
        algo=partial(tpe.suggest, verbose=False, **settings),
        max_evals=count,
        trials=trials,
        rstate=np.random.default_rng(seed),
        show_progressbar=False,
        verbose=False,
    )
    return min(trials.losses())


def main():
    seeds = int(sys.argv[1])
    answers = {}
    for name in DOMAINS:
        print(name, file=sys.stderr)
        answers[name] = [least(name, seed) for seed in range(seeds)]
    print(json.dumps({"version": f"hyperopt {hyperopt.__version__}", "least": answers}))


main()
