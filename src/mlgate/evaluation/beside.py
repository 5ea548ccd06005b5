"""What is known beside the predictions: other columns of the held-out rows, what models cost, metrics run elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import polars as pl

    from mlgate.config.rule import Rule
    from mlgate.evaluation.paired import Codes, Floats, Paired


@dataclass(frozen=True, kw_only=True, eq=False)
class Costs:
    """What one model costs: seconds a prediction (m,), of the same m rows for both; bytes on disk; seconds to train."""

    latencies: Floats | None = None
    bytes: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """A metric of the user's own, by model: its value, and its values (r,) on the same r resamples of the units."""

    candidate: float
    production: float | None
    candidate_draws: Floats
    production_draws: Floats | None


class Elsewhere(Protocol):
    """Measures a metric of the user's own in their Python; answers with a sentence where that fails."""

    def __call__(self, rule: Rule, paired: Paired, seed: int) -> Drawn | str:
        """Measure on all rows and on resamples."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Beside:
    """Everything beside the predictions; `columns` has the rows of a comparison, in the order of the keys."""

    columns: pl.DataFrame | None = None
    candidate: Costs | None = None
    production: Costs | None = None
    elsewhere: Elsewhere | None = None

    def only(self, rows: Codes) -> Beside:
        """Keep some of the rows, by their numbers (k,)."""
        return self if self.columns is None else replace(self, columns=self.columns[rows])
