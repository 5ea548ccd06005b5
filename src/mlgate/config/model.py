"""The configuration as frozen values: every key, its meaning and its default, in one place."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

MODEL_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"
ALIAS_NAME = r"[a-z][a-z0-9_-]{0,62}"

Path = Annotated[str, Field(min_length=1)]
Column = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]


class Section(BaseModel):
    """A part of `mlgate.yaml`: unknown keys and wrong types are errors, nothing is coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Shift(Section):
    """How far a column may move from what production was trained on."""

    floor: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        0.1, description="Debiased population stability index (PSI) above which a column counts as shifted."
    )
    severity: Literal["warn", "error"] = Field("warn", description="Whether a shifted column stops the pipeline.")
    ignore: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description="Columns whose shift is expected, such as dates and keys."
    )


class RowColumns(Section):
    """The columns that say which row is which, and what is true of it."""

    key: Column = Field(description="Column that identifies a row; rows are paired by it, never by their order.")
    label: Column = Field(description="Column that holds the truth.")


class Data(RowColumns):
    """What the model learns from and what it is judged on."""

    train: Path = Field(description="Training data: a Parquet or CSV file, relative to mlgate.yaml.")
    held_out: Path = Field(description="Held-out data that candidate and production are both scored on.")
    schema_: Path | None = Field(
        None, alias="schema", description="A pandera schema: a YAML file, or FILE.py:CLASS for a DataFrameModel."
    )
    min_rows: Annotated[int, Field(ge=1)] = Field(1, description="Fewest rows that either file may hold.")
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

    task: Literal["binary", "regression"] = Field(description="What the model predicts.")
    threshold: Share = Field(0.5, description="Score from which a binary prediction counts as positive.")
    predict: Path | None = Field(
        None,
        description="MODULE:FUNCTION(model, frame) that returns one score a row; default: predict_proba, else predict.",
    )
    min_rows: Annotated[int, Field(ge=1)] = Field(30, description="Fewest held-out rows on which the gate judges.")


BinaryMetric = Literal[
    "accuracy",
    "precision",
    "recall",
    "specificity",
    "f1",
    "balanced_accuracy",
    "matthews_corrcoef",
    "cohen_kappa",
    "roc_auc",
    "log_loss",
    "brier",
    "negative_flip_rate",
]
RegressionMetric = Literal["rmse", "mae"]
MetricName = BinaryMetric | RegressionMetric
TASK_METRICS: dict[str, frozenset[str]] = {
    "binary": frozenset(get_args(BinaryMetric)),
    "regression": frozenset(get_args(RegressionMetric)),
}
TestName = Literal["superiority", "non_inferiority", "equivalence", "no_regression", "point"]
WITH_MARGIN = frozenset({"non_inferiority", "equivalence", "no_regression", "point"})


class Rule(Section):
    """One rule of the gate: either a comparison with production (`test`) or a bound on the candidate alone."""

    metric: MetricName = Field(description="What is measured on the held-out rows.")
    test: TestName | None = Field(
        None, description="Which side bears the burden of proof in the comparison with production."
    )
    margin: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        0.0, description="How much worse than production still counts as not worse, in the metric's units."
    )
    relative_margin: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = Field(
        0.0, description="The margin as a share of production's value on these rows, instead of `margin`."
    )
    min_effect: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        0.0, description="How much better than production the candidate must be shown to be (superiority)."
    )
    lower_bound: Number | None = Field(None, description="The candidate's metric must be shown to be at least this.")
    upper_bound: Number | None = Field(None, description="The candidate's metric must be shown to be at most this.")
    judge: Literal["interval", "point"] = Field(
        "interval", description="Whether the whole confidence interval or only the estimate must respect a bound."
    )

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        bounds = [bound for bound in (self.lower_bound, self.upper_bound) if bound is not None]
        problem = None
        if (self.test is None) == (not bounds):
            problem = "a rule asks one question: give either test, or lower_bound / upper_bound"
        elif self.metric == "negative_flip_rate" and self.test:
            problem = "negative_flip_rate looks at both models itself: give upper_bound"
        elif len(bounds) == 2 and bounds[0] >= bounds[1]:
            problem = "lower_bound must be below upper_bound"
        elif self.margin and self.relative_margin:
            problem = "give either margin or relative_margin"
        elif (self.margin or self.relative_margin) and self.test not in WITH_MARGIN:
            problem = f"a margin belongs to test: {', '.join(sorted(WITH_MARGIN))}"
        elif self.test == "equivalence" and not (self.margin or self.relative_margin):
            problem = "equivalence needs a margin: no two models are shown to be exactly equal"
        elif self.min_effect and self.test != "superiority":
            problem = "min_effect belongs to test: superiority"
        if problem:
            raise ValueError(problem)
        return self

    @property
    def name(self) -> str:
        """The rule in a few words, as it appears in reports: `roc_auc non_inferiority (margin 0.005)`."""
        if self.test is None:
            bounds = [f">= {self.lower_bound:g}" if self.lower_bound is not None else ""]
            bounds.append(f"<= {self.upper_bound:g}" if self.upper_bound is not None else "")
            return f"{self.metric} {' and '.join(filter(None, bounds))}"
        sizes = {
            "margin": f"{self.margin:g}" if self.margin else "",
            "relative margin": f"{self.relative_margin * 100:g}%" if self.relative_margin else "",
            "min_effect": f"{self.min_effect:g}" if self.min_effect else "",
        }
        effect = next((f" ({what} {size})" for what, size in sizes.items() if size), "")
        return f"{self.metric} {self.test}{effect}"


class Slices(Section):
    """Rules that must hold on every part of the held-out rows: for each value of some columns."""

    by: Annotated[tuple[Column, ...], Field(strict=False, min_length=1)] = Field(
        description="Columns of the held-out data; several make a slice of each combination."
    )
    rules: Annotated[tuple[Rule, ...], Field(strict=False, min_length=1)] = Field(description="All, on every slice.")
    min_rows: Annotated[int, Field(ge=2)] = Field(
        100, description="Rows below which a slice is reported and not judged."
    )


class Gate(Section):
    """The policy that decides whether a candidate may replace production."""

    rules: Annotated[tuple[Rule, ...], Field(strict=False, min_length=1)] = Field(description="All must hold.")
    slices: Annotated[tuple[Slices, ...], Field(strict=False)] = Field(
        (), description="Rules for parts of the held-out rows."
    )
    confidence_level: Share = Field(0.95, description="Of every two-sided confidence interval.")
    on_inconclusive: Literal["fail", "pass"] = Field(
        "fail", description="Whether a rule that the data cannot decide blocks the candidate."
    )
    seed: int = Field(20260101, description="Of the resampling, where a metric has no closed form.")


def require_metrics_of(task: str, gate: Gate) -> None:
    """Raise ValueError where a rule's metric is not defined for `task`."""
    known = TASK_METRICS[task]
    for rule in (*gate.rules, *(rule for slices in gate.slices for rule in slices.rules)):
        if rule.metric not in known:
            msg = f"metric {rule.metric} is not defined for task {task}; it has {', '.join(sorted(known))}"
            raise ValueError(msg)


class Model(Section):
    """One model of the repository, from its data to its gate."""

    data: Data
    train: Train
    evaluate: Evaluate
    gate: Gate

    @model_validator(mode="after")
    def _metrics_fit_the_task(self) -> Self:
        require_metrics_of(self.evaluate.task, self.gate)
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
