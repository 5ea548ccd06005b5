"""A model of either engine, loaded and judged, for the tests of both."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import polars as pl

from mlgate.data.schema.schema import Schema
from mlgate.data.schema.source import load_schema
from mlgate.data.validation.rules import violations
from mlgate.records import Violation

HEAD = """
import re
from typing import Optional
import pandas as pd
import pandera.{engine} as pa
import polars as pl
"""


def model(folder: Path, body: str, engine: str = "pandas") -> Schema:
    """Load a model named Flights."""
    path = folder / f"{engine}_flights.py"
    path.write_text(HEAD.format(engine=engine) + textwrap.dedent(body), encoding="utf-8")
    return load_schema(path, "Flights")


def judge(schema: Schema, frame: pl.LazyFrame | dict[str, Any]) -> list[Violation]:
    """Find the violations."""
    read = frame if isinstance(frame, pl.LazyFrame) else pl.LazyFrame(frame)
    return list(violations(read, schema, file="d.parquet", key="flight_id"))


def shown(found: list[Violation]) -> dict[tuple[str | None, str], tuple[int, list[int | None]]]:
    """Show counts and rows by column and rule."""
    return {(one.column, one.rule): (one.count, [row.row for row in one.examples]) for one in found}
