"""Holds what a workspace gives MLflow to the real MLflow: model folders load, predict and serve; the store folder becomes a
database with everything in it, by its own migration and by the script that comes with it.

Run: python check.py FOLDER. FOLDER holds heart/ and cleveland/, as `glasshouse run --out` wrote them, and workspace.zip with
both models. Files go to FOLDER/mlflow. Prints one PASS or FAIL line a check; exits 1 when one failed.
"""

import base64
import csv
import hashlib
import json
import math
import os
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow import MlflowClient  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
MODELS = {"heart": "heart_disease", "cleveland": "heart_cleveland"}
TOLERANCE = 1e-6
# Keys that cannot be files beside each other, values that are no plain numbers, points out of order and twice.
PARAMS = {"a": "1", "a/b": "two", "A": "three", "x:y": "four", "empty": "", "text": "ü 日本 'quoted' \"double\" # no comment", "lines": "one\ntwo"}
POINTS = [("odd", float("nan"), 1, -3), ("odd", float("inf"), 2, 5), ("odd", 0.1, 3, 5), ("odd", 1e-300, 4, 0), ("m/a", 1.5, 5, 0), ("m", 2.5, 5, 0)]
failed = False


def report(name, why):
    global failed
    failed = failed or why is not None
    print(f"PASS {name}" if why is None else f"FAIL {name}: {why}", flush=True)


def run(*words, cwd=ROOT):
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        raise RuntimeError(f"{words[:3]} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-800:]}")
    return done.stdout


def glasshouse(*line):
    return json.loads(run("node", "scripts/glasshouse.mjs", *line, "--json", "--quiet"))


def within(ours, theirs):
    ours, theirs = np.asarray(ours, dtype=np.float64).reshape(-1), np.asarray(theirs, dtype=np.float64).reshape(-1)
    if ours.shape != theirs.shape:
        return f"shapes {ours.shape} and {theirs.shape}"
    apart = float(np.max(np.abs(ours - theirs)))
    return None if apart <= TOLERANCE else f"largest difference {apart:.3g}, tolerance {TOLERANCE:g}"


def holdout(folder, features):
    """Feature columns and our probabilities."""
    with open(folder / "holdout.csv", newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    number = lambda cell: float(cell) if cell != "" else math.nan
    frame = pd.DataFrame({name: [number(row[name]) for row in rows] for name in features})
    return frame, [number(row["probability"]) for row in rows]


def check_model(made, where, name):
    """A model folder: pyfunc's prediction is ours, whatever the order of columns and with more of them; examples predict."""
    folder = where / f"model-{name}"
    glasshouse("export", "--workspace", made / "workspace.zip", "--model", f"{MODELS[name]}@champion", "--format", "mlflow", "--out", folder)
    model = mlflow.pyfunc.load_model(str(folder))
    features = model.metadata.get_input_schema().input_names()
    booster = model.get_raw_model()
    report(f"{name}: signature in the booster's order", None if features == booster.feature_names else f"{features}")
    frame, ours = holdout(made / name, features)
    report(f"{name}: pyfunc predicts our {len(ours)} probabilities", within(ours, model.predict(frame)))
    shuffled = frame[features[::-1]].assign(more="text")
    report(f"{name}: columns in another order, and more of them", within(ours, model.predict(shuffled)))
    example = model.input_example
    report(f"{name}: the input example predicts", None if example is not None and len(model.predict(example)) == len(example) else "it does not")
    report(f"{name}: metadata", None if model.metadata.metadata["glasshouse.model"] == MODELS[name] else str(model.metadata.metadata))
    return folder, model


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def check_serving(folder, model):
    """`mlflow models serve` answers the serving example as the model does here."""
    port = free_port()
    command = ["mlflow", "models", "serve", "-m", str(folder), "--port", str(port), "--env-manager", "local"]
    body = (folder / "serving_input_example.json").read_bytes()
    ask = urllib.request.Request(f"http://127.0.0.1:{port}/invocations", body, {"content-type": "application/json"})
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(ask, timeout=20) as answer:
                    predictions = json.load(answer)["predictions"]
                break
            except OSError:
                if time.monotonic() > until or server.poll() is not None:
                    raise
                time.sleep(0.3)
        report("mlflow models serve answers the same", within(model.predict(model.input_example), predictions))
    finally:
        if server.poll() is None:
            os.killpg(server.pid, 15)
        server.wait()


def records(bundle):
    with zipfile.ZipFile(bundle) as archive:
        names = [name for name in archive.namelist() if name.startswith("records/")]
        return {Path(name).stem: [json.loads(line) for line in archive.read(name).decode().splitlines()] for name in names}


def array(value):
    """A typed array as our bundle writes it."""
    kinds = {"Float64Array": "<f8", "Float32Array": "<f4", "Int32Array": "<i4"}
    return np.frombuffer(base64.b64decode(value["v"]), kinds[value["$"]]).tolist()


def points_of(tables, run_id):
    """As (key, timestamp, step, value), from points or from columns of them."""
    singles = [row for row in tables.get("metric_points", []) if row["run_id"] == run_id]
    columns = [row for row in tables.get("metric_histories", []) if row["run_id"] == run_id]
    return [(p["key"], p["timestamp"], p["step"], plain(p["value"])) for p in singles] + [
        (row["key"], int(at), int(step), value)
        for row in columns
        for at, step, value in zip(array(row["timestamps"]), array(row["steps"]), array(row["values"]))
    ]


def odd_points(files, run_id):
    """The points that are added, in the form that the bundle has."""
    marked = lambda value: value if math.isfinite(value) else {"$": "number", "v": "NaN" if math.isnan(value) else "Infinity"}
    if "records/metric_points.jsonl" in files:
        rows = [
            {"run_id": run_id, "key": key, "value": marked(value), "timestamp": at, "step": step, "sequence": 100_000 + i}
            for i, (key, value, at, step) in enumerate(POINTS)
        ]
        return "records/metric_points.jsonl", rows
    column = lambda values: {"$": "Float64Array", "v": base64.b64encode(np.array(values, "<f8").tobytes()).decode()}
    rows = []
    for name in dict.fromkeys(key for key, *_ in POINTS):
        own = [point[1:] for point in POINTS if point[0] == name]
        values, times, steps = zip(*own)
        rows.append({"run_id": run_id, "key": name, "values": column(values), "timestamps": column(times), "steps": column(steps)})
    return "records/metric_histories.jsonl", rows


def plain(value):
    """A number as our bundle marks those that JSON has no word for."""
    return float(value["v"]) if isinstance(value, dict) else float(value)


def with_odd_run(bundle, to):
    """The bundle with more in its first run; files and records are otherwise the same, with the manifest to match."""
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    lines = files["records/runs.jsonl"].decode().splitlines()
    first = json.loads(lines[0])
    first["params"].update(PARAMS)
    first["metrics"].update({key: 0 for key, *_ in POINTS})
    first["tags"].update({"Odd": "x", "odd": "y", "mlflow.note.content": "a note\nof two lines"})
    files["records/runs.jsonl"] = "\n".join([json.dumps(first), *lines[1:], ""]).encode()
    name, rows = odd_points(files, first["run_id"])
    files[name] += "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    manifest = json.loads(files["manifest.json"])
    for entry in manifest["entries"]:
        content = files[entry["path"]]
        entry.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    files["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def histories(points):
    """By key, every point as (timestamp, step, value), in order; a database holds equal ones once and clamps infinity."""
    found = {}
    for key, at, step, value in points:
        clamped = 1.7976931348623157e308 if math.isinf(value) else value
        found.setdefault(key, set()).add((at, step, "nan" if math.isnan(value) else clamped))
    return {key: sorted(each, key=str) for key, each in found.items()}


def differing(what, ours, theirs):
    keys = [key for key in ours if theirs.get(key) != ours[key]]
    return [f"{what} {key}: {ours[key]!r} for {theirs.get(key)!r}"[:300] for key in keys]


def run_faults(client, ours, theirs):
    """What differs between a run of the bundle and one of a database."""
    run, points, artifacts = ours
    info, data = theirs.info, theirs.data
    faults = []
    for field, value in (("run_name", run["run_name"]), ("status", run["status"]), ("start_time", run["start_time"]), ("end_time", run["end_time"])):
        if getattr(info, field) != value:
            faults.append(f"{field} {getattr(info, field)} for {value}")
    faults += differing("param", run["params"], data.params)
    faults += differing("tag", {key: text for key, text in run["tags"].items() if key != "glasshouse.chosen_run"}, data.tags)
    mine = histories(points)
    yours = histories((m.key, m.timestamp, m.step, m.value) for key in data.metrics for m in client.get_metric_history(info.run_id, key))
    faults += differing("history", mine, yours) + [f"metric {key} is not ours" for key in set(yours) - set(mine) - {"m_a_2"}]
    dataset = theirs.inputs.dataset_inputs[0].dataset
    if (dataset.name, dataset.digest) != (run["dataset"]["name"], run["dataset"]["digest"][:36]):
        faults.append(f"data set {dataset}")
    there = {file.path for file in client.list_artifacts(info.run_id)}
    return faults + [f"artifact {path} is missing" for path in artifacts if path not in there]


def check_store(name, tracking_uri, tables, id_of, missing=()):
    """A database holds the runs, versions and aliases of a bundle."""
    client = MlflowClient(tracking_uri=tracking_uri, registry_uri=tracking_uri)
    experiments = {one.name: one.experiment_id for one in client.search_experiments()}
    wanted = {one["name"] for one in tables["experiments"]}
    report(f"{name}: experiments", None if wanted <= set(experiments) else f"{sorted(experiments)}")
    faults, count = [], 0
    for run in tables["runs"]:
        artifacts = [row["path"] for row in tables["artifacts"] if row["run_id"] == run["run_id"]]
        points = [point for point in points_of(tables, run["run_id"]) if point[0] not in missing]
        count += len(points)
        ours = (run, points, artifacts)
        faults += run_faults(client, ours, client.get_run(id_of(client, run["run_id"])))
    what = f"{len(tables['runs'])} runs with params, tags, {count} points, data sets and artifacts"
    report(f"{name}: {what}", "; ".join(faults[:4]) if faults else None)
    check_versions(name, client, tables, id_of)
    mlflow.set_tracking_uri(tracking_uri)
    mlflow.set_registry_uri(tracking_uri)
    model = mlflow.pyfunc.load_model("models:/heart_disease@champion")
    report(f"{name}: models:/heart_disease@champion predicts", None if len(model.predict(model.input_example)) > 0 else "nothing")


def check_versions(name, client, tables, id_of):
    faults = []
    for model in tables["registered_models"]:
        ours = {row["version"]: row for row in tables["model_versions"] if row["name"] == model["name"]}
        theirs = {int(one.version): one for one in client.search_model_versions(f"name = '{model['name']}'")}
        if set(ours) != set(theirs):
            faults.append(f"{model['name']} has versions {sorted(theirs)} for {sorted(ours)}")
            continue
        for number, version in ours.items():
            faults += differing(f"{model['name']} {number} tag", version["tags"], theirs[number].tags)
            if theirs[number].run_id != id_of(client, version["run_id"]):
                faults.append(f"{model['name']} {number} is of run {theirs[number].run_id}")
        aliases = {alias: int(number) for alias, number in client.get_registered_model(model["name"]).aliases.items()}
        if aliases != model["aliases"]:
            faults.append(f"aliases {aliases} for {model['aliases']}")
    report(f"{name}: versions, their tags and runs, and aliases", "; ".join(faults[:4]) if faults else None)


def imported_id(client, old):
    ids = [one.experiment_id for one in client.search_experiments()]
    [found] = client.search_runs(ids, f"tags.`glasshouse.run_id` = '{old}'")
    return found.info.run_id


def check_stores(made, where):
    bundle = where / "odd.zip"
    with_odd_run(made / "workspace.zip", bundle)
    tables = records(bundle)
    store = where / "store"
    glasshouse("export", "--workspace", bundle, "--format", "mlflow-store", "--out", store)
    os.chdir(store)
    run("mlflow", "migrate-filestore", "--source", "mlruns", "--target", "sqlite:///migrated.db", cwd=store)
    migrated = {**tables, "runs": [without_renamed(one) for one in tables["runs"]]}
    check_store("migrate-filestore", "sqlite:///migrated.db", migrated, lambda _client, old: old, missing=("m/a",))
    uri = "sqlite:///imported.db"
    run(sys.executable, "import_run.py", "--tracking-uri", uri, cwd=store)
    check_store("import_run.py", uri, tables, imported_id)
    again = subprocess.run([sys.executable, "import_run.py", "--tracking-uri", uri], cwd=store, capture_output=True, text=True)
    told = "0 runs imported" in again.stdout and "left out" in again.stdout and again.returncode == 1
    report("import_run.py again leaves what is there", None if told else again.stdout[-300:] + again.stderr[-300:])


def without_renamed(one):
    """Keys that stand under another name in the folder come back by import_run.py alone; README says so."""
    renamed = {"params": {"a", "a/b", "A", "x:y"}, "tags": {"Odd", "odd"}}
    return {**one, **{kind: {k: v for k, v in one[kind].items() if k not in keys} for kind, keys in renamed.items()}}


def main():
    made = Path(sys.argv[1]).resolve()
    where = made / "mlflow"
    where.mkdir(parents=True, exist_ok=True)
    print(f"mlflow {mlflow.__version__}")

    def models():
        for name in MODELS:
            folder, model = check_model(made, where, name)
        check_serving(folder, model)

    for check in (models, lambda: check_stores(made, where)):
        try:
            check()
        except Exception as error:  # noqa: BLE001 - one line a check, whatever went wrong in it
            report("a check", f"{type(error).__name__}: {str(error)[:800]}")
    sys.exit(1 if failed else 0)


main()
