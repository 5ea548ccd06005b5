"""What a model's predictions rest on."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mlgate.records.base import Count
from mlgate.verdict import Value

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Importance(Value):
    """By how much a model's mean `loss` on sampled held-out rows, `base`, grows when a column's values are shuffled."""

    loss: str
    base: Finite
    rows: Count
    columns: dict[str, Finite]

    @property
    def shares(self) -> dict[str, float]:
        """Each column's part of what all columns are worth together; a column that helps by chance only has none."""
        worth = {name: max(grown, 0.0) for name, grown in self.columns.items()}
        total = sum(worth.values())
        return {name: value / total for name, value in worth.items()} if total > 0 else {}


class WeightedShift(Value):
    """Shift as the production model feels it.

    `psi` is the mean of the columns' debiased PSI, each weighted by its share of the model's importance; `plain` is
    the mean over the same columns without weights. Neither counts the `unmeasured` ones of all `columns`, which are
    gone or hold another type. `moved` is the share of the importance in columns that shifted, these among them.
    """

    psi: float | None
    plain: float | None
    moved: float
    columns: Count
    unmeasured: Count = 0
