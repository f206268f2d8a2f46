"""Fills the real Feast's SQLite online store with the benchmark's rows and reads it; prints a line of JSON a result.

Run: python feast_online.py fill|cold|warm DATA FOLDER ROWS [SEED]. `cold` is one read of each size in a fresh process.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
import warnings
from datetime import datetime, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

warnings.filterwarnings("ignore")
os.environ["FEAST_USAGE"] = "False"
WHAT, DATA, FOLDER, ROWS = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else 101
NAMES = [*(f"number_{i}" for i in range(1, 7)), "whole", "kind"]
READS = {1: 1000, 100: 100}

DEFINITIONS = """
from datetime import timedelta
from feast import Entity, FeatureView, Field, FileSource
from feast.types import Float64, Int64, String
from feast.value_type import ValueType

customer = Entity(name="customer", join_keys=["customer"], value_type=ValueType.STRING)
rows = FileSource(name="rows", path={path!r}, timestamp_field="event_timestamp", created_timestamp_column="created")
customers = FeatureView(
    name="customers", entities=[customer], ttl=timedelta(days=60), source=rows,
    schema=[*[Field(name=f"number_{{i}}", dtype=Float64) for i in range(1, 7)], Field(name="whole", dtype=Int64), Field(name="kind", dtype=String)],
)
"""


def prepare():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    table = pa.ipc.open_stream((DATA / "rows.arrow").read_bytes()).read_all()
    utc = pa.timestamp("us", tz="UTC")

    def plain(field):
        if pa.types.is_timestamp(field.type):
            return utc
        return field.type.value_type if pa.types.is_dictionary(field.type) else field.type

    schema = pa.schema([(field.name, plain(field)) for field in table.schema])
    pq.write_table(table.cast(schema), FOLDER / "rows.parquet")
    (FOLDER / "definitions.py").write_text(DEFINITIONS.format(path=str(FOLDER / "rows.parquet")))
    store = "project: bench\nprovider: local\nregistry: registry.db\nonline_store: {type: sqlite, path: online.db}\n"
    engine = "offline_store: {type: duckdb}\n"
    (FOLDER / "feature_store.yaml").write_text(f"{store}{engine}entity_key_serialization_version: 3\n")
    subprocess.run([Path(sys.executable).parent / "feast", "apply"], cwd=FOLDER, check=True, capture_output=True)


def read(store, keys, count, draws):
    took, present = [], 0
    features = [f"customers:{name}" for name in NAMES]
    for _ in range(count):
        rows = [{"customer": f"customer-{draws.randrange(ROWS)}"} for _ in range(keys)]
        started = time.perf_counter()
        answer = store.get_online_features(features=features, entity_rows=rows).to_dict()
        took.append(1000 * (time.perf_counter() - started))
        present += sum(value is not None for name in NAMES for value in answer[name])
    return {"keys": keys, "took": took, "present": present}


def main():
    if WHAT == "fill":
        prepare()
    os.chdir(FOLDER)
    import feast

    store = feast.FeatureStore(".")
    say = lambda what, fact: print(json.dumps({"what": what, "version": f"Feast {feast.__version__}", **fact}), flush=True)
    if WHAT == "fill":
        started = time.perf_counter()
        day = lambda month: datetime(2026, month, 1, tzinfo=timezone.utc)
        store.materialize(start_date=day(1), end_date=day(2))
        say("fill", {"keys": 0, "took": [1000 * (time.perf_counter() - started)], "present": ROWS})
    elif WHAT == "cold":
        for keys in READS:
            # Objects of its own for each, so that neither warms up the other; the first also loads what it needs.
            say("cold", read(feast.FeatureStore("."), keys, 1, random.Random(SEED)))
    else:
        for keys, count in READS.items():
            read(store, keys, 20, random.Random(100))
            say("warm", read(store, keys, count, random.Random(SEED)))


main()
