"""Reads the benchmark's file with DuckDB or pandas and prints a line of JSON.

Run: python peer.py ENGINE FORMAT FILE FOLDER, ENGINE being duckdb or pandas. DuckDB's table is kept in a database file in
FOLDER, as ours is kept in the browser; pandas holds its frame in memory.
"""

import json
import shutil
import sys
import time
from pathlib import Path

ENGINE, FORMAT, FILE, FOLDER = sys.argv[1:5]


def with_duckdb():
    import duckdb

    folder = Path(FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    before = start_memory()
    started = time.perf_counter()
    database = duckdb.connect(str(folder / "bench.db"))
    reader = "read_csv" if FORMAT == "csv" else "read_parquet"
    database.execute(f"CREATE TABLE rows AS SELECT * FROM {reader}('{FILE}')")
    database.execute("CHECKPOINT")
    seconds = time.perf_counter() - started
    rows, total = database.execute("SELECT count(*), sum(items) FROM rows").fetchone()
    return seconds, before, rows, int(total), f"DuckDB {duckdb.__version__}"


def with_pandas():
    import pandas

    before = start_memory()
    started = time.perf_counter()
    if FORMAT == "csv":
        frame = pandas.read_csv(FILE, parse_dates=["event_timestamp", "created"])
    else:
        frame = pandas.read_parquet(FILE)
    seconds = time.perf_counter() - started
    return seconds, before, len(frame), int(frame["items"].sum()), f"pandas {pandas.__version__}"


def resident(field):
    """VmRSS, or VmHWM, the highest since it was last reset; bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    return 0


def start_memory():
    Path("/proc/self/clear_refs").write_text("5")
    return resident("VmRSS")


seconds, before, rows, total, version = with_duckdb() if ENGINE == "duckdb" else with_pandas()
print(json.dumps({"seconds": seconds, "memory": resident("VmHWM") - before, "rows": rows, "sum": total, "version": version}))
