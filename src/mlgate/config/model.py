"""The configuration as frozen values: every key, its meaning and its default, in one place."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mlgate.config.gate import Gate, Slices
from mlgate.config.metrics import KNOWN, Task, known
from mlgate.config.rule import Rule
from mlgate.config.section import Column, Failures, Path, Section, Share

MODEL_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"
ALIAS_NAME = r"[a-z][a-z0-9_-]{0,62}"


class Shift(Section):
    """How far a column may move from what production was trained on."""

    floor: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        0.02, description="Debiased population stability index (PSI) above which a column counts as shifted."
    )
    severity: Literal["warn", "error"] = Field("warn", description="Whether a shifted column stops the pipeline.")
    ignore: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description="Columns whose shift is expected, such as dates and keys."
    )


class Tolerance(Section):
    """How strictly some rules of the data are taken; of several that fit a broken rule, the first that is written."""

    column: Column | None = Field(None, description="The column whose rules are meant; every column where left out.")
    rule: str | None = Field(None, description="The rule that is meant, such as in_range; every rule where left out.")
    max_failures: Failures = Field(0.0, description="Share of rows that may break the rule, such as 0.1%.")
    severity: Literal["warn", "error"] = Field("error", description="Whether more failures stop the pipeline.")

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if self.column is None and self.rule is None:
            raise ValueError("name the column, the rule, or both")
        if not self.max_failures and self.severity == "error":
            raise ValueError("give max_failures, severity: warn, or both; without either nothing is tolerated")
        return self


class RowColumns(Section):
    """The columns that say which row is which, and what is true of it."""

    key: Column = Field(description="Column that identifies a row; rows are paired by it, never by their order.")
    label: Column = Field(description="Column that holds the truth.")
    weight: Column | None = Field(None, description="Column that says how much a row counts in every metric.")
    cluster: Column | None = Field(
        None, description="Column of what was sampled (user, patient, session) where that is not the row."
    )
    query: Column | None = Field(None, description="Column of the query that a row answers (task: ranking).")

    @model_validator(mode="after")
    def _key_is_no_score(self) -> Self:
        if self.key == "score":
            raise ValueError("the key column must not be called score, as the column of predictions is")
        return self

    @property
    def about_rows(self) -> list[str]:
        """The columns that say what a row is, beside its prediction."""
        return [name for name in (self.key, self.label, self.weight, self.cluster, self.query) if name is not None]


class Data(RowColumns):
    """What the model learns from and what it is judged on."""

    train: Path = Field(
        description="Training data: a Parquet, CSV, JSONL or Arrow file, or a folder or pattern of such."
    )
    held_out: Path = Field(description="Held-out data that candidate and production are both scored on.")
    schema_: Path | None = Field(
        None, alias="schema", description="A pandera schema: a YAML file, or FILE.py:CLASS for a DataFrameModel."
    )
    min_rows: Annotated[int, Field(ge=1)] = Field(1, description="Fewest rows that either file may hold.")
    tolerances: Annotated[tuple[Tolerance, ...], Field(strict=False)] = Field(
        (), description="Rules of the data that some rows may break, or that only warn."
    )
    shift: Shift = Field(default_factory=Shift, description="Distribution shift against production's training data.")

    @property
    def measured_shift(self) -> Shift:
        """`shift`, with the key ignored too: keys differ in every version of the data."""
        return self.shift.model_copy(update={"ignore": (*self.shift.ignore, self.key)})


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
        pattern=r"^.*\{model\}.+$|^.+\{model\}.*$",
        description="Registered model that candidates land in.",
    )
    alias: Annotated[str, Field(pattern=f"^{ALIAS_NAME}$")] = Field(
        "production", description="Alias that serving pulls."
    )
    max_evidence_age_days: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        14, description="Days after which a comparison is too old to promote on."
    )


class Report(Section):
    """The pull-request comment."""

    comment: Literal["always", "off"] = Field("always", description="Whether to write the pull-request comment.")


class Config(Section):
    """The whole of `mlgate.yaml`."""

    version: Literal[1] = Field(description="Version of this file's format.")
    models: Annotated[dict[str, Model], Field(min_length=1)] = Field(description="The models, by registered name.")
    registry: Registry = Field(default_factory=Registry)
    report: Report = Field(default_factory=Report)

    @model_validator(mode="after")
    def _names_are_safe(self) -> Self:
        for name in self.models:
            if not re.fullmatch(MODEL_NAME, name):
                msg = f"model name {name[:80]!r} must match {MODEL_NAME}"
                raise ValueError(msg)
        return self


__all__ = ["Config", "Data", "Evaluate", "Gate", "Model", "RowColumns", "Rule", "Slices", "require_sense"]
