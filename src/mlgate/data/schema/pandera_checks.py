"""The checks of pandera, one by one.

Each check is called for itself, not through `schema.validate`: that skips data checks of lazy frames by default, can
be switched off from the environment, stops at the first unexpected column, and builds every failing row in memory.
"""

from __future__ import annotations

import inspect
import warnings
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where pyspark is installed, it warns of pandas on being imported by pandera
    import pandera.polars as pa
    from pandera.api.function_dispatch import Dispatcher
    from pandera.api.polars.types import PolarsData
    from pandera.backends.polars import builtin_checks  # noqa: F401 (its import makes the built-in checks known)
    from pandera.backends.polars.checks import PolarsCheckBackend

from mlgate.data.schema.batches import by_row, judge_batches
from mlgate.data.schema.checks import CHECKS, phrase
from mlgate.data.schema.schema import Failures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlgate.data.schema.schema import Check
    from mlgate.data.types import Type


@dataclass(frozen=True)
class PanderaCheck:
    """One check of pandera; see `schema.Check`."""

    check: pa.Check
    name: str
    expected: str
    warns: bool = False
    arguments: Mapping[str, Any] | None = None
    kind: str | None = None

    @property
    def skips_nulls(self) -> bool:
        """Whether a null breaks nothing, which pandera leaves to each check."""
        return bool(self.check.ignore_na)

    @classmethod
    def of(cls, check: pa.Check) -> PanderaCheck:
        """Take a check of a model of the user's."""
        kind = None if check.element_wise else built_in_name(check._check_fn)  # noqa: SLF001 (no public way to the function)
        arguments = None if kind is None else check.statistics or {}
        words = None if kind is None or arguments is None else phrase(kind, arguments)
        name = check.name or kind or "check"
        expected = words or check.description or check.error or f"{name} holds"
        return cls(check, name, expected, bool(check.raise_warning), arguments, kind)

    @property
    def note(self) -> str:
        """See `schema.Check`."""
        return by_row(self.name) if self.check.element_wise else ""

    def __call__(self, frame: pl.LazyFrame, column: str | None, *, limit: int) -> Failures:
        """Find what breaks pandera's check; raises whatever the check's own code raises."""
        if not self.check.element_wise:
            return Failures.of(self._holds(frame, column), limit=limit)
        asked = frame if column is None else frame.select(column)
        return judge_batches(asked, lambda batch: self._holds(batch.lazy(), column), limit=limit)

    def _holds(self, frame: pl.LazyFrame, column: str | None) -> pl.Series:
        # pandera's own next step takes every null for a yes, whether the value was null or the answer
        answer = PolarsCheckBackend(self.check).apply(PolarsData(frame, column or "*"))
        if isinstance(answer, bool):
            return pl.Series([answer])
        found: pl.Series = answer.collect().to_series()
        if not found.null_count():
            return found
        no = found.fill_null(value=False)
        absent = pl.col(column).is_null() if column is not None else pl.any_horizontal(pl.all().is_null())
        asked = frame.select(absent).collect().to_series()
        excused = found.is_null() & asked if self.skips_nulls and len(asked) == len(found) else False
        return no | excused


def built_in(name: str, arguments: Mapping[str, Any], *, warns: bool = False, ignore_na: bool = True) -> PanderaCheck:
    """Make one of pandera's built-in checks."""
    check = getattr(pa.Check, name)(**arguments, ignore_na=ignore_na)
    return PanderaCheck(check, name, phrase(name, arguments) or name, warns, arguments, name)


def among_floats(check: Check, kind: Type | None) -> Check:
    """Return a check for whole numbers in a column of floats as one for floats, which polars wants."""
    if not isinstance(check, PanderaCheck) or not check.arguments or kind is None or not kind.target.is_float():
        return check
    lists = {key: value for key, value in check.arguments.items() if isinstance(value, (list, tuple, set, frozenset))}
    if not lists:
        return check
    as_floats = {key: [float(item) if type(item) is int else item for item in value] for key, value in lists.items()}
    found = built_in(
        check.kind or check.name, {**check.arguments, **as_floats}, warns=check.warns, ignore_na=check.skips_nulls
    )
    return replace(found, name=check.name)


def own(  # noqa: PLR0913 (as a schema names them)
    name: str,
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
    *,
    raise_warning: bool,
    element_wise: bool,
    ignore_na: bool,
) -> Check:
    """Make a check of a function of the user's; its docstring's first line says what it expects."""
    given = ", ".join(f"{key}={value!r}"[:120] for key, value in arguments.items())
    told = (inspect.getdoc(function) or (f"{name}({given}) holds" if given else f"{name} holds")).splitlines()[0]
    # bound here, as pandera has meanings of its own for some keywords, and for functions that are called as its checks
    bound = partial(function, **arguments)
    check = pa.Check(bound, name=name, element_wise=element_wise, ignore_na=ignore_na)
    return PanderaCheck(check, name, told, raise_warning)


def built_in_name(function: object) -> str | None:
    """Return the name of pandera's own check that a function is; one of the user's may have the name of one."""
    name = function.__name__ if isinstance(function, Dispatcher) else None
    return name if name in CHECKS else None
