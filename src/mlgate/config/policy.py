"""A policy alone: what `mlgate compare` needs to judge two files of predictions, without registry and git."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from mlgate.config.model import Column, Evaluate, Gate, RowColumns, Section, require_metrics_of


class PredictionColumns(RowColumns):
    """The columns of a file of predictions."""

    score: Column = Field("score", description="Column that holds the prediction: for a binary task, of the positives.")


class Policy(Section):
    """The whole of a policy file."""

    version: Literal[1] = Field(description="Version of this file's format.")
    data: PredictionColumns = Field(description="Columns of the files; both hold key, label and score.")
    evaluate: Evaluate = Field(description="How predictions are read.")
    gate: Gate

    @model_validator(mode="after")
    def _fits(self) -> Self:
        require_metrics_of(self.evaluate.task, self.gate)
        if self.evaluate.predict is not None:
            msg = "evaluate.predict makes predictions, and here they are made already: leave it out"
            raise ValueError(msg)
        return self
