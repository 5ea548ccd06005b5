"""How fast a schema is judged: beside a plan by hand, pandera on pandas, and Great Expectations where it is there.

    python benchmarks/validation.py              # --quick for a smoke run; 3 GB of temporary files

Every line answers 24 checks of ranges, sets, lengths and patterns, nulls and types, on 20 columns, in a process of its
own, reading the Parquet file included. In the second file 40 % of the rows break one check. Great Expectations judges
a million rows only.
"""

from __future__ import annotations

import math
import multiprocessing
import re
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = 131_072
NUMBERS = [f"n{index:02}" for index in range(16)]
TURNS = 2


def write(path: Path, rows: int, *, bad: bool) -> None:
    """Write 16 numbers and 4 texts; where it is `bad`, 40 % of n00 is out of its range."""
    rng = np.random.default_rng(bad)
    folder = path.with_suffix(".parts")
    folder.mkdir()
    for number, start in enumerate(range(0, rows, 1_048_576)):
        size = min(1_048_576, rows - start)
        frame = pl.DataFrame({name: np.clip(rng.normal(size=size), -5, 5) for name in NUMBERS})
        texts = {
            f"c{index}": pl.Series([f"v{value:04}" for value in range(many)]).gather(rng.integers(0, many, size))
            for index, many in enumerate((2, 10, 100, 5000))
        }
        if bad:
            frame = frame.with_columns(n00=pl.when(pl.Series(rng.random(size) < 0.4)).then(99.0).otherwise("n00"))
        piece = frame.with_columns(**texts).with_row_index("id", offset=start)
        piece.write_parquet(folder / f"{number:04}.parquet", compression="snappy", row_group_size=GROUP)
    pl.scan_parquet(folder).sink_parquet(path, compression="snappy", row_group_size=GROUP)


def schema_text() -> str:
    """Write the schema as YAML."""
    lines = ["columns:"]
    for index, name in enumerate(NUMBERS):
        more = ", not_equal_to: 77" if index < 4 else ""
        lines.append(f"  {name}: {{dtype: float64, checks: {{in_range: {{min_value: -6, max_value: 6}}{more}}}}}")
    lines += [
        "  c0: {dtype: string, checks: {isin: [v0000, v0001]}}",
        "  c1: {dtype: string, checks: {str_matches: '^v\\d{4}$'}}",
        "  c2: {dtype: string, checks: {str_length: {min_value: 5, max_value: 5}}}",
        "  c3: {dtype: string, checks: {str_matches: '^v\\d+$'}}",
    ]
    return "\n".join(lines) + "\n"


def ours(path: Path) -> int:
    """Judge by mlgate: counts in full, first rows named."""
    from mlgate.data.files.read import scan
    from mlgate.data.schema.source import load_schema
    from mlgate.data.validation.rules import violations

    found = violations(scan(path), load_schema(path.with_name("schema.yaml")), file=path.name, key="id")
    return sum(one.count for one in found)


def by_hand(path: Path) -> int:
    """Judge by one polars plan that only counts."""
    numbers = [pl.col(name) for name in NUMBERS]
    broken = [~value.is_between(-6, 6) for value in numbers] + [value == 77 for value in numbers[:4]]
    broken += [
        ~pl.col("c0").is_in(["v0000", "v0001"]),
        ~pl.col("c1").str.contains(r"^v\d{4}$"),
        pl.col("c2").str.len_chars() != 5,
        ~pl.col("c3").str.contains(r"^v\d+$"),
    ]
    broken += [pl.col(name).is_null() for name in [*NUMBERS, "c0", "c1", "c2", "c3"]]
    counts = [one.sum().alias(str(index)) for index, one in enumerate(broken)]
    return sum(pl.scan_parquet(path).select(counts).collect(engine="streaming").row(0))


def pandera_on_pandas(path: Path) -> int:
    """Judge by pandera's pandas backend, all errors collected."""
    import pandas as pd
    import pandera.pandas as pa
    from pandera.errors import SchemaErrors

    check = pa.Check
    columns = {
        name: pa.Column(float, [check.in_range(-6, 6)] + ([check.not_equal_to(77)] if index < 4 else []))
        for index, name in enumerate(NUMBERS)
    }
    columns["c0"] = pa.Column(str, check.isin(["v0000", "v0001"]))
    columns["c1"] = pa.Column(str, check.str_matches(r"^v\d{4}$"))
    columns["c2"] = pa.Column(str, check.str_length(5, 5))
    columns["c3"] = pa.Column(str, check.str_matches(r"^v\d+$"))
    try:
        pa.DataFrameSchema(columns).validate(pd.read_parquet(path), lazy=True)
    except SchemaErrors as error:
        return len(error.failure_cases)
    return 0


def great_expectations(path: Path) -> int:
    """Judge by Great Expectations on pandas."""
    import great_expectations as gx
    import pandas as pd

    context = gx.get_context(mode="ephemeral")
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    asked: Any = gx.expectations
    suite = context.suites.add(gx.ExpectationSuite("s"))
    for index, name in enumerate(NUMBERS):
        suite.add_expectation(asked.ExpectColumnValuesToBeBetween(column=name, min_value=-6, max_value=6))
        if index < 4:
            suite.add_expectation(asked.ExpectColumnValuesToNotBeInSet(column=name, value_set=[77]))
    suite.add_expectation(asked.ExpectColumnValuesToBeInSet(column="c0", value_set=["v0000", "v0001"]))
    suite.add_expectation(asked.ExpectColumnValuesToMatchRegex(column="c1", regex=r"^v\d{4}$"))
    suite.add_expectation(asked.ExpectColumnValueLengthsToEqual(column="c2", value=5))
    suite.add_expectation(asked.ExpectColumnValuesToMatchRegex(column="c3", regex=r"^v\d+$"))
    for name in [*NUMBERS, "c0", "c1", "c2", "c3"]:
        suite.add_expectation(asked.ExpectColumnValuesToNotBeNull(column=name))
    found = batch.get_batch({"dataframe": pd.read_parquet(path)}).validate(suite)
    return sum(one.result.get("unexpected_count", 0) for one in found.results)


def alone(work: Callable[[Path], int], path: Path) -> tuple[float, float, int] | None:
    """Run a call in a process of its own: seconds, peak memory in MB, and what it found; None where it cannot run."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, path))


def _measured(work: Callable[[Path], int], path: Path) -> tuple[float, float, int] | None:
    taken, found = math.inf, 0
    for _ in range(TURNS):
        started = time.perf_counter()
        try:
            found = work(path)
        except ImportError:
            return None
        taken = min(taken, time.perf_counter() - started)
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    return taken, int(peak[1]) / 1024 if peak else math.nan, found


@click.command()
@click.option("--quick", is_flag=True, help="A fiftieth of the rows: to see that it runs.")
def main(*, quick: bool) -> None:
    """Print a table."""
    scale = 50 if quick else 1
    with tempfile.TemporaryDirectory(prefix="mlgate-benchmark-") as scratch:
        folder = Path(scratch)
        (folder / "schema.yaml").write_text(schema_text(), encoding="utf-8")
        click.echo("| rows | broken | | time | memory | values that break a rule | beside the plan by hand |")
        click.echo("| --: | :-- | :-- | --: | --: | --: | --: |")
        for rows in (1_000_000 // scale, 10_000_000 // scale):
            for bad in (False, True):
                path = folder / f"{rows}-{bad}.parquet"
                write(path, rows, bad=bad)
                base = 0.0
                for work in (by_hand, ours, pandera_on_pandas, great_expectations):
                    if work is great_expectations and rows > 1_000_000:
                        continue
                    name = work.__name__.replace("_", " ").replace("ours", "**mlgate**")
                    measured = alone(work, path)
                    if measured is None:
                        click.echo(f"| {rows:,} | {'40 %' if bad else 'none'} | {name} | not installed here | | | |")
                        continue
                    taken, memory, found = measured
                    base = base or taken
                    click.echo(
                        f"| {rows:,} | {'40 %' if bad else 'none'} | {name} | {taken:.2f} s | {memory:,.0f} MB "
                        f"| {found:,} | {taken / base:.1f} x |"
                    )


if __name__ == "__main__":
    main()
