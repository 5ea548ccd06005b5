"""A policy alone: what `mlgate compare` needs to judge two files of predictions, without registry and git."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from mlgate.config.data import RowColumns
from mlgate.config.gate import Gate
from mlgate.config.metrics import known
from mlgate.config.model import Evaluate, require_sense
from mlgate.config.section import Column, Path, Section


class PredictionColumns(RowColumns):
    """The columns of a file of predictions."""

    score: Column = Field("score", description="Column that holds the prediction: for a binary task, of the positives.")
    probabilities: Column | None = Field(
        None,
        pattern=r"\{class\}",
        description="Columns of the classes' probabilities, such as p_{class} (task: multiclass).",
    )


class Policy(Section):
    """The whole of a policy file."""

    version: Literal[1] = Field(description="Version of this file's format.")
    data: PredictionColumns = Field(description="Columns of the files; both hold key, label and score.")
    evaluate: Evaluate = Field(description="How predictions are read.")
    gate: Gate
    python: Path | None = Field(
        None, description="The Python in which metrics of your own (scorer:, function:) are run; default: mlgate's own."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        require_sense(self.evaluate.task, self.data, self.gate)
        if self.evaluate.predict is not None:
            msg = "evaluate.predict makes predictions, and here they are made already: leave it out"
            raise ValueError(msg)
        if self.data.probabilities and self.evaluate.task != "multiclass":
            raise ValueError("data.probabilities is for task: multiclass; other tasks have one score")
        if self.gate.holdout is not None:
            raise ValueError("gate.holdout counts in the registry, which two files have not: it belongs to mlgate.yaml")
        for rule in self.gate.every_rule:
            if known(rule.metric).of == "cost":
                raise ValueError(f"{rule.metric} is measured on the models, and here are their predictions only")
        return self
