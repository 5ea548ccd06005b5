"""Measure a metric of the user's own, on all rows and on resamples of them, for one or two models.

Usage: measure.py QUESTION ANSWER. The question names an .npz file with `label`, `candidate`, and where they are there
`production`, `weight`, `unit` (all of one length), or arrays of probabilities (n, K); the metric, the threshold of a
binary task (or null), the names of the classes, a seed, and how many resamples to draw. The answer has, by model, the
value and the values on the resamples, which are the same for both; null where there is none.
"""

from __future__ import annotations

import importlib
import inspect
import json
import math
import os
import sys


def main(question_path, answer_path):
    """Answer the question, or say what went wrong."""
    with open(question_path, encoding="utf-8") as file:
        question = json.load(file)
    sys.path.insert(0, os.getcwd())
    try:
        answer = measure(question)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever the user's function raises is an answer)
        answer = {"problem": "%s: %s" % (type(error).__name__, error)}
    with open(answer_path, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def measure(question):
    """Return the values of each model."""
    import numpy as np

    with np.load(question["rows"], allow_pickle=False) as file:
        rows = {name: file[name] for name in file.files}
    metric = scorer(question) if question["metric"].startswith("scorer:") else function(question["metric"])
    weight = rows.get("weight")
    label = metric.labels(rows["label"], question)
    models = {}
    for model in ("candidate", "production"):
        if model in rows:
            models[model] = metric.of(rows[model], rows.get(model + "_probabilities"), question)
    answer = {model: {"value": call(metric, label, of, weight), "draws": []} for model, of in models.items()}
    for chosen in resamples(question, len(label), rows.get("unit")):
        some = None if weight is None else weight[chosen]
        for model, of in models.items():
            try:
                value = call(metric, label[chosen], of[chosen], some)
            except (Exception, SystemExit):  # noqa: BLE001 (a resample without a value counts as the worst)
                value = None
            answer[model]["draws"].append(value)
    return answer


class Metric:
    """A function of labels and answers, and which answers it wants."""

    def __init__(self, function, sign, kind, keys):
        """Take a function, 1 or -1, `class` or `score`, and the function's keywords."""
        self.function, self.sign, self.kind, self.keys = function, sign, kind, keys
        self.by_number = False

    def labels(self, values, question):
        """Return the labels as the metric wants them: beside scikit-learn's probabilities, the classes' numbers.

        scikit-learn sorts names as text, "10" before "2", and the columns of probabilities are not sorted so.
        """
        if not (self.by_number and question["classes"]):
            return names(values, question)
        if "labels" in inspect.signature(self.function).parameters:
            self.keys["labels"] = list(range(len(question["classes"])))
        return values.astype(int)

    def of(self, score, probabilities, question):
        """Return one model's answers as the metric wants them."""
        if self.kind == "class" and question["threshold"] is not None:
            return (score >= question["threshold"]).astype(int)
        if self.kind == "class":
            return names(score, question)
        return score if probabilities is None else probabilities


def scorer(question):
    """Find a scorer of scikit-learn's by its name."""
    from sklearn.metrics import get_scorer

    found = get_scorer(question["metric"].partition(":")[2])
    response = getattr(found, "_response_method", "predict")
    wanted = response if isinstance(response, (list, tuple)) else [response]
    kind = "class" if list(wanted) == ["predict"] else "score"
    metric = Metric(found._score_func, found._sign, kind, dict(found._kwargs))
    metric.by_number = kind == "score"
    return metric


def function(name):
    """Find a function of the user's: it takes labels and scores, and `sample_weight` where rows weigh."""
    module, _, attribute = name.partition(":")[2].partition(":")
    return Metric(getattr(importlib.import_module(module), attribute), 1, "score", {})


def call(metric, label, answers, weight):
    """Return the metric's value as a finite number, or None."""
    keys = dict(metric.keys)
    if weight is not None:
        keys["sample_weight"] = weight
    value = float(metric.function(label, answers, **keys))
    return metric.sign * value if math.isfinite(value) else None


def names(values, question):
    """Return the classes by their names, of other tasks the values as they are."""
    import numpy as np

    classes = question["classes"]
    if classes:
        return np.asarray(classes)[values.astype(int)]
    return values.astype(int) if values.dtype == bool else values


def resamples(question, n, unit):
    """Draw rows, or all rows of drawn units, with replacement: the numbers of the rows of each resample."""
    import numpy as np

    generator = np.random.default_rng(question["seed"])
    if unit is None:
        for _ in range(question["resamples"]):
            yield generator.integers(0, n, n)
        return
    order = np.argsort(unit, kind="stable")
    starts = np.flatnonzero(np.diff(unit[order], prepend=unit[order][0] - 1))
    members = np.split(order, starts[1:])
    for _ in range(question["resamples"]):
        yield np.concatenate([members[one] for one in generator.integers(0, len(members), len(members))])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
