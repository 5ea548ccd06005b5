"""Paired: the truth, the candidate's scores and production's scores, row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from mlgate.records import Sampled

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores:
    """One model's answers beside the truth, in arrays of one length n.

    `label` (n,) is bool for a binary task, the number of the class (intp) for several, else float64. `score` (n,) is
    the score of the positives, the number of the predicted class, or the predicted number; `probabilities` (n, K) are
    of the K classes. A binary score of at least `threshold` is a positive.

    `weight` (n,) says how much a row counts. `unit` (n,) numbers what was sampled, such as users; None where that is
    the row. `query` (n,) numbers what a row answers (ranking).
    """

    label: Flags | Floats | Codes
    score: Floats
    threshold: float = 0.5
    probabilities: Floats | None = None
    classes: tuple[str, ...] = ()
    weight: Floats | None = None
    unit: Codes | None = None
    query: Codes | None = None

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.label)

    @property
    def simple(self) -> bool:
        """Whether rows were sampled one by one and count the same, which the exact methods rely on."""
        return self.weight is None and self.unit is None

    @cached_property
    def weights(self) -> Floats:
        """How much each row counts, (n,), 1 where nothing is said."""
        return np.ones(self.n) if self.weight is None else self.weight

    @cached_property
    def truth(self) -> Flags:
        """The labels of a binary task, (n,) bool."""
        truth: Flags = self.label.astype(np.bool_, copy=False)
        return truth

    @cached_property
    def positive(self) -> Flags:
        """Which rows are predicted positive, (n,) bool."""
        return self.score >= self.threshold

    @cached_property
    def right(self) -> Flags:
        """Which rows are predicted right, (n,) bool."""
        right: Flags = self.score == self.label if self.classes else self.positive == self.truth
        return right

    @cached_property
    def label_class(self) -> Codes:
        """The number of each row's true class, (n,): of a binary task 0 or 1."""
        return (self.label if self.classes else self.truth).astype(np.intp, copy=False)

    @cached_property
    def predicted_class(self) -> Codes:
        """The number of each row's predicted class, (n,): of a binary task 0 or 1."""
        return (self.score if self.classes else self.positive).astype(np.intp)

    @property
    def class_count(self) -> int:
        """How many classes there are."""
        return len(self.classes) or 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Paired:
    """The rows of a comparison, in the order of the keys: `keys` (n,) in their own type, the rest as in Scores.

    `production` is absent when nothing is in production.
    """

    keys: npt.NDArray[Any]
    label: Flags | Floats | Codes
    candidate: Floats
    production: Floats | None
    threshold: float = 0.5
    classes: tuple[str, ...] = ()
    candidate_probabilities: Floats | None = None
    production_probabilities: Floats | None = None
    weight: Floats | None = None
    unit: Codes | None = None
    query: Codes | None = None

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.label)

    @property
    def units(self) -> int:
        """How many independent things there are: clusters, where rows come in clusters."""
        return self.n if self.unit is None else len(np.unique(self.unit))

    @property
    def sampled(self) -> Sampled:
        """What one of the independent things is: a row, a cluster or a query."""
        if self.unit is None:
            return "row"
        return "query" if self.unit is self.query else "cluster"

    def only(self, rows: Codes | Flags) -> Paired:
        """Return some of the rows, by their numbers (k,) or a mask (n,)."""
        parts = (
            "keys", "label", "candidate", "production", "candidate_probabilities", "production_probabilities",
            "weight", "unit", "query",
        )  # fmt: skip
        found = {name: getattr(self, name) for name in parts}
        taken = {name: part[rows] for name, part in found.items() if part is not None}
        if self.unit is not None and self.unit is self.query:
            taken["unit"] = taken["query"]
        return replace(self, **taken)

    @property
    def decides(self) -> bool:
        """Whether predictions are right or wrong, as those of classes are."""
        return self.label.dtype == np.bool_ or bool(self.classes)

    @property
    def ours(self) -> Scores:
        """The candidate's scores."""
        return self._scores(self.candidate, self.candidate_probabilities)

    @property
    def theirs(self) -> Scores | None:
        """Production's scores, when there is a production."""
        return None if self.production is None else self._scores(self.production, self.production_probabilities)

    def _scores(self, score: Floats, probabilities: Floats | None) -> Scores:
        return Scores(
            label=self.label,
            score=score,
            threshold=self.threshold,
            probabilities=probabilities,
            classes=self.classes,
            weight=self.weight,
            unit=self.unit,
            query=self.query,
        )
