"""Freezes small Parquet and Arrow files as pyarrow writes them, with what they hold in expected.json.

Run: pip install -r requirements.txt && python make.py
"""

import json
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
NAN = float("nan")
MICROS = 1_000_000

times = [datetime(2026, 3, 2, 14, 5, 0, 250), None, datetime(1969, 12, 31, 23, 59, 59), datetime(2026, 3, 3), None, datetime(2000, 1, 1), datetime(2100, 2, 3, 4, 5, 6)]
days = [date(2026, 3, 2), date(1969, 12, 31), None, date(1970, 1, 1), date(2000, 2, 29), None, date(2100, 1, 1)]
towns = ["Köln", None, "Rome", "Köln", "日本", "", "Rome"]
COLUMNS = {
    "double": pa.array([1.5, None, NAN, -0.25, 1e300, 0.1, 3.0], pa.float64()),
    "single": pa.array([0.5, 1.25, None, -2.0, 0.0, 3.5, 7.0], pa.float32()),
    "long": pa.array([1, 2**53 + 1, None, -(2**63), 0, 5, 6], pa.int64()),
    "int": pa.array([1, None, -3, 4, 5, 6, 2**31 - 1], pa.int32()),
    "small": pa.array([0, 255, None, 3, 4, 5, 6], pa.uint8()),
    "flag": pa.array([True, False, None, True, True, False, None], pa.bool_()),
    "town": pa.array(towns, pa.string()),
    "coded": pa.array(towns, pa.string()).dictionary_encode(),
    "micros": pa.array(times, pa.timestamp("us")),
    "nanos": pa.array(times, pa.timestamp("ns")),
    "millis": pa.array([None if t is None else t.replace(microsecond=0) for t in times], pa.timestamp("ms")),
    "day": pa.array(days, pa.date32()),
    "price": pa.array([Decimal("1.25"), None, Decimal("-3.50"), Decimal("0.01"), Decimal("99999.99"), Decimal("2.00"), Decimal("3.10")], pa.decimal128(12, 2)),
    "nothing": pa.array([None] * 7, pa.float64()),
}  # fmt: skip
BIG = [2**62 + 1, None, -(2**63), 2**63 - 1]
stamps = [datetime(2026, 3, 2, 14, 5, 0, 250), None, datetime(1969, 12, 31, 23, 59, 59, 999999)]
LISTS = {
    "longs": pa.array([BIG, [], None, [None], [5], [6, 7]], pa.list_(pa.int64())),
    "ints": pa.array([[1, None], None, [], [-(2**31)], [2], [3]], pa.list_(pa.int32())),
    "small": pa.array([[255], [0, None], None, [], [1], [2]], pa.list_(pa.uint8())),
    "doubles": pa.array([[0.1, -0.0], [None], [], None, [1e300], [2.5]], pa.list_(pa.float64())),
    "singles": pa.array([[0.5], None, [1.25, None], [], [2.0], [3.0]], pa.large_list(pa.float32())),
    "fixed": pa.array([[0.5, 1.5], None, [None, 2.5], [3.5, 4.5], None, [5.0, 6.0]], pa.list_(pa.float32(), 2)),
    "flags": pa.array([[True, None], [], None, [False], [True, False, True], [None]], pa.list_(pa.bool_())),
    "texts": pa.array([["Köln", None], ["日本", ""], None, [], ["Rome"], ["Köln"]], pa.list_(pa.string())),
    "coded": pa.array([["a", "b"], None, ["a", None], [], ["b"], ["c"]], pa.list_(pa.dictionary(pa.int8(), pa.string()))),
    "stamps": pa.array([stamps, [], None, [stamps[0]], [None], [stamps[2]]], pa.list_(pa.timestamp("us", tz="UTC"))),
    "nothing": pa.array([None, [], [None], [None, None], None, []], pa.list_(pa.null())),
}  # fmt: skip
FOREIGN = {
    "int8": pa.array([-128, None, 127], pa.int8()),
    "int16": pa.array([-(2**15), None, 2**15 - 1], pa.int16()),
    "uint16": pa.array([0, None, 2**16 - 1], pa.uint16()),
    "uint32": pa.array([0, None, 2**32 - 1], pa.uint32()),
    "uint64": pa.array([0, None, 2**63 - 1], pa.uint64()),
    "long": pa.array([2**53 + 1, None, -(2**63)], pa.int64()),
    "coded_long": pa.array([2**53 + 1, None, 2**53 + 1], pa.int64()).dictionary_encode(),
    "coded_double": pa.array([0.5, None, 2.5], pa.float64()).dictionary_encode(),
    "coded_null": pa.DictionaryArray.from_arrays(pa.array([0, 1, 2], pa.uint8()), pa.array(["a", None, "b"])),
    "coded_long_text": pa.array(["x", None, "y"], pa.large_string()).dictionary_encode(),
    "day": pa.array([date(1969, 12, 31), None, date(2026, 3, 2)], pa.date64()),
    "zoned": pa.array([stamps[0], None, stamps[2]], pa.timestamp("us", tz="Europe/Berlin")),
    "seconds": pa.array([datetime(2026, 3, 2), None, datetime(1969, 12, 31)], pa.timestamp("s")),
}  # fmt: skip


def expected(name, cell):
    """A cell as our tables have it: times in microseconds, whole numbers of 64 bits as text."""
    if cell is None or cell != cell:
        return None
    if isinstance(cell, list):
        return [expected(name, item) for item in cell]
    if name in ("long", "longs", "uint64", "coded_long"):
        return str(cell)
    if isinstance(cell, datetime) and cell.tzinfo:
        cell = cell.astimezone(timezone.utc).replace(tzinfo=None)
    if isinstance(cell, datetime):
        return round((cell - datetime(1970, 1, 1)).total_seconds() * MICROS)
    if isinstance(cell, date):
        return (cell - date(1970, 1, 1)).days * 86400 * MICROS
    return float(cell) if isinstance(cell, Decimal) else cell


table = pa.table(COLUMNS)
for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
    version = "2.0" if codec in ("zstd", "gzip") else "1.0"
    pq.write_table(table, HERE / f"{codec}.parquet", compression=codec, row_group_size=3, data_page_version=version, use_dictionary=codec != "lz4")  # fmt: skip
flat = table.drop_columns(["price"])
with pa.ipc.new_file(HERE / "file.arrow", flat.schema) as writer:
    writer.write_table(flat, max_chunksize=3)
with pa.ipc.new_stream(HERE / "stream.arrow", flat.schema) as writer:
    writer.write_table(flat)
with pa.ipc.new_file(HERE / "compressed.arrow", flat.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
    writer.write_table(flat)
pq.write_table(pa.table({"plain": [1, 2], "lists": [[[1]], [[2], [3]]]}), HERE / "nested.parquet")
pq.write_table(pa.table({"plain": [1, 2], "parts": [{"a": 1}, {"a": 2}]}), HERE / "structures.parquet")


def both(name, columns, rows):
    """The same table as Parquet and as an Arrow file in record batches of some rows; Parquet has no nulls in dictionaries."""
    table = pa.table(columns)
    plain = [column for column in table.column_names if column != "coded_null"]
    pq.write_table(table.select(plain), HERE / f"{name}.parquet", row_group_size=rows)
    with pa.ipc.new_file(HERE / f"{name}.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=rows)


both("lists", LISTS, 4)
both("foreign", FOREIGN, 3)
both("beyond", {"big": pa.array([1, 2**63], pa.uint64())}, 2)
sliced = pa.table(LISTS).slice(1, 4)
with pa.ipc.new_stream(HERE / "sliced.arrow", sliced.schema) as writer:
    writer.write_table(sliced)
answers = {name: [expected(name, cell.as_py()) if name != "nanos" else None if cell.value is None else cell.value // 1000 for cell in column] for name, column in COLUMNS.items()}  # fmt: skip
more = {kind: {name: [expected(name, cell) for cell in column.to_pylist()] for name, column in columns.items()} for kind, columns in (("lists", LISTS), ("foreign", FOREIGN))}  # fmt: skip
(HERE / "expected.json").write_text(json.dumps({"pyarrow": pa.__version__, "columns": answers, **more}, ensure_ascii=False) + "\n")
