"""Call the user's training function inside the MLflow run that mlgate opened.

Usage: fit.py MODULE:FUNCTION. The function receives those of `train` (path of the training data), `params` (dict)
and `seed` (int) that its signature names. It logs one model, or returns a fitted scikit-learn model.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sys


def main(target):
    """Import, call, and log what it returns."""
    sys.path.insert(0, os.getcwd())
    module, _, name = target.partition(":")
    function = getattr(importlib.import_module(module), name)
    offered = {
        "train": os.environ["MLGATE_TRAIN_DATA"],
        "params": json.loads(os.environ["MLGATE_PARAMS"]),
        "seed": int(os.environ["MLGATE_SEED"]),
    }
    wanted = inspect.signature(function).parameters
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in wanted.values())
    import mlflow

    with mlflow.start_run():  # resumes MLFLOW_RUN_ID
        model = function(**{key: value for key, value in offered.items() if takes_all or key in wanted})
        if hasattr(model, "predict"):
            log(model, offered["train"])


def log(model, train):
    """Log a returned scikit-learn model with the signature of its features."""
    import mlflow
    import mlflow.sklearn
    import pandas as pd
    from mlflow.models import infer_signature

    features = getattr(model, "feature_names_in_", None)
    signature = None
    if features is not None:
        frame = pd.read_parquet(train) if train.endswith(".parquet") else pd.read_csv(train)
        rows = frame[list(features)].head(100)
        signature = infer_signature(rows, model.predict(rows))
    argument = "name" if "name" in inspect.signature(mlflow.sklearn.log_model).parameters else "artifact_path"
    mlflow.sklearn.log_model(model, **{argument: "model"}, signature=signature)


if __name__ == "__main__":
    main(sys.argv[1])
