"""One training of a native peer, in its own process: `native.py xgboost|lightgbm|sklearn ORDER`."""

import json
import os
import sys
import time

peer, order = sys.argv[1], json.loads(sys.argv[2])
threads, depth, trees = order["threads"], order["depth"], order["trees"]
os.environ["OMP_NUM_THREADS"] = str(threads)

import numpy as np  # noqa: E402  (the thread count must stand before OpenMP is loaded)


def say(message):
    print("@bench " + json.dumps(message), flush=True)


def part(name):
    """Rows by columns, row after row, as these libraries are usually given a table."""
    labels = np.fromfile(os.path.join(order["data"], name + ".labels"), "u1")
    columns = np.fromfile(os.path.join(order["data"], name + ".f32"), "<f4").reshape(-1, len(labels))
    return np.ascontiguousarray(columns.T), labels


def xgboost():
    import xgboost as xgb

    settings = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_depth": depth,
        "max_bin": 256,
        "eta": 0.1,
        "lambda": 1,
        "nthread": threads,
    }

    def train(values, labels):
        return xgb.train(settings, xgb.QuantileDMatrix(values, labels, max_bin=256, nthread=threads), trees)

    return xgb, train, lambda booster, values: booster.predict(xgb.DMatrix(values, nthread=threads))


def lightgbm():
    import lightgbm as lgb

    # It grows leaf by leaf: this many leaves and no more depth give the trees the others may grow.
    settings = {
        "objective": "binary",
        "max_depth": depth,
        "num_leaves": 2**depth,
        "max_bin": 255,
        "learning_rate": 0.1,
        "lambda_l2": 1,
        "min_data_in_leaf": 1,
        "min_sum_hessian_in_leaf": 1,
        "num_threads": threads,
        "verbosity": -1,
    }

    def train(values, labels):
        table = lgb.Dataset(values, labels, params=settings)
        return lgb.train(settings, table.construct(), trees)

    return lgb, train, lambda booster, values: booster.predict(values)


def sklearn():
    import sklearn
    from sklearn.ensemble import HistGradientBoostingClassifier

    def train(values, labels):
        model = HistGradientBoostingClassifier(
            max_iter=trees,
            max_depth=depth,
            max_leaf_nodes=2**depth,
            max_bins=255,
            learning_rate=0.1,
            l2_regularization=1.0,
            min_samples_leaf=1,
            early_stopping=False,
        )
        return model.fit(values, labels)

    return sklearn, train, lambda model, values: model.predict_proba(values)[:, 1]


names = {"xgboost": "XGBoost", "lightgbm": "LightGBM", "sklearn": "scikit-learn"}
package, train, predict = {"xgboost": xgboost, "lightgbm": lightgbm, "sklearn": sklearn}[peer]()
values, labels = part("train")
say({"loaded": os.getpid()})
sys.stdin.readline()
started = time.perf_counter()
model = train(values, labels)
seconds = time.perf_counter() - started
say({"done": True})
np.asarray(predict(model, part("test")[0]), "<f4").tofile(order["predictions"])
versions = {"Python": sys.version.split()[0], names[peer]: package.__version__, "NumPy": np.__version__}
say({"trained": {"seconds": seconds, "trees": trees, "threads": threads, "versions": versions}})
