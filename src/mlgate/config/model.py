"""The configuration as frozen values: every key, its meaning and its default, in one place."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mlgate.config.data import Data, RowColumns
from mlgate.config.gate import Gate, Slices
from mlgate.config.metrics import KNOWN, Task, known
from mlgate.config.promotion import Promotion
from mlgate.config.report import Report
from mlgate.config.rule import Rule
from mlgate.config.section import Path, Section, Share

MODEL_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"
ALIAS_NAME = r"[a-z][a-z0-9_-]{0,62}"


class Train(Section):
    """How a candidate is made, in the user's own Python."""

    command: Path | None = Field(
        None, description="Command that trains and logs one model with MLflow; run without a shell."
    )
    function: Path | None = Field(
        None,
        description="MODULE:FUNCTION to call instead of a command; it returns a fitted scikit-learn model or logs one.",
    )
    python: Path = Field("python", description="The Python that has the training's libraries; also scores the models.")
    seed: int = Field(0, description="Given to the training as MLGATE_SEED, and recorded.")
    params: dict[str, str | int | float | bool] = Field(
        default_factory=dict, description="Given to the training as JSON in MLGATE_PARAMS, and recorded."
    )
    timeout_minutes: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        60, description="Minutes after which the training is stopped."
    )
    inputs: Annotated[tuple[Path, ...], Field(strict=False)] = Field(
        (".",), description="Files and folders, tracked by git, whose change makes another model."
    )

    @model_validator(mode="after")
    def _one_way_to_train(self) -> Self:
        if (self.command is None) == (self.function is None):
            msg = "give exactly one of command and function"
            raise ValueError(msg)
        return self


class Evaluate(Section):
    """How predictions are made and read."""

    task: Task = Field(description="What the model predicts.")
    threshold: Share = Field(0.5, description="Score from which a binary prediction counts as positive.")
    predict: Path | None = Field(
        None,
        description="MODULE:FUNCTION(model, frame) that returns one score a row; default: predict_proba, else predict.",
    )
    min_rows: Annotated[int, Field(ge=1)] = Field(30, description="Fewest held-out rows on which the gate judges.")


def require_sense(task: str, data: RowColumns, gate: Gate) -> None:
    """Raise ValueError where a rule's metric is not defined for `task`, or its method not for such rows."""
    for rule in gate.every_rule:
        if task not in known(rule.metric).tasks:
            names = ", ".join(name for name, one in KNOWN.items() if task in one.tasks)
            raise ValueError(f"metric {rule.metric} is not defined for task {task}; it has {names}")
        if task == "binary" and rule.average is not None:
            raise ValueError(f"{rule.measured}: a binary task has one class to look at; leave average out")
        if rule.method != "auto" and (data.weight or data.cluster):
            raise ValueError(
                f"{rule.name}: McNemar's test counts rows; with weight or cluster only method: auto is right"
            )
        if rule.method != "auto" and task == "multiclass" and rule.metric in {"recall", "specificity"}:
            raise ValueError(f"{rule.name}: McNemar's test is of all rows, and of recall with two classes only")
    if (task == "ranking") != (data.query is not None):
        raise ValueError("data.query names the column of the queries, which task: ranking needs, and no other task has")
    if task == "ranking" and data.weight:
        raise ValueError("task: ranking takes no data.weight: every query counts the same")


class Model(Section):
    """One model of the repository, from its data to its gate."""

    data: Data
    train: Train
    evaluate: Evaluate
    gate: Gate

    @model_validator(mode="after")
    def _metrics_fit_the_task(self) -> Self:
        require_sense(self.evaluate.task, self.data, self.gate)
        return self


class Registry(Section):
    """Where versions live; `models:/NAME@production` is what serving pulls."""

    tracking_uri: Path | None = Field(
        None, description="MLflow tracking server or store; the environment variable MLFLOW_TRACKING_URI goes first."
    )
    candidates: str = Field(
        "{model}-candidates",
        pattern=r"^[^{}]*\{model\}[^{}]*$",
        description="Registered model that candidates land in; {model} alone shares one with production, less safely.",
    )
    alias: Annotated[str, Field(pattern=f"^{ALIAS_NAME}$")] = Field(
        "production", description="Alias that serving pulls."
    )
    staging_alias: Annotated[str, Field(pattern=f"^{ALIAS_NAME}$")] = Field(
        "staging", description="Alias of the version in staging."
    )
    max_evidence_age_days: Annotated[float, Field(gt=0, le=36_500, allow_inf_nan=False)] = Field(
        14, description="Days after which a comparison is too old to promote on."
    )

    @model_validator(mode="after")
    def _two_aliases(self) -> Self:
        if self.alias == self.staging_alias:
            raise ValueError(f"alias and staging_alias are both {self.alias}: production and staging need one each")
        for alias in (self.alias, self.staging_alias):
            if alias == "latest" or re.fullmatch(r"v\d+", alias):
                raise ValueError(f"MLflow reserves the alias {alias}: choose another")
        return self


class Config(Section):
    """The whole of `mlgate.yaml`."""

    version: Literal[1] = Field(description="Version of this file's format.")
    models: Annotated[dict[str, Model], Field(min_length=1)] = Field(description="The models, by registered name.")
    registry: Registry = Field(default_factory=Registry)
    promotion: Promotion = Field(default_factory=Promotion)
    report: Report = Field(default_factory=Report)

    @model_validator(mode="after")
    def _names_are_safe(self) -> Self:
        for name in self.models:
            if not re.fullmatch(MODEL_NAME, name):
                msg = f"model name {name[:80]!r} must match {MODEL_NAME}"
                raise ValueError(msg)
        return self


__all__ = ["Config", "Evaluate", "Gate", "Model", "Rule", "Slices", "require_sense"]
