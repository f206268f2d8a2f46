"""Writes answers.json: what MLflow (see requirements.txt) makes of keys, metrics, filters and orders.

    python make.py > answers.json

A SQLite tracking store and a SQLite model registry are filled in a temporary folder, with ids drawn from a seed. Each
filter is asked of the store (`sqlite`) and of MLflow's own matcher over the same runs in memory (`memory`): runs are
named by their place in `runs`, in MLflow's order for orders; null where it refuses. NaN and infinities are texts.
"""

import json
import logging
import math
import os
import random
import sys
import tempfile
import uuid

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_TRUNCATE_LONG_VALUES"] = "false"
logging.disable(logging.CRITICAL)

import mlflow  # noqa: E402
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, RunStatus, ViewType  # noqa: E402
from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag  # noqa: E402
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as RegistryStore  # noqa: E402
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore  # noqa: E402
from mlflow.utils import validation  # noqa: E402
from mlflow.utils.search_utils import SearchUtils  # noqa: E402

from filters import FILTERS, MODEL_FILTERS, MODEL_ORDERS, ORDERS, VERSION_FILTERS, VERSION_ORDERS, damaged, drawn

DRAWS = random.Random(20261128)
START = 1_772_000_000_000


def seeded_uuid4():
    return uuid.UUID(int=DRAWS.getrandbits(128), version=4)


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


NAMES = ["quiet-fern", "Quiet-Fern", "early_moss", "plain reed", "größe", "retrain 1", "50% off", "a.b"]
USERS = ["ann", "Bob", "ann.b"]


def make_runs(store):
    experiment = store.create_experiment("one")
    ids = []
    for at in range(48):
        run = store.create_run(
            experiment_id=experiment,
            user_id=DRAWS.choice(USERS),
            start_time=START + 1000 * DRAWS.randrange(30),
            tags=[RunTag("team", DRAWS.choice(["red", "Red", "blue"]))] if at % 4 else [],
            run_name=DRAWS.choice(NAMES),
        )
        run_id = run.info.run_id
        metrics = []
        for key in ["loss", "acc", "val/loss", "val loss", "val.auc"]:
            if DRAWS.random() < 0.25:
                continue
            for step in range(DRAWS.randrange(1, 4)):
                value = round(DRAWS.uniform(-1, 1), 1)
                value = DRAWS.choice([value] * 12 + [math.nan, math.inf, -math.inf, 0.0])
                metrics.append(Metric(key, value, START + DRAWS.randrange(3), DRAWS.choice([step, step, -step])))
        params = [
            Param(key, DRAWS.choice(values))
            for key, values in [
                ("kind", ["tree", "Tree", "tree_2", "mlp"]),
                ("eta", ["0.1", "0.3", "1e-3"]),
                ("max depth", ["3", "10"]),
                ("note-1", ["it's", 'say "x"', "a\\b", "100%", "a.c", ""]),
            ]
            if DRAWS.random() < 0.8
        ]
        store.log_batch(run_id, metrics=metrics, params=params, tags=[])
        inputs = [
            DatasetInput(
                Dataset(name=DRAWS.choice(["iris", "heart", "Heart 2"]), digest=DRAWS.choice(["d1", "d2", "D3"]), source_type="local", source="{}"),
                [InputTag("mlflow.data.context", DRAWS.choice(["training", "eval"]))] if DRAWS.random() < 0.8 else [],
            )
            for _ in range(DRAWS.randrange(3))
        ]
        if inputs:
            store.log_inputs(run_id, inputs)
        status = DRAWS.choice([RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED, RunStatus.RUNNING])
        store.update_run_info(run_id, status, START + 100_000 + 1000 * DRAWS.randrange(5), None)
        ids.append((run_id, metrics))
    return experiment, ids


def as_json(run, metrics):
    return {
        "run_id": run.info.run_id,
        "run_name": run.info.run_name,
        "status": run.info.status,
        "start_time": run.info.start_time,
        "end_time": run.info.end_time,
        "user_id": run.info.user_id,
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {key: plain(value) for key, value in run.data.metrics.items()},
        "points": [[one.key, plain(one.value), one.timestamp, one.step] for one in metrics],
        "datasets": [
            {
                "name": one.dataset.name,
                "digest": one.dataset.digest,
                "contexts": [tag.value for tag in one.tags if tag.key == "mlflow.data.context"],
            }
            for one in run.inputs.dataset_inputs
        ],
    }


def refusing(work):
    """The answer, or the exception's first line."""
    try:
        return {"answer": work()}
    except Exception as error:  # MLflow refuses with its own, sqlparse's and Python's exceptions.
        return {"refused": str(error).split("\n")[0][:160] or type(error).__name__}


def runs_answers():
    with tempfile.TemporaryDirectory() as folder:
        store = SqlAlchemyStore(f"sqlite:///{folder}/mlflow.db", f"{folder}/artifacts")
        experiment, made = make_runs(store)
        runs = [store.get_run(run_id) for run_id, _ in made]
        place = {run.info.run_id: at for at, run in enumerate(runs)}

        def places(found):
            return [place[run.info.run_id] for run in found]

        def in_store(filter_string="", order_by=None):
            return places(store.search_runs([experiment], filter_string, ViewType.ALL, 1000, order_by))

        def parsed(text):
            return [[one["type"], one["key"], one["comparator"].upper(), one["value"]] for one in SearchUtils.parse_search_filter(text)]

        texts = list(dict.fromkeys([*FILTERS, *drawn(DRAWS, 300)]))
        texts += list(dict.fromkeys(damaged(DRAWS, texts, 700)))
        filters = [
            {
                "filter": text,
                "parsed": refusing(lambda: parsed(text)),
                "sqlite": refusing(lambda: sorted(in_store(text))),
                "memory": refusing(lambda: sorted(places(SearchUtils.filter(runs, text)))),
            }
            for text in dict.fromkeys(texts)
        ]
        orders = [
            {
                "order_by": order,
                "sqlite": refusing(lambda: in_store("", order)),
                "memory": refusing(lambda: places(SearchUtils.sort(runs, order))),
            }
            for order in ORDERS
        ]
        return {
            "runs": [as_json(run, metrics) for run, (_, metrics) in zip(runs, made)],
            "filters": filters,
            "orders": orders,
        }


def registry_answers():
    with tempfile.TemporaryDirectory() as folder:
        store = RegistryStore(f"sqlite:///{folder}/registry.db")
        models, versions = [], []
        for at, name in enumerate(["heart", "Heart", "sepsis risk", "b.model", "größe"]):
            tags = [RegisteredModelTag("team", ["red", "Red", "blue"][at % 3])] if at != 1 else []
            store.create_registered_model(name, tags=tags)
            models.append({"name": name, "tags": {tag.key: tag.value for tag in tags}})
            for number in range(1, 4):
                run_id = f"{at}{number}" * 16
                version_tags = [ModelVersionTag("kind", ["tree", "mlp"][number % 2])] if number != 2 else []
                store.create_model_version(name, f"models/{at}/{number}", run_id, tags=version_tags)
                versions.append(
                    {
                        "name": name,
                        "version": number,
                        "run_id": run_id,
                        "source": f"models/{at}/{number}",
                        "tags": {tag.key: tag.value for tag in version_tags},
                    }
                )

        def find_models(filter_string, order_by=None):
            return [one.name for one in store.search_registered_models(filter_string, 1000, order_by)]

        def find_versions(filter_string, order_by=None):
            return [[one.name, int(one.version)] for one in store.search_model_versions(filter_string, 1000, order_by)]

        return {
            "models": models,
            "versions": versions,
            "model_filters": [{"filter": text, **refusing(lambda: sorted(find_models(text)))} for text in MODEL_FILTERS],
            "model_orders": [{"order_by": order, **refusing(lambda: find_models("", order))} for order in MODEL_ORDERS],
            "version_filters": [{"filter": text, **refusing(lambda: sorted(find_versions(text)))} for text in VERSION_FILTERS],
            "version_orders": [{"order_by": order, **refusing(lambda: find_versions("", order))} for order in VERSION_ORDERS],
        }


KEYS = """a|Ab-5_|a/b/c|a.b.c|.a|b.|a..a/._./o_O/.e.|a b/c d|größe|a:b| |a |-|_||.|/|..|/.|..//|a//b|a/|./a|/a|a/../b|a/./b|/\\|a*|a"|a'|a,b|a;b|a=b|a(b)|a@b|a#b|a$b|a%b|a&b|a+b|a\\b|x?|<b>|日本|a\tb|a\u00a0b|ａ|٣|a\u0301|👍|..a|...""".split("|")
ALIASES = """champion|a|A-b_1|123|123v|v123_temp|lates|latestx|v|V|vv1|v1a|größe|日本|latest|Latest|LATEST|v1|V12|v007||a b|a.b|a/b|a:b|a*|-|_""".split("|")


def taken(check, *args):
    return "refused" not in refusing(lambda: check(*args))


def rules():
    long = ["k" * 250, "k" * 251, "ß" * 250, "👍" * 250]
    return {
        "keys": [
            {
                "key": key,
                "metric": taken(validation._validate_metric, key, 1.0, 0, 0),
                "param": taken(validation._validate_param, key, "1"),
                "tag": taken(validation._validate_tag, key, "1"),
            }
            for key in KEYS + long
        ],
        "aliases": [
            {
                "alias": alias,
                "set": taken(validation._validate_model_alias_name, alias)
                and taken(validation._validate_model_alias_name_reserved, alias),
            }
            for alias in ALIASES + ["a" * 255, "a" * 256, "a\u0301", "\u0663", "a\n", "\U0001f44d"]
        ],
    }


def main():
    uuid.uuid4 = seeded_uuid4
    answers = {"mlflow": mlflow.__version__, **rules(), **runs_answers(), **registry_answers()}
    json.dump(answers, sys.stdout, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
