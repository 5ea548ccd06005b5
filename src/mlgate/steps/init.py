"""Draft a configuration from what a repository holds; a person reads and corrects it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DATA_SUFFIXES = (".parquet", ".csv", ".csv.gz")
LABELS = ("label", "target", "y", "class", "outcome")
SKIPPED = {".git", ".venv", "venv", "node_modules", ".mlgate", "__pycache__", "mlruns", "mlartifacts", "build", "dist"}
MAX_FILES = 5000

TEMPLATE = """\
# mlgate: what makes a model of this repository, and what it must show before it ships.
# `mlgate schema > mlgate.schema.json` lets editors complete and check this file.
# yaml-language-server: $schema=mlgate.schema.json
version: 1

models:
  {name}:                       # name of the registered model; serving pulls models:/{name}@production
    data:
      train: {train}
      held_out: {held_out}      # never shown to the training; both models are scored on it
{schema}      key: {key}                 # identifies a row; rows are paired by it{key_note}
      label: {label}                 # the truth{label_note}
    train:
      command: {command}        # your script, in your Python; reads MLGATE_TRAIN_DATA, logs one model with MLflow
      seed: 7                   # given as MLGATE_SEED
      inputs: ["."]             # what, when changed in git, makes another model
    evaluate:
      task: {task}              # binary or regression
    gate:
      rules:                    # all must hold; each is judged by a 95 % confidence interval
{rules}
registry:
  # The environment variable MLFLOW_TRACKING_URI goes first; this store is for a laptop.
  tracking_uri: sqlite:///mlflow.db
"""

BINARY_RULES = """\
        - {metric: roc_auc, lower_bound: 0.6}                            # shown to be at least 0.6
        - {metric: roc_auc, test: non_inferiority, margin: 0.01}         # shown not to be worse than production
        - {metric: log_loss, test: non_inferiority, margin: 0.01}
"""
REGRESSION_RULES = """\
        - {metric: rmse, upper_bound: 1000000}                           # set what a first model must reach
        - {metric: rmse, test: non_inferiority, margin: 0.01}            # shown not to be worse than production
"""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the repository holds, as far as could be seen."""

    train: str | None = None
    held_out: str | None = None
    schema: str | None = None
    key: str | None = None
    label: str | None = None
    task: str = "binary"
    script: str | None = None


def look(folder: Path) -> Found:
    """Find data files, a schema, a training script, and guess key and label from the data's first rows."""
    paths = _files(folder)
    data = [path for path in paths if path.endswith(DATA_SUFFIXES)]
    held_out = _first(data, r"(held.?out|hold.?out|test|valid|eval)")
    train = _first([path for path in data if path != held_out], r"train") or next(
        (path for path in data if path != held_out), None
    )
    scripts = [path for path in paths if path.endswith(".py")]
    schema = _first([path for path in paths if path.endswith((".yaml", ".yml"))], r"schema")
    key, label, task = _columns(folder / train) if train else (None, None, "binary")
    return Found(
        train=train,
        held_out=held_out,
        schema=schema,
        key=key,
        label=label,
        task=task,
        script=_first(scripts, r"(^|/)train[^/]*\.py$"),
    )


def draft(name: str, found: Found) -> str:
    """Write the configuration; what could not be found is said beside the key."""
    return TEMPLATE.format(
        name=name,
        train=found.train or "data/train.parquet",
        held_out=found.held_out or "data/held_out.parquet",
        schema=f"      schema: {found.schema}\n"
        if found.schema
        else "      # schema: schema.yaml   # a pandera schema, as YAML or FILE.py:CLASS\n",
        key=found.key or "id",
        key_note="" if found.key else "; none was found: name yours",
        label=found.label or "label",
        label_note="" if found.label else "; none was found: name yours",
        command=f"python {found.script or 'train.py'}",
        task=found.task,
        rules=(BINARY_RULES if found.task == "binary" else REGRESSION_RULES).rstrip("\n"),
    )


def model_name(folder: Path) -> str:
    """Turn the folder's name into a name for the model."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.resolve().name).strip("-._")[:100] or "model"


def _files(folder: Path) -> list[str]:
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not SKIPPED.intersection(parts) and path.is_file():
            found.append("/".join(parts))
        if len(found) >= MAX_FILES:
            break
    return sorted(found, key=lambda name: (name.count("/"), name))


def _first(paths: Sequence[str], pattern: str) -> str | None:
    return next((path for path in paths if re.search(pattern, path, re.IGNORECASE)), None)


def _columns(path: Path) -> tuple[str | None, str | None, str]:
    try:
        import polars as pl

        from mlgate.data.read import scan
        from mlgate.errors import MlgateError
    except ImportError:  # the light installation cannot look into data
        return None, None, "binary"
    try:
        frame = scan(path).head(10_000).collect()
    except MlgateError:
        return None, None, "binary"
    unique = [name for name in frame.columns if frame[name].n_unique() == frame.height and frame.height > 1]
    key = next((name for name in unique if re.search(r"(^|_)(id|key|uuid)$", name, re.IGNORECASE)), None)
    binary = [name for name in frame.columns if frame[name].drop_nulls().n_unique() == 2]
    label = next((name for name in frame.columns if name.lower() in LABELS), None)
    label = label or (binary[-1] if len(binary) == 1 else None)
    numeric = label is not None and frame[label].dtype.is_numeric() and label not in binary
    if label is None or frame.schema[label] == pl.String:
        return key, label, "binary"
    return key, label, "regression" if numeric else "binary"
