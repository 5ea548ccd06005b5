"""Draft a configuration from what a repository holds; a person reads and corrects it."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from mlgate.data.files.members import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LABELS = ("label", "target", "y", "class", "outcome")
SKIPPED = {".git", ".venv", "venv", "node_modules", ".mlgate", "__pycache__", "mlruns", "mlartifacts", "build", "dist"}
MAX_FILES = 5000
LEFT_BEHIND = (".mlgate/", "mlflow.db", "mlartifacts/")

TEMPLATE = """\
# mlgate: what makes a model of this repository, and what it must show before it ships.
# `mlgate schema > mlgate.schema.json` lets editors complete and check this file.
# yaml-language-server: $schema=mlgate.schema.json
version: 1

models:
  # the name of the registered model; serving pulls models:/{name}@production
  {name}:
    data:
      train: {train}
      # never shown to the training; candidate and production are both scored on it
      held_out: {held_out}
      {schema}
      # identifies a row: rows are paired by it, never by their order{key_note}
      key: {key}
      # the truth{label_note}
      label: {label}

    train:
      # your script, in your Python; it reads the path in MLGATE_TRAIN_DATA and logs one model with MLflow
      command: {command}
      # given to it as MLGATE_SEED
      seed: 7
      # files and folders whose change in git makes another model
      inputs: ["."]

    evaluate:
      # binary, multiclass, regression or ranking
      task: {task}

    gate:
      # all must hold; each is judged by a 95 % confidence interval
      rules:
{rules}

registry:
  # for a laptop; the environment variable MLFLOW_TRACKING_URI goes first
  tracking_uri: sqlite:///mlflow.db
"""

BINARY_RULES = """\
        # what a first model must show: better than a coin by far
        - {metric: roc_auc, lower_bound: 0.6}
        # what every later one must show: not worse than production, by the margin at most
        - {metric: roc_auc, test: non_inferiority, margin: 0.01}
        - {metric: log_loss, test: non_inferiority, margin: 0.01}
"""
REGRESSION_RULES = """\
        # what a first model must show: better than always answering the mean, whose RMSE on {train} is {spread}
        - {{metric: rmse, upper_bound: {spread}}}
        # what every later one must show: not worse than production, by the margin at most
        - {{metric: rmse, test: non_inferiority, margin: {margin}}}
"""
UNKNOWN_SPREAD = 1.0


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the repository holds, as far as could be seen."""

    train: str | None = None
    held_out: str | None = None
    schema: str | None = None
    key: str | None = None
    label: str | None = None
    task: str = "binary"
    spread: float | None = None
    script: str | None = None


def look(folder: Path) -> Found:
    """Find data files, a schema, a training script, and guess key and label from the data's first rows."""
    paths = _files(folder)
    data = [path for path in paths if path.lower().endswith(tuple(SUFFIXES))]
    held_out = _first(data, r"(held.?out|hold.?out|test|valid|eval)")
    train = _first([path for path in data if path != held_out], r"train") or next(
        (path for path in data if path != held_out), None
    )
    scripts = [path for path in paths if path.endswith(".py")]
    schema = _first([path for path in paths if path.endswith((".yaml", ".yml"))], r"schema")
    columns = _columns(folder / train) if train else Columns()
    return Found(
        train=train,
        held_out=held_out,
        schema=schema,
        key=columns.key,
        label=columns.label,
        task=columns.task,
        spread=columns.spread,
        script=_first(scripts, r"(^|/)train[^/]*\.py$"),
    )


def draft(name: str, found: Found) -> str:
    """Write the configuration; what could not be found is said beside the key."""
    schema = (
        f"schema: {_scalar(found.schema)}"
        if found.schema
        else "# schema: schema.yaml (`mlgate infer-schema DATA -o schema.yaml` drafts it; or FILE.py:CLASS)"
    )
    return TEMPLATE.format(
        name=name,
        train=_scalar(found.train or "data/train.parquet"),
        held_out=_scalar(found.held_out or "data/held_out.parquet"),
        schema=schema,
        key=_scalar(found.key or "id"),
        key_note="" if found.key else "; none was found: name yours",
        label=_scalar(found.label or "label"),
        label_note="" if found.label else "; none was found: name yours",
        command=_scalar(f"python {shlex.quote(found.script or 'train.py')}"),
        task=found.task,
        rules=_rules(found).rstrip("\n"),
    )


def _scalar(value: str | float) -> str:
    """Write a value as YAML reads it back, quoted where it must be."""
    return yaml.safe_dump(value, width=float("inf"), allow_unicode=True).removesuffix("...\n").strip()


def _rules(found: Found) -> str:
    if found.task == "binary":
        return BINARY_RULES
    spread = found.spread or UNKNOWN_SPREAD
    return REGRESSION_RULES.format(train=found.train, spread=_rounded(spread, 4), margin=_rounded(spread / 100, 1))


def ignored(before: str) -> str:
    """Add to the text of a .gitignore what mlgate and an embedded store leave behind."""
    missing = [line for line in LEFT_BEHIND if line not in before.splitlines()]
    return before if not missing else "\n".join([*before.splitlines(), "# mlgate", *missing, ""])


def _rounded(value: float, digits: int) -> str:
    return _scalar(float(f"{value:.{digits}g}"))


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


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What the columns look like; `spread` is the standard deviation of a regression's label."""

    key: str | None = None
    label: str | None = None
    task: str = "binary"
    spread: float | None = None


def _columns(path: Path) -> Columns:
    try:
        import polars as pl

        from mlgate.data.files.read import scan
        from mlgate.errors import MlgateError
    except ImportError:  # the light installation cannot look into data
        return Columns()
    try:
        frame = scan(path).head(10_000).collect()
    except MlgateError:
        return Columns()
    unique = [name for name in frame.columns if frame[name].n_unique() == frame.height and frame.height > 1]
    key = next((name for name in unique if re.search(r"(^|_)(id|key|uuid)$", name, re.IGNORECASE)), None)
    binary = [name for name in frame.columns if frame[name].drop_nulls().n_unique() == 2]
    label = next((name for name in frame.columns if name.lower() in LABELS), None)
    label = label or (binary[-1] if len(binary) == 1 else None)
    if label is None or label in binary or not frame[label].dtype.is_numeric():
        return Columns(key=key, label=label)
    spread = frame[label].cast(pl.Float64).drop_nans().std()
    return Columns(key=key, label=label, task="regression", spread=spread if isinstance(spread, float) else None)
