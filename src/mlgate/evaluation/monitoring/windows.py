"""Rows cut into stretches of time."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from mlgate.data.validation.convert import as_moment
from mlgate.errors import ConfigError, DataError

MOST = 1000
LENGTH = re.compile(r"[1-9]\d{0,4}(s|m|h|d|w|mo|q|y)")
LENGTHS = "write a number and a unit: 12h, 1d, 1w, 1mo, 1q, 1y"
UNTIMED = "no time"


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows of one window."""

    name: str
    frame: pl.DataFrame


def cut(frame: pl.DataFrame, time: str | None, every: str) -> tuple[Rows, ...]:
    """Cut rows by their `time` into windows of `every` (such as 1d, 1w, 1mo), the earliest first.

    Rows without a time are a window of their own, the last. Raises DataError for a column that is no time, ConfigError
    for an `every` that is no length of time or cuts too finely.
    """
    if time is None:
        return (Rows(name="all rows", frame=frame),)
    starts = _starts(_moments(frame.get_column(time)), every)
    parts = frame.with_columns(starts.alias(" start")).partition_by(" start", as_dict=True, include_key=False)
    if len(parts) > MOST:
        raise ConfigError(
            f"windows of {every} are {len(parts):,} windows, and at most {MOST:,} are looked at",
            hint="take longer ones, such as --every 1w or --every 1mo",
        )
    timed = sorted((start, part) for (start,), part in parts.items() if start is not None)
    untimed = [Rows(name=UNTIMED, frame=part) for (start,), part in parts.items() if start is None]
    return (*(Rows(name=_name(start), frame=part) for start, part in timed), *untimed)


def _moments(values: pl.Series) -> pl.Series:
    if values.dtype == pl.String:
        read = values.to_frame().select(as_moment(values.name)).to_series()
        lost = values.filter(read.is_null() & values.is_not_null())
        if len(lost):
            raise DataError(
                f"column {values.name!r} holds {str(lost[0])[:40]!r}, which is no date or time",
                hint="write times as 2013-07-31 or 2013-07-31T16:00:00",
            )
        return read
    if values.dtype.base_type() in {pl.Date, pl.Datetime}:
        return values
    raise DataError(
        f"column {values.name!r} holds {values.dtype}, and windows are cut by dates or times",
        hint="name a column of dates or times with --time",
    )


def _starts(moments: pl.Series, every: str) -> pl.Series:
    if not LENGTH.fullmatch(every):
        raise ConfigError(f"{every!r} is no length of a window", hint=LENGTHS)
    try:
        return moments.dt.truncate(every)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise ConfigError(
            f"{every!r} is no length of a window: {str(error).splitlines()[0][:120]}",
            hint=LENGTHS,
        ) from error


def _name(start: object) -> str:
    text = str(start)
    return text.removesuffix(" 00:00:00").removesuffix("+00:00").removesuffix(" 00:00:00")
