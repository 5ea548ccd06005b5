"""What a training is told: its command, its variables, and the tags of its run."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from mlgate.errors import ConfigError
from mlgate.tag_names import COMMIT, DIRTY, INPUTS, MODEL, RUN_TAG, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mlgate.config.model import Train
    from mlgate.records import Code


def command(train: Train, python: str, worker: Path) -> list[str]:
    """Return the argument vector: the user's command split as a shell would, or the worker that calls the function."""
    if train.function is not None:
        return [python, str(worker), train.function]
    try:
        words = shlex.split(train.command or "")
    except ValueError as error:
        raise ConfigError(f"train.command cannot be split into words: {error}", hint="close its quotes") from error
    if not words:
        raise ConfigError("train.command is empty", hint="name the program that trains, such as `python train.py`")
    return [python, *words[1:]] if words[0] in {"python", "python3"} else words


def variables(train: Train, *, data: Path, tracking_uri: str, experiment_id: str, run_id: str) -> dict[str, str]:
    """Return the variables that carry the request.

    MLFLOW_RUN_ID makes plain `mlflow.log_*` land in the run. MLflow 3 logs a model outside any run when none was
    started yet: MLFLOW_RUN_CONTEXT tags such a model with the run that it belongs to.
    """
    return {
        "MLGATE_TRAIN_DATA": str(data),
        "MLGATE_SEED": str(train.seed),
        "MLGATE_PARAMS": json.dumps(train.params, sort_keys=True),
        "PYTHONHASHSEED": str(train.seed % 2**32),
        "MLFLOW_TRACKING_URI": tracking_uri,
        "MLFLOW_EXPERIMENT_ID": experiment_id,
        "MLFLOW_RUN_ID": run_id,
        "MLFLOW_RUN_CONTEXT": json.dumps({RUN_TAG: run_id}),
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


def run_tags(model: str, code: Code, mlgate: str, extra: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of the run: which code, clean or not, made by which mlgate, for which pull request."""
    return {
        MODEL: model,
        VERSION: mlgate,
        COMMIT: code.commit,
        INPUTS: code.inputs_digest,
        DIRTY: "true" if code.dirty else "false",
        "mlflow.source.git.commit": code.commit,
        **extra,
    }
