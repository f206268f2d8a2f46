"""Runs the command line of the checkout."""

import csv
import json
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]


def glasshouse(*line):
    """The object that a command prints; raises with its sentence where it fails."""
    words = ["node", "scripts/glasshouse.mjs", *map(str, line), "--json", "--quiet"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        raise RuntimeError(f"glasshouse {line[0]} ended with {done.returncode}: {done.stderr.strip()[:500]}")
    return json.loads(done.stdout)


def write_table(path, columns):
    """Columns by name as CSV; NaN and None are empty cells."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in zip(*columns.values()):
            writer.writerow(["" if cell is None or cell != cell else cell for cell in row])


def read_numbers(path):
    """[rows, columns] of a CSV file of numbers."""
    with open(path, newline="", encoding="utf-8") as file:
        _, *rows = list(csv.reader(file))
    return np.array(rows, dtype=np.float64)
