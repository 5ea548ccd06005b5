"""How often drift alarms when nothing moved, and when something did: the tables of docs/data.md.

    python benchmarks/drift_alarms.py            # some minutes; --quick for a smoke run

Nothing here was used to choose the floor (0.02, half the PSI of a shift by Cohen's small effect, 0.2 standard
deviations). Counts are drawn in the bins that a reference sample gets, and judged by the code that judges data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import numpy as np
import polars as pl

from mlgate.config.data import Shift
from mlgate.data.drift.shifts import measure
from mlgate.data.profile.profiling import profile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlgate.data.profile.profile import Profile

    Draw = Callable[[np.random.Generator, int], pl.Series]

SHARES = 1 / np.arange(1, 31)


def normal(rng: np.random.Generator, n: int) -> pl.Series:
    """Draw from the standard normal law."""
    return pl.Series(rng.normal(size=n))


def skewed(rng: np.random.Generator, n: int) -> pl.Series:
    """Draw amounts, of which every tenth is 0 and every fiftieth is missing."""
    values = pl.Series(rng.lognormal(3, 1, n) * (rng.random(n) > 0.1))
    return values.set(pl.Series(rng.random(n) < 0.02), None)


def words(rng: np.random.Generator, n: int) -> pl.Series:
    """Draw thirty categories, a few of them frequent."""
    return pl.Series([f"c{number}" for number in range(30)]).gather(rng.choice(30, n, p=SHARES / SHARES.sum()))


def codes(rng: np.random.Generator, n: int) -> pl.Series:
    """Draw five hundred codes, equally frequent, as of places: none can be told apart from the others by its count."""
    return pl.Series([f"{number:03}" for number in range(500)]).gather(rng.integers(0, 500, n))


GONE = "a fifth of 500 codes gone"
KINDS: tuple[Draw, ...] = (normal, skewed, words)
MOVED: dict[str, tuple[Draw, Callable[[pl.Series], pl.Series]]] = {
    "mean + 0.1 sd": (normal, lambda x: x + 0.1),
    "mean + 0.2 sd": (normal, lambda x: x + 0.2),
    "mean + 0.5 sd": (normal, lambda x: x + 0.5),
    "variance x 1.5": (normal, lambda x: x * 1.5**0.5),
    "two categories swapped": (words, lambda x: x.replace({"c0": "c3", "c3": "c0"})),
    "cents become euros": (skewed, lambda x: x / 100),
    GONE: (codes, lambda x: x.filter(x >= "100")),
    "nulls + 5 points": (skewed, lambda x: x.set(pl.Series(np.random.default_rng(len(x)).random(len(x)) < 0.05), None)),
}


def alarms(rng: np.random.Generator, n: int, columns: int) -> int:
    """Count the columns that alarm when nothing moved, of one run on many columns."""
    draws = [KINDS[index % len(KINDS)] for index in range(columns)]
    before, after = (pl.DataFrame({f"x{i}": draw(rng, n) for i, draw in enumerate(draws)}) for _ in range(2))
    return sum(one.shifted for one in measure(profile(before.lazy(), sketched=False), after.lazy(), Shift()))


def in_one_bin(found: Profile) -> Profile:
    """Count all categories that are not told apart in one bin, as top-K + rest would."""
    columns = {
        name: column.model_copy(
            update={"splits": (), "counts": (*column.counts[: (k := len(column.categories))], sum(column.counts[k:]))}
        )
        if column.splits
        else column
        for name, column in found.columns.items()
    }
    return found.model_copy(update={"columns": columns})


def power(rng: np.random.Generator, name: str, n: int, columns: int, *, ranges: bool = True) -> bool:
    """Whether one moved column among others that stand still alarms."""
    draw, move = MOVED[name]
    before = pl.DataFrame({"moved": draw(rng, n), **{f"x{i}": normal(rng, n) for i in range(columns - 1)}})
    moved = move(draw(rng, n))
    after = pl.DataFrame({"moved": moved, **{f"x{i}": normal(rng, len(moved)) for i in range(columns - 1)}})
    known = profile(before.lazy(), sketched=False)
    found = measure(known if ranges else in_one_bin(known), after.lazy(), Shift())
    return any(one.shifted for one in found if one.column == "moved")


def power_line(rng: np.random.Generator, name: str, columns: Sequence[int], runs: int, *, ranges: bool = True) -> str:
    """Return one line of the table of how often a shift is found."""
    shares = [sum(power(rng, name, n, 20, ranges=ranges) for _ in range(runs)) / runs for n in columns]
    return f"| {name}{'' if ranges else ', all in one bin'} | {' | '.join(f'{share:.0%}' for share in shares)} |"


@click.command()
@click.option("--quick", is_flag=True, help="A few runs: to see that it runs.")
def main(*, quick: bool) -> None:
    """Print both tables."""
    rng = np.random.default_rng(2026)
    click.echo("| rows on each side | columns | runs | runs with an alarm | columns that alarmed |")
    click.echo("| --: | --: | --: | --: | --: |")
    sizes = {200: 400, 1_000: 400, 10_000: 200, 100_000: 30, 1_000_000: 3}
    for n, runs in ({200: 5, 1_000: 5} if quick else sizes).items():
        found = [alarms(rng, n, 200) for _ in range(runs)]
        click.echo(
            f"| {n:,} | 200 | {runs} | {sum(one > 0 for one in found) / runs:.1%} | {sum(found) / runs / 200:.4%} |"
        )
    if not quick:
        found = [alarms(rng, 10_000_000, 3) for _ in range(5)]
        click.echo(f"| 10,000,000 | 3 | 5 | {sum(one > 0 for one in found) / 5:.1%} | {sum(found) / 15:.4%} |")
    columns = (500, 1_000) if quick else (200, 500, 1_000, 5_000, 50_000)
    runs = 5 if quick else 100
    click.echo(f"\n| shift, in one of 20 columns | {' | '.join(f'{n:,} rows' for n in columns)} |")
    click.echo(f"| --- |{' --: |' * len(columns)}")
    for name in MOVED:
        click.echo(power_line(rng, name, columns, runs))
    click.echo(power_line(rng, GONE, columns, runs, ranges=False))


if __name__ == "__main__":
    main()
