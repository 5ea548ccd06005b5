"""What can be wrong with a data file, as a DataError that names it and the next step."""

from __future__ import annotations

import csv
import zlib
from typing import TYPE_CHECKING

import polars as pl

from mlgate.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

# polars panics on some damaged files, and its panics are no Exception
TROUBLE = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    OSError,
    ValueError,
    EOFError,
    zlib.error,
    csv.Error,
)
WRITE_AGAIN = "write the file again, or fetch it again (an incomplete copy looks like this)"


def unreadable(file: str, error: BaseException) -> DataError:
    """Make the error for a file that one of TROUBLE was raised on."""
    if isinstance(error, DataError):
        return error
    if isinstance(error, pl.exceptions.DuplicateError):
        return DataError(f"{file}: {first_line(error)}", hint="give every column a name of its own")
    text = first_line(error)
    if isinstance(error, UnicodeError) or "utf-8" in text.lower():
        return DataError(f"{file} is not UTF-8 text: {text}", hint="save it with the encoding UTF-8")
    return DataError(f"{file} cannot be read: {text}", hint=WRITE_AGAIN)


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says, clamped."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]


def listed(names: Sequence[str]) -> str:
    """Write the first of many names."""
    shown = ", ".join(repr(name[:80]) for name in names[:10])
    return (shown + (", …" if len(names) > 10 else "")) or "no columns"
