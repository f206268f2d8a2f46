"""Freezes logistic regressions and multilayer perceptrons of scikit-learn, and their SHAP values, into answers.json.

Run with the packages of requirements.txt: python make.py
"""

import json
from pathlib import Path

import numpy as np
import shap
import sklearn
from sklearn.impute import MissingIndicator
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler


def floats(values):
    """Nested lists of float32 values; a missing one is null."""
    return [
        [None if np.isnan(v) else float(v) for v in row] for row in np.atleast_2d(np.asarray(values, dtype=np.float64))
    ]


def table(seed, rows, features, missing):
    rng = np.random.default_rng(seed)
    x = rng.normal(loc=[3, -20, 0.5, 100, 0][:features], scale=[2, 5, 0.1, 40, 1][:features], size=(rows, features))
    x = np.round(x, 3).astype(np.float32)
    z = (x.astype(float) - x.mean(0)) / x.std(0)
    logit = 1.2 * z[:, 0] - 0.7 * z[:, 1] + 0.4 * z[:, 2] * z[:, 0] - 0.3
    y = (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(int)
    x[rng.random(rows) < missing, 1] = np.nan
    x[rng.random(rows) < missing, 2] = np.nan
    return x, y


def encoded(x):
    """Standardised by the values present, 0 where missing; after each column that misses values, its indicator."""
    scaler = StandardScaler().fit(x.astype(np.float64))
    indicator = MissingIndicator(features="all").fit_transform(x).astype(float)
    scaled = np.nan_to_num(scaler.transform(x.astype(np.float64)))
    columns, owners = [], []
    for f in range(x.shape[1]):
        columns.append(scaled[:, f])
        owners.append(f)
        if indicator[:, f].any():
            columns.append(indicator[:, f])
            owners.append(f)
    return np.column_stack(columns), owners, scaler


def logistic(l2):
    x, y = table(1, 400, 4, 0.15)
    inputs, owners, scaler = encoded(x)
    model = LogisticRegression(C=1 / (l2 * len(y)), tol=1e-10, max_iter=10_000).fit(inputs, y)
    explained = shap.LinearExplainer(model, shap.maskers.Independent(inputs, max_samples=len(y)))(inputs[:20])
    shares = np.zeros((20, x.shape[1]))
    for column, owner in enumerate(owners):
        shares[:, owner] += explained.values[:, column]
    return {
        "l2": l2,
        "x": floats(x.T),
        "y": y.tolist(),
        "means": scaler.mean_.tolist(),
        "scales": scaler.scale_.tolist(),
        "coefficients": model.coef_[0].tolist(),
        "intercept": float(model.intercept_[0]),
        "shap": shares.tolist(),
        "shap_base": float(np.ravel(explained.base_values)[0]),
    }


def perceptron(activation, hidden):
    x, y = table(2, 300, 5, 0)
    inputs, _, scaler = encoded(x)
    model = MLPClassifier(hidden, activation=activation, max_iter=300, random_state=3).fit(inputs, y)
    probabilities = model.predict_proba(inputs)[:, 1]
    margins = np.log(probabilities / (1 - probabilities))

    def margin(rows):
        p = model.predict_proba(rows)[:, 1]
        return np.log(p / (1 - p))

    average = inputs.mean(0, keepdims=True)
    explained = shap.explainers.Exact(margin, shap.maskers.Independent(average))(inputs[:12])
    return {
        "activation": activation,
        "hidden": list(hidden),
        "x": floats(x.T),
        "means": scaler.mean_.tolist(),
        "scales": scaler.scale_.tolist(),
        "weights": [w.ravel().tolist() for w in model.coefs_],
        "biases": [b.tolist() for b in model.intercepts_],
        "margins": margins.tolist(),
        "shap": explained.values.tolist(),
        "shap_base": float(np.ravel(explained.base_values)[0]),
    }


answers = {
    "scikit-learn": sklearn.__version__,
    "shap": shap.__version__,
    "logistic": [logistic(0.001), logistic(0.1)],
    "mlp": [perceptron("relu", (8, 4)), perceptron("tanh", (6,))],
}
Path(__file__).with_name("answers.json").write_text(json.dumps(answers, separators=(",", ":")) + "\n")
