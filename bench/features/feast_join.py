"""Joins the benchmark's tables in the real Feast and prints a line of JSON a mode.

Run: python feast_join.py ENGINE DATA FOLDER, ENGINE being dask or duckdb.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

warnings.filterwarnings("ignore")
os.environ["FEAST_USAGE"] = "False"
ENGINE, DATA, FOLDER = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
VIEWS = ("orders", "visits", "payments")

DEFINITIONS = """
from datetime import timedelta
from feast import Entity, FeatureView, Field, FileSource
from feast.types import Float64
from feast.value_type import ValueType

customer = Entity(name="customer", join_keys=["customer_id"], value_type=ValueType.INT64)
"""

VIEW = """
{view}_source = FileSource(name="{view}_source", path={path!r}, timestamp_field="event_timestamp", created_timestamp_column="created")
{view} = FeatureView(
    name="{view}", entities=[customer], ttl=timedelta(days=30), source={view}_source,
    schema=[Field(name="{view}_1", dtype=Float64), Field(name="{view}_2", dtype=Float64), Field(name="{view}_3", dtype=Float64)],
)
"""


def read(name):
    table = pa.ipc.open_stream((DATA / f"{name}.arrow").read_bytes()).read_all()
    utc = pa.timestamp("us", tz="UTC")
    names = [(field.name, utc if pa.types.is_timestamp(field.type) else field.type) for field in table.schema]
    return table.cast(pa.schema(names))


def prepare():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    text = DEFINITIONS
    for view in VIEWS:
        path = FOLDER / f"{view}.parquet"
        pq.write_table(read(view), path)
        text += VIEW.format(view=view, path=str(path))
    (FOLDER / "definitions.py").write_text(text)
    store = "project: bench\nprovider: local\nregistry: registry.db\nonline_store: {type: sqlite, path: online.db}\n"
    engine = "offline_store: {type: duckdb}\n" if ENGINE == "duckdb" else ""
    (FOLDER / "feature_store.yaml").write_text(f"{store}{engine}entity_key_serialization_version: 3\n")
    subprocess.run([Path(sys.executable).parent / "feast", "apply"], cwd=FOLDER, check=True, capture_output=True)


def main():
    prepare()
    os.chdir(FOLDER)
    import feast

    store = feast.FeatureStore(".")
    entities = read("entities").to_pandas()
    features = [f"{view}:{view}_{i}" for view in VIEWS for i in (1, 2, 3)]
    for mode in ("feast", "leak_safe"):
        started = time.perf_counter()
        job = store.get_historical_features(
            entity_df=entities, features=features, filter_by_created_timestamp=mode == "leak_safe"
        )
        frame = job.to_df()
        seconds = time.perf_counter() - started
        names = [name.split(":")[1] for name in features]
        answers = {name: [int(frame[name].count()), float(frame[name].sum())] for name in names}
        said = {"mode": mode, "seconds": seconds, "answers": answers, "rows": len(frame), "version": f"Feast {feast.__version__}"}
        print(json.dumps(said), flush=True)


main()
