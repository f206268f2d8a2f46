"""Runs exported folders in the real Feast: apply, materialize, historical and online reads give our values, and differ
exactly where the documentation says that they do.

Run: python check.py FOLDER. Files go to FOLDER/feast. Prints one PASS or FAIL line a check; exits 1 when one failed.
"""

import json
import os
import shutil
import subprocess
import sys
import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

warnings.filterwarnings("ignore")
os.environ["FEAST_USAGE"] = "False"
ROOT = Path(__file__).resolve().parents[3]
FEAST = Path(sys.executable).parent / "feast"
DAY = 86_400_000_000
START = 1_767_225_600_000_000  # 2026-01-01
DRIVERS = [2**60 + 1, 2**60 + 2, 5, 6, 7, 8]
REGIONS = ["north", "süd", "o'west"]
failed = False

DEFINITIONS = """
project: interop
entities:
  - { name: driver, join_keys: [driver_id], value_type: Int64 }
  - { name: region, join_keys: [region], value_type: String }
sources:
  - { name: stats, path: stats.parquet, timestamp_field: at, created_timestamp_column: written, field_mapping: { trips_raw: trips } }
  - { name: roads, path: roads.parquet, timestamp_field: at }
request_sources:
  - { name: quote, schema: [{ name: distance, dtype: Float64 }] }
feature_views:
  - name: driver_stats
    entities: [driver]
    source: stats
    ttl: 2d
    owner: someone@example.org
    tags: { team: a "quoted" tag }
    schema:
      - { name: rate, dtype: Float64 }
      - { name: trips, dtype: Int64 }
      - { name: few, dtype: Int32, expression: "trips % 7" }
      - { name: half, dtype: Float32, expression: "rate / 2" }
      - { name: good, dtype: Bool, expression: "rate > 0.5" }
      - { name: label, dtype: String, expression: "'n' || trips" }
      - { name: ids, dtype: Array(Int64) }
      - { name: shares, dtype: Array(Float64), expression: "list_transform(ids, x -> (x % 8) / 8)" }
      - { name: halves, dtype: Array(Float32), expression: "list_transform(ids, x -> (x % 8) / 2)" }
      - { name: digits, dtype: Array(Int32), expression: "list_transform(ids, x -> x % 10)" }
      - { name: words, dtype: Array(String), expression: "list_transform(ids, x -> 'ü' || x)" }
      - { name: odd, dtype: Array(Bool), expression: "list_transform(ids, x -> x % 2 <> 0)" }
      - { name: moments, dtype: Array(UnixTimestamp), expression: "list_value(date_trunc('second', written))" }
  - name: road_stats
    entities: [driver, region]
    source: roads
    schema:
      - { name: length, dtype: Float64 }
      - { name: built, dtype: UnixTimestamp }
on_demand_feature_views:
  - name: offer
    sources: [driver_stats, quote]
    schema:
      - { name: price, dtype: Float64, expression: rate * distance }
      - { name: cheap, dtype: Bool, expression: driver_stats__rate * distance < 1 }
feature_services:
  - name: everything
    features: [driver_stats, { view: road_stats, features: [length], name: road }, offer]
"""


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


def times(values):
    return pa.array(values, pa.timestamp("us", tz="UTC"))


def lists_of(rng, rows):
    """Missing, empty and short lists; Feast's lists have no missing elements."""
    lengths = rng.integers(-1, 4, rows)
    return [None if length < 0 else rng.integers(-(2**62), 2**62, length).tolist() for length in lengths]


def source_tables(rng, rows):
    """Few keys and few times, so that the edges of the ttl and values written late come up; no two rows of a key and a
    time, where Feast's answer is not defined."""
    driver, region = rng.choice(DRIVERS, rows), rng.choice(REGIONS, rows)
    at = START + rng.integers(0, 6, rows) * DAY + rng.choice([0, 0, 1, -1, 3_600_000_000], rows)
    stats = pd.DataFrame({"driver_id": driver, "at": at}).drop_duplicates()
    n = len(stats)
    late = rng.choice([0, 1, DAY, 3 * DAY], n)
    stats = pa.table(
        {
            "driver_id": pa.array(stats.driver_id.to_numpy()),
            "at": times(stats["at"].to_numpy()),
            "written": times(stats["at"].to_numpy() + late),
            "rate": pa.array(rng.random(n).round(3), mask=rng.random(n) < 0.15),
            "trips_raw": pa.array(rng.integers(-(2**62), 2**62, n)),
            "ids": pa.array(lists_of(rng, n), pa.list_(pa.int64())),
        }
    )
    roads = pd.DataFrame({"driver_id": driver, "region": region, "at": at}).drop_duplicates()
    n = len(roads)
    roads = pa.table(
        {
            "driver_id": pa.array(roads.driver_id.to_numpy()),
            "region": pa.array(roads.region.to_numpy()),
            "at": times(roads["at"].to_numpy()),
            "length": pa.array(rng.random(n).round(3)),
            "built": times(START - rng.integers(0, 9, n) * DAY),
        }
    )
    return stats, roads


def entity_rows(rng):
    rows = [
        (driver, region, START + day * DAY + shift)
        for driver in [*DRIVERS, 99]
        for region in REGIONS
        for day in range(-1, 10)
        for shift in (0, 1, -1)
    ]
    rng.shuffle(rows)
    return pa.table(
        {
            "driver_id": pa.array([int(row[0]) for row in rows]),
            "region": [str(row[1]) for row in rows],
            "event_timestamp": times([int(row[2]) for row in rows]),
            "distance": rng.random(len(rows)).round(2),
            "row": np.arange(len(rows)),
        }
    )


def cell(value):
    """One spelling of a value, whatever the library that gave it."""
    if isinstance(value, (list, tuple, np.ndarray, pa.ListScalar)):
        return [cell(item) for item in (value.as_py() if isinstance(value, pa.ListScalar) else value)]
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, (pd.Timestamp, datetime, np.datetime64)):
        stamp = pd.Timestamp(value)
        return (stamp if stamp.tzinfo else stamp.tz_localize("UTC")).isoformat()
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(np.float32(value)) if isinstance(value, np.float32) else float(value)
    return str(value)


def same(a, b):
    """Numbers of mixed kinds (whole numbers with gaps come back as floats) by value, to float64's precision."""
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b or float(a) == float(b)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(one, other) for one, other in zip(a, b))
    return a == b


def compare(name, ours, theirs, features, may_miss=False):
    """Row by row over the column "row"; rows that Feast left out are counted where that may be."""
    ours = {int(row["row"]): row for row in ours.to_dict("records")}
    theirs_by_row = {int(row["row"]): row for row in theirs.to_dict("records")}
    wrong = []
    for number, row in theirs_by_row.items():
        for feature in features:
            a, b = cell(ours[number][feature]), cell(row[feature])
            if not same(a, b):
                wrong.append(f"row {number} {feature}: ours {a}, Feast {b}")
    missing = set(ours) - set(theirs_by_row)
    if len(theirs) != len(theirs_by_row):
        wrong.append(f"{len(theirs)} rows for {len(theirs_by_row)}")
    if missing and not may_miss:
        wrong.append(f"{len(missing)} rows are missing")
    report(f"{name} ({len(theirs_by_row) * len(features)} values)", "; ".join(wrong[:3]) if wrong else None)
    return missing


def ours_of(folder, mode, *more):
    out = folder / f"ours-{mode}{len(more)}.parquet"
    glasshouse(
        "historical-features", "--repo", folder / "definitions", "--service", "everything",
        "--entities", folder / "entities.parquet", "--mode", mode, "--out", out, *more,
    )  # fmt: skip
    return pq.read_table(out).to_pandas(ignore_metadata=True, types_mapper=pd.ArrowDtype)


def exported(folder, engine):
    target = folder / f"feast-{engine}"
    said = glasshouse("export", "--repo", folder / "definitions", "--feast", target, "--offline", engine)
    report(f"feast apply, {engine}: {', '.join(said['files'])}", applied(target))
    return target


def applied(target):
    try:
        run(FEAST, "apply", cwd=target)
        return None
    except RuntimeError as error:
        return str(error)


def store_in(target):
    from feast import FeatureStore

    os.chdir(target)
    return FeatureStore(".")


def historical(store, entities, **more):
    service = store.get_feature_service("everything")
    job = store.get_historical_features(entity_df=entities.copy(), features=service, **more)
    return job.to_df()


LISTS = ["ids", "shares", "halves", "digits", "words", "odd", "moments"]
STATS = ["rate", "trips", "few", "half", "good", "label", *LISTS]
FEATURES = [*STATS, "length", "price", "cheap"]


def check_historical(folder, entities):
    target = exported(folder, "duckdb")
    store = store_in(target)
    compare("historical features, DuckDB engine, mode feast", ours_of(folder, "feast"), historical(store, entities), FEATURES)
    safe = historical(store, entities, filter_by_created_timestamp=True)
    compare("historical features, filter_by_created_timestamp, mode leak_safe", ours_of(folder, "leak_safe"), safe, FEATURES)
    full = store.get_historical_features(
        entity_df=entities.copy(), features=store.get_feature_service("everything"), full_feature_names=True
    ).to_df()
    names = [f"driver_stats__{name}" for name in STATS] + ["road__length", "offer__price", "offer__cheap"]
    compare("full feature names", ours_of(folder, "feast", "--full-feature-names"), full, names)


def check_dask(folder, entities):
    """What it gives is ours. It merges entity rows that agree in the first view's keys and time, and drops those whose
    values are all too late or too old: no other row may be missing."""
    target = exported(folder, "dask")
    store = store_in(target)
    ours = ours_of(folder, "feast")
    missing = compare(
        "historical features, dask engine, where it keeps the row", ours, historical(store, entities), FEATURES, may_miss=True
    )
    stats = pq.read_table(target / "driver_stats.parquet").to_pandas()
    roads = pq.read_table(target / "road_stats.parquet").to_pandas()
    with_stats, with_roads = set(stats.driver_id), set(zip(roads.driver_id, roads.region))
    wrong, merged, dropped = [], 0, 0
    for (driver, time), group in ours.groupby(["driver_id", "event_timestamp"]):
        kept = (~group["row"].isin(missing)).sum()
        past = driver in with_stats and group["label"].isna().all()
        late = [(driver, row.region) in with_roads and cell(row.length) is None for row in group.itertuples()]
        if past or all(late):
            allowed = {0}
        else:
            allowed = {0, 1} if any(late) else {1}
        if kept not in allowed:
            wrong.append(f"driver {driver} at {time}: {kept} rows, expected {allowed}")
        merged += len(group) - 1
        dropped += kept == 0
    name = f"the dask engine merges {merged} entity rows of one driver and time, and drops {dropped} driver-times"
    report(name, "; ".join(wrong[:3]) if wrong or dropped == 0 else None)
    return target, store


def whole(value):
    """Whole numbers, which JSON has as the text of their digits and an n."""
    if isinstance(value, list):
        return [whole(item) for item in value]
    return int(value[:-1]) if isinstance(value, str) else value


def check_online(folder, target, store):
    """materialize and get_online_features against our online store; a ttl that has passed does not matter to Feast."""
    start, end = START + DAY, START + 4 * DAY
    (folder / "definitions" / "asked.json").write_text(json.dumps({"from": start, "to": end}))
    run("node", os.environ["GLASSHOUSE_TOOL"], "online", folder / "definitions")
    held = json.loads((folder / "definitions" / "online.json").read_text())
    stamp = lambda micros: datetime.fromtimestamp(micros // 1_000_000, timezone.utc)
    store.materialize(start_date=stamp(start), end_date=stamp(end))
    ours = {(row["view"], tuple(row["entity_key"])): row for row in held}
    asked = [{"driver_id": driver, "region": region} for driver in [*DRIVERS, 99] for region in REGIONS]
    names = [*(name for name in STATS if name != "half")]
    features = [*(f"driver_stats:{name}" for name in names), "road_stats:length"]
    answer = store.get_online_features(features=features, entity_rows=asked).to_dict()
    wrong = []
    for i, row in enumerate(asked):
        for view, name, key in [
            *(("driver_stats", name, (str(row["driver_id"]),)) for name in names),
            ("road_stats", "length", (str(row["driver_id"]), row["region"])),
        ]:
            mine = ours.get((view, key), {}).get("values", {}).get(name)
            mine = whole(mine) if name in ("trips", "few", "ids", "digits") else mine
            theirs = cell(answer[name][i])
            if name == "moments" and mine is not None:
                mine = [pd.Timestamp(micros, unit="us", tz="UTC").isoformat() for micros in mine]
            if not same(mine, theirs):
                wrong.append(f"{key} {name}: ours {mine}, Feast {theirs}")
    report(f"materialize and get_online_features ({len(asked) * (len(names) + 1)} values)", "; ".join(wrong[:3]) if wrong else None)


def check_incremental(folder):
    """Where materialize_incremental starts, and that Feast never picks up what was recorded late; ours does, in leak_safe."""
    target = exported(folder, "duckdb")
    store = store_in(target)
    now = lambda: datetime.now(timezone.utc).replace(microsecond=0)
    before, end = now(), now()
    store.materialize_incremental(end_date=end)
    after = now()
    wrong = []
    for name, back in (("driver_stats", timedelta(days=2)), ("road_stats", timedelta(weeks=52))):
        first, last = store.get_feature_view(name).materialization_intervals[-1]
        if not before - back <= first.replace(microsecond=0) <= after - back or last != end:
            wrong.append(f"{name} from {first} to {last}")
    report("materialize_incremental starts ttl before now, 52 weeks without ttl", "; ".join(wrong) if wrong else None)

    store.materialize(start_date=start_of(START - 9 * DAY), end_date=end)
    path = target / "driver_stats.parquet"
    stats = pq.read_table(path)
    late = stats.slice(0, 1).to_pylist()[0]
    driver = late["driver_id"]
    recorded = end + timedelta(seconds=1)
    late |= {"event_timestamp": start_of(START + 9 * DAY), "created_timestamp": recorded, "rate": 0.987}
    pq.write_table(pa.concat_tables([stats, pa.Table.from_pylist([late], schema=stats.schema)]), path)
    read = lambda: store.get_online_features(
        features=["driver_stats:rate"], entity_rows=[{"driver_id": driver}]
    ).to_dict()["rate"][0]
    held, until = read(), end + timedelta(seconds=2)
    store.materialize_incremental(end_date=until)
    report("Feast never picks up a value recorded late", None if read() == held != 0.987 else f"{held}, then {read()}")

    raw = pq.read_table(folder / "definitions" / "stats.parquet")
    row = {"driver_id": driver, "at": late["event_timestamp"], "written": recorded, "rate": 0.987, "trips_raw": 1}
    other = folder / "definitions-late"
    shutil.copytree(folder / "definitions", other, dirs_exist_ok=True)
    pq.write_table(pa.concat_tables([raw, pa.Table.from_pylist([row], schema=raw.schema)]), other / "stats.parquet")
    found = {}
    for mode in ("feast", "leak_safe"):
        micros = lambda time: int(time.timestamp()) * 1_000_000
        (other / "asked.json").write_text(json.dumps({"from": micros(end), "to": micros(until), "mode": mode}))
        run("node", os.environ["GLASSHOUSE_TOOL"], "online", other)
        rows = json.loads((other / "online.json").read_text())
        found[mode] = [row["values"]["rate"] for row in rows if row["view"] == "driver_stats"]
    report("ours does in leak_safe, and not in mode feast", None if found == {"feast": [], "leak_safe": [0.987]} else str(found))


def start_of(micros):
    return datetime.fromtimestamp(micros // 1_000_000, timezone.utc)


def check_redis(folder):
    target = folder / "feast-redis"
    glasshouse("export", "--repo", folder / "definitions", "--feast", target, "--online", "redis", "--redis", "cache:6380")
    from feast.repo_config import load_repo_config

    online = load_repo_config(target, target / "feature_store.yaml").online_config
    report("the Redis configuration is Feast's", None if online["connection_string"] == "cache:6380" else str(online))


def check_workspace(folder):
    """What a workspace exports after its definitions were changed and applied: Feast joins the training table's own
    moments to the same values. A window is computed at each event there and at the moment asked about here, so it is only
    applied."""
    target = folder / "workspace"
    run("node", os.environ["GLASSHOUSE_TOOL"], "workspace", target)
    report("feast apply, a workspace's export", applied(target / "feast"))
    ours = pq.read_table(target / "dataset.parquet").to_pandas().rename(columns={"__entity_key": "patient_id"})
    ours["row"] = np.arange(len(ours))
    store = store_in(target / "feast")
    theirs = store.get_historical_features(
        entity_df=ours[["patient_id", "event_timestamp", "row"]].copy(),
        features=store.get_feature_service("heart_disease"),
        filter_by_created_timestamp=True,
    ).to_df()
    features = [name for name in theirs.columns if name not in ("patient_id", "event_timestamp", "row", "visits_90d")]
    compare("historical features of a workspace's export, its training table", ours, theirs, features)


def main():
    folder = Path(sys.argv[1]).resolve() / "feast"
    (folder / "definitions").mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(11)
    stats, roads = source_tables(rng, 60)
    pq.write_table(stats, folder / "definitions" / "stats.parquet")
    pq.write_table(roads, folder / "definitions" / "roads.parquet")
    (folder / "definitions" / "features.yaml").write_text(DEFINITIONS, encoding="utf-8")
    entities = entity_rows(rng)
    pq.write_table(entities, folder / "entities.parquet")
    frame = entities.to_pandas()
    for check in (
        lambda: check_historical(folder, frame),
        lambda: check_online(folder, *check_dask(folder, frame)),
        lambda: check_incremental(folder),
        lambda: check_redis(folder),
        lambda: check_workspace(folder),
    ):
        try:
            check()
        except Exception as error:  # noqa: BLE001 - one line a check, whatever went wrong in it
            report("a check", f"{type(error).__name__}: {str(error)[:600]}")
    sys.exit(1 if failed else 0)


main()
