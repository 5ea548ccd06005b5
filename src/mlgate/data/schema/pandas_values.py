"""Values on their way to pandas, and answers on their way back; without pyarrow, which pandas does not need either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def as_pandas(values: pl.Series, dtype: Any) -> pd.Series[Any]:  # noqa: ANN401 (pandera's)
    """Return `values` as a pandas Series of the type that the model declares, where pandas can hold them so.

    It cannot, for one, hold nulls among numbers of NumPy's whole types: those it makes floats, as it does itself.
    """
    import pandas as pd

    plain = values.to_numpy() if values.dtype.is_numeric() else values.to_list()
    series: pd.Series[Any] = pd.Series(plain, name=values.name)
    if dtype is None:
        return series
    try:
        converted: pd.Series[Any] = dtype.coerce(series)
    except (TypeError, ValueError, ImportError):
        return series
    return converted


def is_one_answer(answer: object, shown: pd.Series[Any] | pd.DataFrame) -> bool:
    """Say whether a check answered once for all, or for groups of its own, and not row by row.

    Raises TypeError for what is no answer, ValueError for answers about some of the rows, or about none.
    """
    import numpy as np
    import pandas as pd

    if isinstance(answer, (bool, np.bool_)):
        return True
    if isinstance(answer, (pd.Series, pd.DataFrame)):
        if answer.index.equals(shown.index):
            return False
        if answer.index.isin(shown.index).all():
            raise ValueError(f"it gave {len(answer):,} answers for {len(shown):,} rows")
        return True
    raise TypeError(f"it returned {type(answer).__name__}, not a Boolean or a Series of Booleans")


def one_answer(answer: Any) -> pl.Series:  # noqa: ANN401 (the user's own)
    """Return a check's one answer."""
    return pl.Series([bool(booleans(answer).all()) if hasattr(answer, "index") else bool(answer)])


def booleans(answer: pd.Series[Any] | pd.DataFrame) -> NDArray[np.bool_]:
    """Return answers as Booleans; no answer is no yes."""
    return answer.astype("boolean").fillna(value=False).to_numpy(dtype=bool)
