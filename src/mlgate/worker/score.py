"""Score models on the held-out rows, each on its own: one that fails does not keep the others from being scored.

Usage: score.py QUESTION ANSWER. The question names the data, the key and label columns, the task, an optional
MODULE:FUNCTION, and for each job a model folder and the Parquet file to write (columns: the key, `score`).
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback


def main(question_path, answer_path):
    """Answer with one entry a job: null when it worked, else what went wrong."""
    with open(question_path, encoding="utf-8") as file:
        question = json.load(file)
    sys.path.insert(0, os.getcwd())
    import pandas as pd

    path = question["data"]
    frame = pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)
    answer: dict[str, object] = {}
    for name, job in question["jobs"].items():
        try:
            scores = score(job["model"], frame, question)
            out = pd.DataFrame({question["key"]: frame[question["key"]].to_numpy()})
            if len(scores) != len(out):
                raise ValueError("the model returned %d predictions for %d rows" % (len(scores), len(out)))
            out["score"] = scores
            out.to_parquet(job["out"], index=False)
            answer[name] = None
        except Exception as error:  # noqa: BLE001 (whatever the user's model raises is an answer)
            trace = traceback.format_exc().strip().splitlines()
            answer[name] = {"message": "%s: %s" % (type(error).__name__, error), "trace": trace[-12:]}
    with open(answer_path, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def score(folder, frame, question):
    """Return one float a row."""
    import numpy as np

    model, features = load(folder, frame, question)
    missing = [name for name in features if name not in frame.columns]
    if missing:
        raise ValueError("the held-out data lacks the model's columns %s" % ", ".join(missing[:10]))
    rows = frame[features]
    if question["predict"]:
        module, _, name = question["predict"].partition(":")
        found = getattr(importlib.import_module(module), name)(model, rows)
    elif question["task"] == "binary" and hasattr(model, "predict_proba"):
        if len(getattr(model, "classes_", (0, 1))) != 2:
            raise ValueError("the model knows %d classes; a binary task has 2" % len(model.classes_))
        found = model.predict_proba(rows)
    else:
        found = model.predict(rows)
    scores = np.asarray(found)
    if scores.ndim == 2 and scores.shape[1] in (1, 2):
        scores = scores[:, -1]
    if scores.ndim != 1:
        raise ValueError("predictions have the shape %s; one number a row is expected" % (scores.shape,))
    return scores.astype(float)


def load(folder, frame, question):
    """Return the model, as natively as its scores need, and the columns it was trained on."""
    import mlflow.pyfunc

    wrapped = mlflow.pyfunc.load_model(folder)
    schema = wrapped.metadata.get_input_schema()
    named = schema is not None and schema.has_input_names()
    others = [name for name in frame.columns if name not in (question["key"], question["label"])]
    model = wrapped
    if "sklearn" in wrapped.metadata.flavors:
        model = wrapped.get_raw_model() if hasattr(wrapped, "get_raw_model") else wrapped._model_impl.sklearn_model
    if named:
        return model, schema.input_names()
    return model, [str(name) for name in getattr(model, "feature_names_in_", others)]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
