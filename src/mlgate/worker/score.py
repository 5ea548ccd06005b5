"""Score models on the held-out rows, each on its own: one that fails does not keep the others from being scored.

Usage: score.py QUESTION ANSWER. The question names the data, the key, the columns that are no features, the task, an
optional MODULE:FUNCTION, and for each job a model folder and the Parquet file to write: the key, `score`, and of
several classes `probability:CLASS` where the model gives them. A job may name a JSON file for how much the model rests
on each column; why there is none stands in the answer beside the jobs, under `importance`.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback

from importance import measure, name_of  # type: ignore[import-not-found]


def main(question_path, answer_path):
    """Answer with one entry a job: null when it worked, else what went wrong."""
    with open(question_path, encoding="utf-8") as file:
        question = json.load(file)
    sys.path.insert(0, os.getcwd())
    import pandas as pd

    frame = read(question["data"])
    answer: dict[str, object] = {}
    for name, job in question["jobs"].items():
        try:
            model, features = load(job["model"], frame, question)
            answers = score(model, features, frame, question)
            for name_of_column, values in answers.items():
                if len(values) != len(frame):
                    raise ValueError("the model returned %d predictions for %d rows" % (len(values), len(frame)))
                if name_of_column == question["key"]:
                    raise ValueError("the key column must not be called %r" % name_of_column)
            out = pd.DataFrame({question["key"]: frame[question["key"]].to_numpy(), **answers})
            out.to_parquet(job["out"], index=False)
            answer[name] = None
            if job.get("importance"):
                answer["importance"] = keep_importance(job["importance"], model, features, frame, question)
        except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever the user's model raises is an answer)
            trace = traceback.format_exc().strip().splitlines()
            answer[name] = {"message": "%s: %s" % (type(error).__name__, error), "trace": trace[-12:]}
    with open(answer_path, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def keep_importance(path, model, features, frame, question):
    """Write how much the model rests on each column; return why it could not be measured, or None."""
    try:
        found = measure(lambda rows: score(model, features, rows, question), frame, features, question)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (it is told beside the predictions, and must not cost them)
        return "%s: %s" % (type(error).__name__, error)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(found, file)
    return None


def read(path):
    """Read a data file as a frame."""
    import pandas as pd

    return pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)


def score(model, features, frame, question):
    """Return the columns of one model's answers: `score`, and of several classes `probability:CLASS`."""
    missing = [name for name in features if name not in frame.columns]
    if missing:
        raise ValueError("the held-out data lacks the model's columns %s" % ", ".join(missing[:10]))
    found, classes = predict(model, frame[features], question)
    return of_classes(found, classes) if question["task"] == "multiclass" else of_numbers(found)


def predict(model, rows, question):
    """Return what the model, or the user's function, says of the rows, and the classes that its columns are of."""
    classes = getattr(model, "classes_", None)
    if question["predict"]:
        module, _, name = question["predict"].partition(":")
        found = getattr(importlib.import_module(module), name)(model, rows)
        return found, getattr(found, "columns", classes)
    if question["task"] in ("binary", "multiclass") and hasattr(model, "predict_proba"):
        if question["task"] == "binary" and len(getattr(model, "classes_", (0, 1))) != 2:
            raise ValueError("the model knows %d classes; a binary task has 2" % len(model.classes_))
        return model.predict_proba(rows), classes
    return model.predict(rows), classes


def of_numbers(found):
    """Return one float a row."""
    import numpy as np

    scores = np.asarray(found)
    if scores.ndim == 2 and scores.shape[1] in (1, 2):
        scores = scores[:, -1]
    if scores.ndim != 1:
        raise ValueError("predictions have the shape %s; one number a row is expected" % (scores.shape,))
    return {"score": scores.astype(float)}


def of_classes(found, classes):
    """Return the predicted class of each row, and the probabilities where the model gives them."""
    import numpy as np

    answers = np.asarray(found)
    if answers.ndim == 2 and answers.shape[1] == 1:
        answers = answers[:, 0]
    if answers.ndim == 1:
        return {"score": np.array([name_of(value) for value in answers.tolist()], dtype=object)}
    if answers.ndim != 2 or classes is None or len(classes) != answers.shape[1]:
        shape = "predictions have the shape %s" % (answers.shape,)
        raise ValueError(shape + "; a class a row is expected, or a probability of each of the model's classes")
    names = [name_of(value) for value in np.asarray(classes).tolist()]
    best = np.array(names, dtype=object)[answers.argmax(axis=1)]
    columns = {"probability:%s" % name: answers[:, number].astype(float) for number, name in enumerate(names)}
    return {"score": best, **columns}


def load(folder, frame, question):
    """Return the model, as natively as its scores need, and the columns it was trained on."""
    import mlflow.pyfunc

    wrapped = mlflow.pyfunc.load_model(folder)
    schema = wrapped.metadata.get_input_schema()
    named = schema is not None and schema.has_input_names()
    others = [name for name in frame.columns if name not in question["not_features"]]
    model = wrapped
    if "sklearn" in wrapped.metadata.flavors:
        model = wrapped.get_raw_model() if hasattr(wrapped, "get_raw_model") else wrapped._model_impl.sklearn_model
    if named:
        return model, schema.input_names()
    return model, [str(name) for name in getattr(model, "feature_names_in_", others)]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
