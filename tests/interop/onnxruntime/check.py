"""Holds our ONNX files to ONNX's own checker and evaluator and to ONNX Runtime, beside our own predictions.

Run: python check.py, with GLASSHOUSE_TOOL naming the built script of ../tool. It writes one model for every objective and
every kind of booster with rows on, just beside and far from every threshold, missing, infinite and of unknown categories.
Prints one PASS or FAIL line a check; exits 1 when one failed.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator

TOLERANCE = 1e-6
SLOWEST_LOAD = 1.0
failed = False


def report(name, why):
    global failed
    failed = failed or why is not None
    print(f"PASS {name}" if why is None else f"FAIL {name}: {why}")


def floats(text):
    return np.frombuffer(base64.b64decode(text), dtype="<f4")


def apart(ours, theirs, relative):
    """None, or by how much two arrays differ: to 1e-6, of numbers above 1 relatively where `relative`."""
    theirs = np.asarray(theirs, dtype=np.float64).reshape(-1)
    ours = np.asarray(ours, dtype=np.float64).reshape(-1)
    if ours.shape != theirs.shape:
        return f"shapes {ours.shape} and {theirs.shape}"
    scale = np.maximum(np.abs(theirs), 1.0) if relative else 1.0
    difference = np.abs(ours - theirs) / scale
    worst = float(difference.max())
    return None if worst <= TOLERANCE else f"largest difference {worst:.3g} in row {int(difference.argmax())}, tolerance {TOLERANCE:g}"


def session_of(model):
    started = time.monotonic()
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session, time.monotonic() - started


def check_classifier(name, case, session, x):
    report(f"{name}: outputs", None if [o.name for o in session.get_outputs()] == ["label", "probabilities"] else "not label and probabilities")
    labels, probabilities = session.run(["label", "probabilities"], {"float_input": x})
    ours = floats(case["predictions"]).reshape(len(x), -1)
    report(f"{name}: probabilities", apart(ours, probabilities, relative=False))
    ordered = np.sort(ours, axis=1)
    clear = ordered[:, -1] - ordered[:, -2] > 2 * TOLERANCE
    wanted = ours.argmax(axis=1) if case["labels"] is None else floats(case["labels"])
    wrong = int(np.sum(labels[clear] != wanted[clear]))
    report(f"{name}: labels", None if labels.dtype == np.int64 and wrong == 0 else f"{wrong} of {int(clear.sum())} differ")
    single = session.run(["probabilities"], {"float_input": x[:1]})[0]
    report(f"{name}: one row alone", apart(ours[:1], single, relative=False))


def check_regressor(name, case, session, x, model):
    report(f"{name}: outputs", None if [o.name for o in session.get_outputs()] == ["variable"] else "not variable")
    values = session.run(["variable"], {"float_input": x})[0]
    report(f"{name}: shape", None if values.shape == (len(x), 1) else f"{values.shape}")
    report(f"{name}: predictions", apart(floats(case["predictions"]), values, relative=True))
    margin = model.graph.node[0].output[0]
    if margin != "variable":
        model.graph.output.append(onnx.helper.make_tensor_value_info(margin, onnx.TensorProto.FLOAT, [None, 1]))
        values = session_of(model)[0].run([margin], {"float_input": x})[0]
        report(f"{name}: margins", apart(floats(case["margins"]), values, relative=True))


def check_reference(name, case, path, x):
    """What the standard itself says of the file: ONNX's own evaluator, slow and plain."""
    rows = min(len(x), 50)
    *_, values = ReferenceEvaluator(str(path)).run(None, {"float_input": x[:rows]})
    ours = floats(case["predictions"]).reshape(len(x), -1)[:rows]
    report(f"{name}: onnx.reference", apart(ours, values, relative=True))


def check_metadata(name, case, session):
    properties = session.get_modelmeta().custom_metadata_map
    same = json.loads(properties["feature_names"]) == case["features"] and properties["objective"] == case["objective"]
    report(f"{name}: metadata", None if same else f"{properties}")


def check_case(folder, case):
    name = case["name"]
    path = folder / f"{name}.onnx"
    onnx.checker.check_model(str(path), full_check=True)
    model = onnx.load(str(path))
    session, seconds = session_of(model)
    report(f"{name}: loads", None if seconds < SLOWEST_LOAD else f"took {seconds:.1f} s")
    check_metadata(name, case, session)
    x = floats(case["values"]).reshape(case["rows"], len(case["features"]))
    if case["objective"].startswith(("binary:", "multi:")):
        check_classifier(name, case, session, x)
    else:
        check_regressor(name, case, session, x, model)
    check_reference(name, case, path, x)


def main():
    print(f"onnxruntime {onnxruntime.__version__}, onnx {onnx.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", os.environ["GLASSHOUSE_TOOL"], "onnx", folder], check=True)
        for case in json.loads((Path(folder) / "cases.json").read_text()):
            try:
                check_case(Path(folder), case)
            except Exception as error:  # a file the checker or the runtime refuses is a failed check, with its reason
                report(f"{case['name']}: runs", f"{type(error).__name__}: {str(error).splitlines()[0]}")
    return 1 if failed else 0


sys.exit(main())
