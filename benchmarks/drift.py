"""How fast drift is measured: against Evidently's DataDriftPreset in one process, and against merely reading the file.

    python benchmarks/drift.py              # a few minutes and 5 GB of temporary files; --quick for a smoke run

Evidently 0.7 needs pandas below 3, so it has an environment of its own, with mlgate in it:

    uv venv /tmp/both && uv pip install --python /tmp/both/bin/python 'evidently==0.7.23' 'pandas<3' pyarrow '.[drift]'

Without Evidently its line says so. Memory is that of a process of its own for each of mlgate's lines.
"""

from __future__ import annotations

import math
import multiprocessing
import re
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import polars as pl
from drift_alarms import in_one_bin  # type: ignore[import-not-found]  # beside this script

from mlgate.config.data import Shift
from mlgate.data.profile.profiling import profile
from mlgate.report.drift_page import drift_page
from mlgate.steps.drift import drift, known_data

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = 131_072  # rows of a row group
SETTINGS = Shift()
TURNS = 3


def made(rng: np.random.Generator, rows: int, *, moved: bool) -> pl.DataFrame:
    """Draw 16 numbers and 4 texts of 2, 10, 100 and 5,000 categories; four numbers move."""
    columns: dict[str, object] = {f"n{index:02}": rng.normal(size=rows) for index in range(16)}
    for index, many in enumerate((2, 10, 100, 5000)):
        shares = 1 / np.arange(1, many + 1) ** 0.8
        names = pl.Series([f"v{number:04}" for number in range(many)])
        columns[f"c{index}"] = names.gather(rng.choice(many, rows, p=shares / shares.sum()))
    frame = pl.DataFrame(columns)
    if moved:
        frame = frame.with_columns(pl.col("n02") + 0.3, pl.col("n03") * 1.5, pl.col("n08") * 1.3)
    missing = pl.Series(rng.random(rows) < (0.3 if moved else 0.02))
    return frame.with_columns(n10=pl.when(~missing).then("n10"))


def write(path: Path, rows: int, *, moved: bool) -> None:
    """Write a Parquet file in pieces, so that ten million rows need no memory."""
    rng = np.random.default_rng(moved)
    folder = path.with_suffix(".parts")
    folder.mkdir()
    for number, start in enumerate(range(0, rows, 1_048_576)):
        piece = made(rng, min(1_048_576, rows - start), moved=moved)
        piece.write_parquet(folder / f"{number:04}.parquet", compression="snappy", row_group_size=GROUP)
    pl.scan_parquet(folder).sink_parquet(path, compression="snappy", row_group_size=GROUP)


def wide(path: Path, rows: int) -> None:
    """Write 200 columns, of which 20 are texts with as many values as rows, or nearly."""
    rng = np.random.default_rng(7)
    numbers = {f"n{index:03}": rng.normal(size=rows).astype(np.float32) for index in range(180)}
    texts = {f"t{index:02}": pl.Series(rng.integers(0, rows, rows)).cast(pl.String) for index in range(20)}
    pl.DataFrame({**numbers, **texts}).write_parquet(path, compression="snappy", row_group_size=GROUP)


def best(work: Callable[[], object], turns: int = TURNS) -> float:
    """Time a call, the best of several turns, in seconds."""
    taken = []
    for _ in range(turns):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def alone(work: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """Run a call in a fresh process: its seconds and its peak memory in MB, that of importing mlgate included."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured, (work, arguments))


def _measured(work: Callable[..., object], arguments: tuple[object, ...]) -> tuple[float, float]:
    taken = best(lambda: work(*arguments))
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    return taken, int(peak[1]) / 1024 if peak else math.nan


def read_all(path: Path) -> None:
    """Decode every value of a file, and nothing else."""
    types = pl.scan_parquet(path).collect_schema()
    sums = [
        pl.col(name).sum() if dtype.is_numeric() else pl.col(name).str.len_bytes().sum()
        for name, dtype in types.items()
    ]
    pl.scan_parquet(path).select(sums).collect(engine="streaming")


def against_data(reference: Path, current: Path) -> None:
    """Measure drift between two files."""
    drift(known_data(reference, SETTINGS), current, SETTINGS)


def with_page(reference: Path, current: Path) -> None:
    """Measure drift between two files, and write the page."""
    current.with_suffix(".html").write_text(
        drift_page(drift(known_data(reference, SETTINGS), current, SETTINGS)), encoding="utf-8"
    )


def evidently(reference: Path, current: Path) -> float | None:
    """Time Evidently's DataDriftPreset on two files, reading included; None where it is not installed."""
    try:
        import pandas as pd
        from evidently import Report  # type: ignore[import-not-found]
        from evidently.presets import DataDriftPreset  # type: ignore[import-not-found]
    except ImportError:
        return None

    def work() -> None:
        Report([DataDriftPreset()]).run(pd.read_parquet(current), pd.read_parquet(reference)).dict()

    return best(work, 1)


def shown(ratio: float | None) -> str:
    """Write a ratio, or that there is none."""
    return "Evidently is not installed here" if ratio is None else f"**{ratio:.1f} x**"


@click.command()
@click.option("--quick", is_flag=True, help="A fiftieth of the rows: to see that it runs.")
def main(*, quick: bool) -> None:
    """Print a table of what was measured, and of what was aimed at."""
    scale = 50 if quick else 1
    with tempfile.TemporaryDirectory(prefix="mlgate-benchmark-") as scratch:
        folder = Path(scratch)
        files = {}
        for rows in (1_000_000 // scale, 10_000_000 // scale):
            for moved in (False, True):
                files[rows, moved] = folder / f"{rows}-{moved}.parquet"
                write(files[rows, moved], rows, moved=moved)
        one, ten = 1_000_000 // scale, 10_000_000 // scale
        click.echo("| question | mlgate | other | ratio | aimed at |\n| --- | --: | --: | --: | --: |")
        small = files[one, False], files[one, True]
        ours, memory = alone(against_data, *small)
        page, _ = alone(with_page, *small)
        theirs = evidently(*small)
        other = "" if theirs is None else f"Evidently {theirs:.1f} s"
        click.echo(f"| {one:,} against {one:,} x 20 | {ours:.2f} s, {memory:.0f} MB | {other} "
              f"| {shown(theirs and theirs / ours)} | 60 x, 400 MB |")  # fmt: skip
        click.echo(f"| the same, with the page | {page:.2f} s | {other} | {shown(theirs and theirs / page)} | 30 x |")
        kept = folder / "reference.json"
        known = profile(pl.scan_parquet(files[ten, False]))
        kept.write_text(known.model_dump_json(), encoding="utf-8")
        coarse = folder / "coarse.json"
        coarse.write_text(in_one_bin(known).model_dump_json(), encoding="utf-8")
        limit = best(lambda: read_all(files[ten, True]))
        for what, reference, aim in (
            ("a stored profile", kept, "at most 1.6 x, 400 MB"),
            ("one with a single bin for the rest of the categories", coarse, ""),
            ("a file", files[ten, False], "at most 4 x, 400 MB"),
        ):
            ours, memory = alone(against_data, reference, files[ten, True])
            click.echo(f"| {ten:,} x 20 against {what} | {ours:.2f} s, {memory:.0f} MB | reading it {limit:.2f} s "
                  f"| **{ours / limit:.1f} x** | {aim} |")  # fmt: skip
        wide(folder / "wide.parquet", one)
        ours, memory = alone(against_data, folder / "wide.parquet", folder / "wide.parquet")
        limit = best(lambda: read_all(folder / "wide.parquet"))
        click.echo(f"| {one:,} x 200 against itself, 20 texts | {ours:.2f} s, {memory:.0f} MB | reading {limit:.2f} s "
              f"| {ours / limit:.1f} x | 1,500 MB |")  # fmt: skip


if __name__ == "__main__":
    main()
