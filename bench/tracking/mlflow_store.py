"""Fills the real MLflow's SQLite store and asks it the benchmark's questions; prints a line of JSON a result.

Run: python mlflow_store.py FOLDER QUESTIONS search|open RUNS. Runs are put in by one bulk insert, which is not timed.
"""

import json
import logging
import os
import random
import shutil
import sys
import time
from pathlib import Path

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
logging.disable(logging.CRITICAL)

import mlflow  # noqa: E402
from mlflow.entities import Metric, Param, RunStatus, ViewType  # noqa: E402
from mlflow.store.tracking.dbmodels.models import SqlLatestMetric, SqlMetric, SqlParam, SqlRun, SqlTag  # noqa: E402
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore  # noqa: E402

FOLDER, QUESTIONS = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
WHAT, RUNS = sys.argv[3], int(sys.argv[4])
TIMES = {"search": 30, "all": 12, "log": 12, "open": 12}


def fill(store, experiment):
    draws = random.Random(1)
    runs, metrics, latest, params, tags = [], [], [], [], []
    for at in range(RUNS):
        run_id = f"{at:032x}"
        runs.append(
            {
                "run_uuid": run_id,
                "name": f"run-{at % 100}",
                "experiment_id": int(experiment),
                "user_id": "bench",
                "status": "FINISHED",
                "start_time": 1_772_000_000_000 + at,
                "end_time": 1_772_000_001_000 + at,
                "lifecycle_stage": "active",
                "artifact_uri": f"file:{FOLDER}/{run_id}",
                "source_type": "UNKNOWN",
                "source_name": "",
                "entry_point_name": "",
                "source_version": "",
            }
        )
        tags.append({"key": "mlflow.runName", "value": f"run-{at % 100}", "run_uuid": run_id})
        for one in range(QUESTIONS["metrics"]):
            row = {"key": f"m{one}", "value": draws.random(), "timestamp": 1, "step": 0, "is_nan": False, "run_uuid": run_id}
            metrics.append(row)
            latest.append(row)
        for one in range(QUESTIONS["params"]):
            params.append({"key": f"p{one}", "value": draws.choice(QUESTIONS["values"]), "run_uuid": run_id})
    with store.ManagedSessionMaker() as session:
        for table, rows in [(SqlRun, runs), (SqlMetric, metrics), (SqlLatestMetric, latest), (SqlParam, params), (SqlTag, tags)]:
            session.bulk_insert_mappings(table, rows)


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    store = SqlAlchemyStore(f"sqlite:///{FOLDER}/mlflow.db", str(FOLDER / "artifacts"))
    experiment = store.create_experiment("bench")
    fill(store, experiment)

    def search(at, most):
        filters, orders = QUESTIONS["filters"], QUESTIONS["orders"]
        found = store.search_runs(
            [experiment], filters[at % len(filters)], ViewType.ACTIVE_ONLY, most, [orders[at % len(orders)]]
        )
        return len(found)

    def log(at):
        run = store.create_run(experiment, "bench", 1000, [], "logged")
        metrics = [Metric(f"m{step % 10}", random.random(), 1000 + step, step // 10) for step in range(1000)]
        # A batch holds 1,000 of everything together.
        store.log_batch(run.info.run_id, metrics=[], params=[Param("p0", "a")], tags=[])
        store.log_batch(run.info.run_id, metrics=metrics, params=[], tags=[])
        store.update_run_info(run.info.run_id, RunStatus.FINISHED, 2000, None)
        return 1

    def opened(_at):
        return len(store.search_runs([experiment], "", ViewType.ACTIVE_ONLY, 200, ["start_time DESC"]))

    work = {"search": lambda at: search(at, 100), "all": lambda at: search(at, 50_000), "log": log, "open": opened}
    for what in ["search", "all", "log"] if WHAT == "search" else ["open"]:
        work[what](0)
        took, count = [], 0
        for at in range(TIMES[what]):
            started = time.perf_counter()
            count += work[what](at)
            took.append(1000 * (time.perf_counter() - started))
        print(json.dumps({"what": what, "took": took, "count": count, "version": f"MLflow {mlflow.__version__}"}), flush=True)


main()
