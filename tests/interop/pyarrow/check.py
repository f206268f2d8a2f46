"""Holds the command's Parquet and Arrow files to the real pyarrow: what it writes is read, and what is written is read.

Run: python check.py FOLDER. Files go to FOLDER/pyarrow/files. Prints one PASS or FAIL line a check; exits 1 when one failed.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[3]
CODECS = ("none", "snappy", "gzip", "brotli", "zstd", "lz4")
ROWS = 5000
failed = False


def report(name, why):
    global failed
    failed = failed or why is not None
    print(f"PASS {name}" if why is None else f"FAIL {name}: {why}", flush=True)


def glasshouse(*line):
    words = ["node", "scripts/glasshouse.mjs", *map(str, line), "--json", "--quiet"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        raise RuntimeError(f"glasshouse {line[0]} ended with {done.returncode}: {done.stderr.strip()[:500]}")
    return json.loads(done.stdout)


def made_up():
    rng = np.random.default_rng(5)
    town = rng.choice(["Bonn", "Oslo", "Rome", "São Paulo"], ROWS)
    x = rng.normal(size=ROWS).round(3)
    hidden = rng.random((3, ROWS)) < 0.1
    return pa.table(
        {
            "town": pa.array(town, mask=hidden[0]),
            "x": pa.array(x, mask=hidden[1]),
            "count": pa.array(rng.integers(0, 9, ROWS), mask=hidden[2]),
            "flag": pa.array(rng.random(ROWS) < 0.5),
            "y": pa.array((np.isin(town, ["Oslo", "Rome"]) + x + rng.normal(size=ROWS) > 0.5).astype(np.int64)),
        }
    )


def train(data, out):
    said = glasshouse(
        "train", "--data", data, "--label", "y", "--categorical", "town",
        "--params", '{"objective": "binary:logistic"}', "--out", out,
    )  # fmt: skip
    return said["rows"], out.read_bytes()


def check_reading(folder, table):
    """The same rows make the same model, whoever wrote the file."""
    pa.csv.write_csv(table, folder / "rows.csv")
    expected = train(folder / "rows.csv", folder / "model.json")
    report("rows of the CSV file", None if expected[0] == ROWS else f"{expected[0]}")
    encoded = table.set_column(0, "town", table["town"].dictionary_encode())
    paths = []
    for codec in CODECS:
        paths.append(folder / f"{codec}.parquet")
        pq.write_table(encoded if codec == "gzip" else table, paths[-1], compression=codec, row_group_size=1700)
    for name, rows, new in (("file", table, pa.ipc.new_file), ("stream", encoded, pa.ipc.new_stream)):
        paths.append(folder / f"{name}.arrow")
        with new(paths[-1], rows.schema) as writer:
            writer.write_table(rows, max_chunksize=1700)
    for path in paths:
        same = train(path, folder / "other.json") == expected
        report(f"{path.name} makes the model of rows.csv", None if same else "another model")


def check_writing(folder):
    """Predictions are the same numbers in every kind of file."""
    line = ["predict", "--model", folder / "model.json", "--data", folder / "rows.csv", "--out"]
    for ending in ("csv", "parquet", "arrow"):
        glasshouse(*line, folder / f"predictions.{ending}")
    numbers = pa.csv.read_csv(folder / "predictions.csv")
    exact = np.asarray(numbers["prediction"]).astype(np.float32)
    report("predictions.csv", None if len(exact) == ROWS and 0 < exact.min() < exact.max() < 1 else "no probabilities")
    with pa.ipc.open_stream(folder / "predictions.arrow") as reader:
        arrow = reader.read_all()
    for name, written in (("parquet", pq.read_table(folder / "predictions.parquet")), ("arrow", arrow)):
        same = written.column_names == ["prediction"] and np.array_equal(np.asarray(written["prediction"]).astype(np.float32), exact)
        report(f"predictions.{name}", None if same else "other numbers than predictions.csv")


def main():
    folder = Path(sys.argv[1]) / "pyarrow" / "files"
    folder.mkdir(parents=True)
    print(f"pyarrow {pa.__version__}")
    try:
        check_reading(folder, made_up())
        check_writing(folder)
    except Exception as error:
        report("files of the command", f"{type(error).__name__}: {str(error).splitlines()[0]}")
    return 1 if failed else 0


sys.exit(main())
