"""Checks of the user's own that are written for pandas: each gets what pandas would show it, and no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from mlgate.data.schema.batches import by_row, judge_batches
from mlgate.data.schema.pandas_values import as_pandas, booleans, is_one_answer, one_answer
from mlgate.data.schema.schema import Failures

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandera.pandas as pa

# patterns of names, and pandera's data type of the columns that match
Types = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class PandasCheck:
    """One check of pandera.pandas, of a column or `of_rows`; see `schema.Check`."""

    check: pa.Check
    types: Types
    of_rows: bool
    name: str
    expected: str
    warns: bool

    @property
    def kind(self) -> None:
        """It is code of the user's."""

    @property
    def arguments(self) -> None:
        """It is code of the user's."""

    @property
    def skips_nulls(self) -> bool:
        """See `schema.Check`."""
        return bool(self.check.ignore_na)

    @classmethod
    def of(cls, check: pa.Check, types: Types, *, of_rows: bool) -> PandasCheck:
        """Take a check of a model of the user's; one of whole rows gets the columns that `types` match."""
        name = check.name or "check"
        expected = check.description or check.error or f"{name} holds"
        return cls(
            check=check, types=types, of_rows=of_rows, name=name, expected=expected, warns=bool(check.raise_warning)
        )

    @property
    def note(self) -> str:
        """See `schema.Check`."""
        if self.check.element_wise:
            return by_row(self.name)
        held = "all columns of the schema as a pandas frame" if self.of_rows else "a column as a pandas Series"
        return f"{self.name} holds {held} in memory; checks of pandera.polars need not"

    def __call__(self, frame: pl.LazyFrame, column: str | None, *, limit: int) -> Failures:
        """Find what breaks the check; raises whatever its own code raises."""
        names = frame.collect_schema().names() if column is None else [column]
        types = {name: dtype for name in names for dtype in self._types(name)}
        if not types:
            raise ValueError("none of the schema's columns is there")
        asked = frame.select(list(types))
        if self.check.element_wise:
            each = self._each if column is not None else lambda batch: self._rows(batch, types)
            return judge_batches(asked, each, limit=limit)
        whole = asked.collect(engine="streaming")
        holds = self._rows(whole, types) if column is None else self._column(whole.to_series(), types[column])
        return Failures.of(holds, limit=limit)

    def _types(self, name: str) -> list[Any]:
        return [dtype for pattern, dtype in self.types if re.fullmatch(pattern, name)][:1]

    @property
    def _function(self) -> Callable[[Any], Any]:
        from pandera.backends.pandas.checks import PandasCheckBackend

        return PandasCheckBackend(self.check).check_fn

    def _each(self, batch: pl.DataFrame) -> pl.Series:
        values = _known(batch.to_series()) if self.check.ignore_na else batch.to_series()
        answers = values.map_elements(self._function, return_dtype=pl.Boolean).fill_null(value=False)
        return answers | values.is_null() if self.check.ignore_na else answers

    def _column(self, values: pl.Series, dtype: Any) -> pl.Series:  # noqa: ANN401 (pandera's)
        import numpy as np

        asked = _known(values).is_not_null() if self.check.ignore_na else values.is_null() | True
        shown = as_pandas(values.filter(asked), dtype)
        if not asked.all():
            shown.index = asked.arg_true().to_numpy()  # as pandas leaves it when it drops nulls
        answer = self._function(shown)
        if is_one_answer(answer, shown):
            return one_answer(answer)
        holds = np.ones(len(values), dtype=bool)
        holds[asked.to_numpy()] = booleans(answer)
        return pl.Series(holds)

    def _rows(self, batch: pl.DataFrame, types: dict[str, Any]) -> pl.Series:
        import pandas as pd

        shown = pd.DataFrame({name: as_pandas(batch[name], dtype) for name, dtype in types.items()})
        answer = shown.apply(self._function, axis=1) if self.check.element_wise else self._function(shown)
        if is_one_answer(answer, shown):
            return one_answer(answer)
        holds, absent = booleans(answer), shown.isna().to_numpy() & self.check.ignore_na
        if holds.ndim == 2:  # an answer for each cell
            return pl.Series((holds | absent).all(axis=1)) if holds.size else pl.Series([False] * len(shown))
        return pl.Series(holds | absent.all(axis=1) | (answer.isna().to_numpy() & absent.any(axis=1)))


def _known(values: pl.Series) -> pl.Series:
    """Return the values with null for NaN, which to pandas is no value."""
    return values.fill_nan(None) if values.dtype.is_float() else values
