"""Imports the runs, models, versions and aliases of this folder into an MLflow server or database.

    python import_run.py --tracking-uri sqlite:///mlflow.db
    python import_run.py --tracking-uri "$MLFLOW_TRACKING_URI" --prefix glasshouse-

Needs mlflow and nothing else, and uses its public client alone. Runs get new ids; the tag glasshouse.run_id has the old
one, and a run that is there under it is left as it is. Version numbers and aliases stay; a model whose name is taken is
left out and told.
"""

import argparse
import json
import sys
from pathlib import Path

import yaml
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

HERE = Path(__file__).resolve().parent
STATUS = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
OLD_ID = "glasshouse.run_id"
DATABASES = ("sqlite", "postgresql", "mysql", "mssql")
OTHER_RUNS = ("mlflow.parentRunId", "glasshouse.chosen_run")
BATCH = {"metrics": 1000, "params": 100, "tags": 100}


def meta(folder):
    return yaml.safe_load((folder / "meta.yaml").read_text(encoding="utf-8"))


def folders(parent):
    """Folders with a meta.yaml."""
    return sorted(child for child in parent.iterdir() if (child / "meta.yaml").exists()) if parent.is_dir() else []


def texts(folder, renamed=None):
    """A file's text by its key, which is its path, unless it stands under another name."""
    if not folder.is_dir():
        return {}
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8") for path in files}
    return {(renamed or {}).get(name, name): text for name, text in found.items()}


def points(folder, renamed):
    for key, text in texts(folder, renamed).items():
        for line in text.splitlines():
            timestamp, value, step = line.split(" ")
            yield Metric(key, float(value), int(timestamp), int(step))


def batches(items, size):
    items = list(items)
    return [items[start : start + size] for start in range(0, len(items), size)]


class Importer:
    def __init__(self, client, artifacts, prefix, renamed):
        self.client, self.artifacts, self.prefix, self.renamed = client, artifacts, prefix, renamed
        self.new_ids = {}

    def experiment_id(self, name):
        known = self.client.get_experiment_by_name(name)
        return known.experiment_id if known else self.client.create_experiment(name, self.artifacts)

    def imported_before(self, experiment_id):
        """New run ids by the old ones."""
        found, token = {}, None
        while True:
            page = self.client.search_runs([experiment_id], f"tags.`{OLD_ID}` LIKE '%'", run_view_type=3, page_token=token)
            found.update({run.data.tags[OLD_ID]: run.info.run_id for run in page})
            token = page.token
            if not token:
                return found

    def experiment(self, folder):
        name = self.prefix + meta(folder)["name"]
        experiment_id = self.experiment_id(name)
        before = self.imported_before(experiment_id)
        runs = [child for child in folders(folder) if "run_id" in meta(child)]
        fresh = [run for run in runs if run.name not in before]
        self.new_ids.update({run.name: before[run.name] for run in runs if run.name in before})
        for run in fresh:
            self.run(run, folder, experiment_id)
        for run in fresh:
            self.finish(run)
        print(f"experiment {name}: {len(fresh)} runs imported, {len(runs) - len(fresh)} there already", flush=True)

    def run(self, folder, experiment, experiment_id):
        about = meta(folder)
        names = self.renamed.get(folder.name, {})
        tags = texts(folder / "tags", names.get("tags"))
        tags[OLD_ID] = folder.name
        first = {key: tags.pop(key) for key in list(tags) if key.startswith("mlflow.") or key == OLD_ID}
        run = self.client.create_run(experiment_id, start_time=about["start_time"], tags=first, run_name=about["run_name"])
        self.new_ids[folder.name] = run.info.run_id
        entities = {
            "metrics": points(folder / "metrics", names.get("metrics")),
            "params": [Param(*item) for item in texts(folder / "params", names.get("params")).items()],
            "tags": [RunTag(*item) for item in tags.items()],
        }
        for kind, items in entities.items():
            for batch in batches(items, BATCH[kind]):
                self.client.log_batch(run.info.run_id, **{kind: batch})
        inputs = [self.input(child, experiment) for child in folders(folder / "inputs")]
        if inputs:
            self.client.log_inputs(run.info.run_id, inputs)
        if (folder / "artifacts").is_dir():
            self.client.log_artifacts(run.info.run_id, str(folder / "artifacts"))

    def input(self, folder, experiment):
        about = meta(folder)
        dataset = meta(experiment / "datasets" / about["source_id"])
        return DatasetInput(Dataset(**dataset), [InputTag(*item) for item in about["tags"].items()])

    def finish(self, folder):
        """Once all runs have their ids: what names another run, and how it ended."""
        run_id, about = self.new_ids[folder.name], meta(folder)
        tags = texts(folder / "tags", self.renamed.get(folder.name, {}).get("tags"))
        for key in OTHER_RUNS:
            if tags.get(key) in self.new_ids:
                self.client.set_tag(run_id, key, self.new_ids[tags[key]])
        if STATUS[about["status"]] not in ("RUNNING", "SCHEDULED"):
            self.client.set_terminated(run_id, STATUS[about["status"]], about["end_time"])
        if about["lifecycle_stage"] == "deleted":
            self.client.delete_run(run_id)

    def model(self, folder):
        about = meta(folder)
        name = self.prefix + about["name"]
        if self.client.search_registered_models(f"name = '{name}'"):
            print(f"model {name}: left out, there is one of this name; give --prefix to import it under another")
            return False
        self.client.create_registered_model(name, texts(folder / "tags"), about["description"])
        versions = {meta(child)["version"]: child for child in folders(folder)}
        for number in range(1, max(versions, default=0) + 1):
            self.version(name, number, versions.get(number))
        for alias, number in texts(folder / "aliases").items():
            self.client.set_registered_model_alias(name, alias, number)
        print(f"model {name}: {len(versions)} versions", flush=True)
        return True

    def version(self, name, number, folder):
        """Numbers without a version are given and taken back, so that those after them are what they were."""
        about = meta(folder) if folder else {"run_id": "", "description": "", "source": "", "current_stage": "Deleted_Internal"}
        run_id = self.new_ids.get(about["run_id"])
        uri = self.client.get_run(run_id).info.artifact_uri if run_id else str(HERE)
        source = f"{uri}/model" if about["source"].endswith("/model") else uri
        tags = texts(folder / "tags") if folder else {}
        made = self.client.create_model_version(name, source, run_id, tags=tags, description=about["description"])
        if int(made.version) != number:
            raise RuntimeError(f"{name}: version {made.version} was given where {number} was expected")
        if about["current_stage"] == "Deleted_Internal":
            self.client.delete_model_version(name, str(number))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracking-uri", required=True, help="of a server, or for example sqlite:///mlflow.db")
    parser.add_argument("--prefix", default="", help="goes before the names of experiments and models")
    asked = parser.parse_args()
    store, names = HERE / "mlruns", HERE / "renamed-keys.json"
    renamed = json.loads(names.read_text(encoding="utf-8")) if names.exists() else {}
    client = MlflowClient(tracking_uri=asked.tracking_uri, registry_uri=asked.tracking_uri)
    # A server says where artifacts go; beside a database they must not get in among those of this folder.
    is_database = asked.tracking_uri.split(":")[0].split("+")[0] in DATABASES
    artifacts = (Path.cwd() / "mlartifacts").as_uri() if is_database else None
    importer = Importer(client, artifacts, asked.prefix, renamed)
    for folder in folders(store):
        if "experiment_id" in meta(folder):
            importer.experiment(folder)
    return 0 if all([importer.model(folder) for folder in folders(store / "models")]) else 1


sys.exit(main())
