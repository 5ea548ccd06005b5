"""Paired: the truth, the candidate's scores and production's scores, row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores:
    """One model's `score` (n,) beside the `label` (n,), and the `threshold` from which a score is a positive."""

    label: Flags | Floats
    score: Floats
    threshold: float

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.label)

    @property
    def truth(self) -> Flags:
        """The labels of a binary task, (n,) bool."""
        truth: Flags = self.label.astype(np.bool_)
        return truth

    @property
    def positive(self) -> Flags:
        """Which rows are predicted positive, (n,) bool."""
        return self.score >= self.threshold

    @property
    def right(self) -> Flags:
        """Which rows are predicted right, (n,) bool."""
        right: Flags = self.positive == self.truth
        return right


@dataclass(frozen=True, kw_only=True, eq=False)
class Paired:
    """Arrays of one length n, in the order of the keys.

    `keys` (n,) in the key column's own type; `label` (n,) bool for a binary task, float64 for regression;
    `candidate` and `production` (n,) float64 scores, `production` absent when nothing is in production;
    `threshold` is the score from which a binary prediction counts as positive.
    """

    keys: npt.NDArray[Any]
    label: Flags | Floats
    candidate: Floats
    production: Floats | None
    threshold: float

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.label)

    def only(self, rows: npt.NDArray[np.intp]) -> Paired:
        """Return some of the rows, by their numbers (k,)."""
        production = None if self.production is None else self.production[rows]
        return replace(
            self,
            keys=self.keys[rows],
            label=self.label[rows],
            candidate=self.candidate[rows],
            production=production,
        )

    @property
    def binary(self) -> bool:
        """Whether the labels are classes."""
        return self.label.dtype == np.bool_

    @property
    def ours(self) -> Scores:
        """The candidate's scores."""
        return Scores(label=self.label, score=self.candidate, threshold=self.threshold)

    @property
    def theirs(self) -> Scores | None:
        """Production's scores, when there is a production."""
        if self.production is None:
            return None
        return Scores(label=self.label, score=self.production, threshold=self.threshold)
