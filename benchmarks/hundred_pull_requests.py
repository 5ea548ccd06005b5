"""How many of 100 pull requests that improve nothing a gate promotes, and what production seems to gain by them.

    python benchmarks/hundred_pull_requests.py

Every model is right on a row with probability 0.90 and differs from production on a row with probability 0.10. All
are judged on the same held-out rows, and what passes becomes production: the next candidate has to beat the luck of
the last. The rules of the gate are answered by the product's own code; it depends on two counts only, the rows
gained and the rows lost, so each pair of counts is judged once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import polars as pl

from mlgate.config.policy import Policy
from mlgate.evaluation.gate import judge, verdict
from mlgate.evaluation.pairing import pair
from mlgate.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.pairing import Paired

    Passes = Callable[[int, int], bool]

PULL_REQUESTS = 100
ROWS = 1_000
FRESH_ROWS = 1_000_000  # that no gate has seen, to measure what production is truly worth
ACCURACY, DISAGREEMENT = 0.90, 0.10
LOSES = DISAGREEMENT / 2 / ACCURACY  # the share of production's right rows that a candidate gets wrong
GAINS = DISAGREEMENT / 2 / (1 - ACCURACY)  # and of its wrong rows that a candidate gets right
HEAD = "| rule | false promotions in 100 pull requests | apparent gain of production (points) | true change (points) |"


@dataclass(frozen=True, kw_only=True)
class Year:
    """100 pull requests: how many were promoted, and production's change on held-out and on fresh rows, as shares."""

    promotions: int
    apparent: float
    true: float


def policy(rule: dict[str, Any], level: float) -> Policy:
    """Write the policy of one rule about accuracy at a confidence level."""
    return Policy.model_validate(
        {
            "version": 1,
            "data": {"key": "id", "label": "label"},
            "evaluate": {"task": "binary"},
            "gate": {"rules": [{"metric": "accuracy", **rule}], "confidence_level": level},
        }
    )


@cache
def paired(gained: int, lost: int) -> Paired:
    """Make rows of which only the candidate predicts `gained` right, only production `lost`, and both the rest."""
    number = np.arange(ROWS)
    label = number % 2
    alone, beaten = number < gained, (gained <= number) & (number < gained + lost)
    held_out = pl.DataFrame({"id": number, "label": label})
    candidate = pl.DataFrame({"id": number, "score": np.where(beaten, 1 - label, label)})
    production = pl.DataFrame({"id": number, "score": np.where(alone, 1 - label, label)})
    any_policy = policy({"test": "point"}, 0.95)
    rows = pair(held_out, candidate, production, data=any_policy.data, evaluate=any_policy.evaluate)
    if isinstance(rows, Finding):
        raise TypeError(rows.sentence)
    return rows


@cache
def gate_passes(gained: int, lost: int, *, by: Policy) -> bool:
    """Ask mlgate's gate."""
    return verdict(judge(paired(gained, lost), by.gate), by.gate).passed


def mlgate(rule: dict[str, Any], level: float = 0.95) -> Passes:
    """Decide by one rule of mlgate's."""
    return partial(gate_passes, by=policy(rule, level))


RULES: dict[str, Passes] = {
    "point, candidate > production": lambda gained, lost: gained > lost,
    "point, candidate >= production": lambda gained, lost: gained >= lost,
    "mlgate `superiority`": mlgate({"test": "superiority"}),
    "mlgate `non_inferiority`, margin 0.01": mlgate({"test": "non_inferiority", "margin": 0.01}),
    "mlgate `superiority`, level corrected for 100 uses": mlgate({"test": "superiority"}, 1 - 0.05 / PULL_REQUESTS),
}


def simulate(passes: Passes, rng: np.random.Generator) -> Year:
    """Open 100 pull requests against one set of held-out rows, and merge what passes."""
    right = first = int(rng.binomial(ROWS, ACCURACY))
    fresh_right = fresh_first = int(rng.binomial(FRESH_ROWS, ACCURACY))
    promotions = 0
    for _ in range(PULL_REQUESTS):
        gained, lost = int(rng.binomial(ROWS - right, GAINS)), int(rng.binomial(right, LOSES))
        change = int(rng.binomial(FRESH_ROWS - fresh_right, GAINS)) - int(rng.binomial(fresh_right, LOSES))
        if passes(gained, lost):
            promotions, right, fresh_right = promotions + 1, right + gained - lost, fresh_right + change
    return Year(promotions=promotions, apparent=(right - first) / ROWS, true=(fresh_right - fresh_first) / FRESH_ROWS)


def line(name: str, years: list[Year]) -> str:
    """Write one rule's means over the repetitions as a line of the table."""
    promotions = np.mean([year.promotions for year in years])
    apparent, true = (100 * np.mean(shares) for shares in zip(*((y.apparent, y.true) for y in years), strict=True))
    # adding 0 takes the sign from a zero
    return f"| {name} | {promotions:.2f} | {round(apparent, 2) + 0:+.2f} | {round(true, 2) + 0:+.2f} |"


@click.command()
@click.option("--repetitions", default=200, show_default=True, help="How often the 100 pull requests are opened.")
@click.option("--seed", default=7, show_default=True, help="Of the models; every rule meets the same first ones.")
def main(repetitions: int, seed: int) -> None:
    """Print a table of rules: what each promotes, what production seems to gain, and what it gains."""
    click.echo(f"{HEAD}\n| --- | ---: | ---: | ---: |")
    for name, passes in RULES.items():
        generators = map(np.random.default_rng, ([seed, number] for number in range(repetitions)))
        click.echo(line(name, [simulate(passes, rng) for rng in generators]))
    click.echo(
        f"\nMeans of {repetitions} repetitions of 100 pull requests; {ROWS:,} held-out rows, used again each time; "
        f"true accuracy {ACCURACY:.2f}, {DISAGREEMENT:.0%} of predictions differ, seed {seed}. The true change is "
        f"measured on {FRESH_ROWS:,} fresh rows.\n`non_inferiority` asks whether a candidate is at most 0.01 worse; "
        "to it these promotions are not false."
    )


if __name__ == "__main__":
    main()
