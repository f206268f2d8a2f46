"""Writes answers.json: what MLflow's model registry (see requirements.txt) makes of names and of sequences of steps.

    python make.py > answers.json

`aliases`, `tags`: whether each text may be set. `sequences`: steps drawn from a seed and done on a SQLite registry in a
temporary folder, each with whether it was done (`ok`), what it answered (`version`) and what the registry held after
the last (`state`).
"""

import json
import logging
import os
import random
import sys
import tempfile

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_TRUNCATE_LONG_VALUES"] = "false"
logging.disable(logging.CRITICAL)

from mlflow.entities.model_registry import ModelVersionTag  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore  # noqa: E402
from mlflow.utils import validation  # noqa: E402

MODELS = ["m", "n"]
ALIASES = ["a", "b", "champion", "latest", "LATEST", "v1", "V12", "x y", ""]
NAMES = [
    "champion", "a", "123", "123v", "v123_temp", "lates", "latest", "Latest", "LATEST", "v1", "V12", "v", "v1a", "vv1",
    "a-b", "a_b", "a b", "a/b", "a.b", "a:b", "a@b", "-", "_", "", " ", "Größe", "日本", "é", "x" * 255, "x" * 256,
    "😀", "½", "²", "a\tb",
]
KEYS = ["a", "a/b", "a//b", "./a", "a/", "/a", "..", "../a", ".a", "a..a/._./o_O/.e.", "a b", "a:b", "a-b", "a*b", "",
        "Größe", "x" * 250, "x" * 251, "<b>", "a=b", "__proto__"]


def accepted(check, *args):
    try:
        check(*args)
        return True
    except MlflowException:
        return False


def state_of(store):
    found = {}
    for model in store.search_registered_models(max_results=100):
        versions = store.search_model_versions(f"name = '{model.name}'", max_results=100)
        found[model.name] = {
            "aliases": {alias: int(version) for alias, version in sorted(model.aliases.items())},
            "versions": [
                {
                    "version": int(one.version),
                    "run_id": one.run_id,
                    "source": one.source,
                    "description": one.description or "",
                    "tags": dict(sorted(one.tags.items())),
                }
                for one in sorted(versions, key=lambda one: -int(one.version))
            ],
        }
    return found


def draw_step(rng, number):
    name, version = rng.choice(MODELS), rng.randint(1, 5)
    kind = rng.choice(
        ["create"] * 4 + ["delete"] * 3 + ["set_alias"] * 5 + ["delete_alias", "copy", "set_tag", "delete_tag", "describe"]
        + ["get_alias"] * 3
    )
    step = {"kind": kind, "name": name}
    if kind == "create":
        return {**step, "run_id": f"{number:032x}"}
    if kind not in ("delete_alias", "get_alias"):
        step["version"] = version
    if kind in ("set_alias", "delete_alias", "get_alias"):
        step["alias"] = rng.choice(ALIASES[:5] if kind != "set_alias" else ALIASES)
    if kind == "copy":
        step["to"] = "n" if name == "m" else "copies"
    if kind in ("set_tag", "delete_tag"):
        step["key"] = rng.choice(["team", "note"])
    if kind == "set_tag":
        step["value"] = str(number)
    if kind == "describe":
        step["description"] = f"no. {number}"
    return step


def do(store, step):
    name, kind = step["name"], step["kind"]
    version = str(step.get("version"))
    if kind == "create":
        made = store.create_model_version(name, f"runs:/{step['run_id']}/model.json", step["run_id"])
        return int(made.version)
    if kind == "delete":
        store.delete_model_version(name, version)
    elif kind == "set_alias":
        # As MLflow's REST handlers and client do before they ask the store.
        validation._validate_model_alias_name(step["alias"])
        validation._validate_model_alias_name_reserved(step["alias"])
        store.set_registered_model_alias(name, step["alias"], version)
    elif kind == "delete_alias":
        store.delete_registered_model_alias(name, step["alias"])
    elif kind == "get_alias":
        return int(store.get_model_version_by_alias(name, step["alias"]).version)
    elif kind == "copy":
        made = store.copy_model_version(store.get_model_version(name, version), step["to"])
        return int(made.version)
    elif kind == "set_tag":
        store.set_model_version_tag(name, version, ModelVersionTag(step["key"], step["value"]))
    elif kind == "delete_tag":
        store.delete_model_version_tag(name, version, step["key"])
    elif kind == "describe":
        store.update_model_version(name, version, step["description"])
    return None


def sequence(seed, folder):
    rng = random.Random(seed)
    store = SqlAlchemyStore(f"sqlite:///{folder}/{seed}.db")
    for model in MODELS:
        store.create_registered_model(model)
        # Our registered models begin with their first version.
        store.create_model_version(model, f"runs:/{'f' * 32}/model.json", "f" * 32)
    steps = []
    for number in range(30):
        step = draw_step(rng, number)
        try:
            steps.append({**step, "ok": True, "answer": do(store, step)})
        except MlflowException:
            steps.append({**step, "ok": False, "answer": None})
    return {"seed": seed, "steps": steps, "state": state_of(store)}


def main():
    with tempfile.TemporaryDirectory() as folder:
        answers = {
            "aliases": {
                name: accepted(validation._validate_model_alias_name, name)
                and accepted(validation._validate_model_alias_name_reserved, name)
                for name in NAMES
            },
            "tags": {key: accepted(validation._validate_model_version_tag, key, "x") for key in KEYS},
            "sequences": [sequence(seed, folder) for seed in range(25)],
        }
    json.dump(answers, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


main()
