"""What the people of the story change: one line of the training, or the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.stage import StoryError

if TYPE_CHECKING:
    from pathlib import Path

SCHEDULE_ONLY = ("FEATURES = SCHEDULE + WEATHER\n", "FEATURES = SCHEDULE\n")
WITH_WEATHER = SCHEDULE_ONLY[::-1]
WITHOUT_HOUR = (
    'SCHEDULE = [*CATEGORIES, "distance", "weekday", "hour"]\n',
    'SCHEDULE = [*CATEGORIES, "distance", "weekday"]\n',
)


def edit(repository: Path, change: tuple[str, str]) -> None:
    """Replace one line of train.py; raises StoryError when it is not there exactly once."""
    path, (before, after) = repository / "train.py", change
    text = path.read_text(encoding="utf-8")
    if text.count(before) != 1:
        raise StoryError(f"{path.name} does not hold this line once: {before}")
    path.write_text(text.replace(before, after), encoding="utf-8")


def export_differently(repository: Path) -> None:
    """Do to the training data what a new export did: another name for a column, and times as text."""
    import polars as pl

    path = repository / "data" / "train.parquet"
    rows = pl.read_parquet(path)
    time = pl.format("{}:{}", pl.col("hour").cast(pl.String).str.zfill(2), pl.lit("15"))
    rows.with_columns(hour=time).rename({"visib": "visibility"}).write_parquet(path)
