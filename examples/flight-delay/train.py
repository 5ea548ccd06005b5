"""Train a model that says how likely a flight is to arrive more than 15 minutes late.

mlgate runs this script inside an MLflow run that it has opened, and says through the environment what to use:

- MLGATE_TRAIN_DATA: path of the training data
- MLGATE_SEED: seed of everything random
- MLGATE_PARAMS: the `params` of mlgate.yaml, as JSON

Without mlgate it runs as well, into a run of its own: `python train.py`.
"""

from __future__ import annotations

import inspect
import json
import os
import warnings
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder
from threadpoolctl import threadpool_limits

HERE = Path(__file__).parent
LABEL = "late"
CATEGORIES = ["carrier", "origin", "dest"]
SCHEDULE = [*CATEGORIES, "distance", "weekday", "hour"]
WEATHER = ["temp", "humid", "wind_speed", "precip", "pressure", "visib"]
FEATURES = SCHEDULE + WEATHER

DEFAULTS = {"max_iter": 80, "learning_rate": 0.1, "max_leaf_nodes": 8}
# What the model file may hold besides arrays: skops loads only named types, where a pickle runs any code.
TRUSTED_TYPES = ["sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"]


def main() -> None:
    """Fit, log the learning curve, log the model."""
    rows = pd.read_parquet(os.environ.get("MLGATE_TRAIN_DATA", HERE / "data" / "train.parquet"))
    params = DEFAULTS | json.loads(os.environ.get("MLGATE_PARAMS", "{}"))
    seed = int(os.environ.get("MLGATE_SEED", "0"))

    with threadpool_limits(1):  # on so little data, threads of a busy runner wait longer than they work
        model = build(params, seed).fit(rows[FEATURES], rows[LABEL])
    with mlflow.start_run():  # continues mlgate's run where there is one
        mlflow.log_params({"features": len(FEATURES), "rows": len(rows)})
        log_curve(model.named_steps["classifier"])
        log_model(model, rows[FEATURES].head(50))
    print(f"trained on {len(rows)} flights with {len(FEATURES)} features")


def build(params: dict[str, float], seed: int) -> Pipeline:
    """Return the untrained model: gradient-boosted trees, which take missing weather as it is."""
    encode = OneHotEncoder(handle_unknown="ignore", min_frequency=50, sparse_output=False)
    return Pipeline(
        [
            ("columns", ColumnTransformer([("categories", encode, CATEGORIES)], remainder="passthrough")),
            ("classifier", HistGradientBoostingClassifier(**params, early_stopping=True, random_state=seed)),
        ]
    )


def log_curve(classifier: HistGradientBoostingClassifier) -> None:
    """Log the loss after every fifth tree, on the rows learned from and on a tenth kept back to stop in time."""
    curves = zip(classifier.train_score_, classifier.validation_score_, strict=True)
    for step, (learned, kept_back) in enumerate(curves):
        if step % 5 == 0 or step == classifier.n_iter_:
            mlflow.log_metrics({"train_log_loss": -learned, "validation_log_loss": -kept_back}, step=step)


def log_model(model: Pipeline, example: pd.DataFrame) -> None:
    """Log the model with its signature: its columns are what mlgate will score it on."""
    # MLflow warns that whole numbers cannot be missing; schema.yaml sees to it that these never are
    warnings.filterwarnings("ignore", message=".*integer column")
    accepted = inspect.signature(mlflow.sklearn.log_model).parameters
    options = {"name": "model"} if "name" in accepted else {"artifact_path": "model"}  # MLflow 3, MLflow 2
    if "skops_trusted_types" in accepted:
        options |= {"serialization_format": "skops", "skops_trusted_types": TRUSTED_TYPES}
    mlflow.sklearn.log_model(
        model,
        **options,
        signature=infer_signature(example, model.predict(example)),
        pip_requirements=str(HERE / "requirements.txt"),
    )


if __name__ == "__main__":
    main()
