"""How often `mlgate monitor` alarms where nothing changed, keeps its promises, and sees what changed.

    python benchmarks/monitoring.py              # --quick for a smoke run

A model whose scores are odds, flattened, is accepted on 5,000 rows and watched in one later window. Each case is drawn
anew for each run; the rules are ROC AUC, log loss and accuracy, each not to get worse by more than 0.01.
"""

from __future__ import annotations

from typing import Any

import click
import numpy as np
import polars as pl

from mlgate.config.policy import Policy
from mlgate.evaluation.monitoring.monitor import monitor
from mlgate.evaluation.monitoring.reading import Asked
from mlgate.evaluation.monitoring.windows import Rows
from mlgate.verdict import Outcome

REFERENCE = 5000
WINDOWS = (500, 2000, 5000)
RULES = [{"metric": name, "test": "non_inferiority", "margin": 0.01} for name in ("roc_auc", "log_loss", "accuracy")]
CASES: dict[str, dict[str, float]] = {
    "nothing changed": {},
    "easier rows (scores + 0.5 sd)": {"moved": 0.6},
    "a tenth of the labels are guesses": {"guessed": 0.1},
    "three tenths of the labels are guesses": {"guessed": 0.3},
}


def draw(rng: np.random.Generator, rows: int, *, moved: float = 0.0, guessed: float = 0.0) -> pl.DataFrame:
    """Draw predictions beside their truth."""
    odds = rng.normal(moved, 1.2, rows)
    truth = rng.random(rows) < 1 / (1 + np.exp(-odds))
    truth = np.where(rng.random(rows) < guessed, rng.random(rows) < 0.5, truth)
    return pl.DataFrame({"id": np.arange(rows), "score": 1 / (1 + np.exp(0.2 - 0.6 * odds)), "y": truth})


def asked() -> Asked:
    """Ask the rules of the columns id, score and y."""
    raw: dict[str, Any] = {"version": 1, "data": {"key": "id", "label": "y"}, "evaluate": {"task": "binary"}}
    policy = Policy.model_validate({**raw, "gate": {"rules": RULES}}, strict=False)
    return Asked(data=policy.data, evaluate=policy.evaluate, gate=policy.gate)


def shares(case: dict[str, float], rows: int, runs: int) -> tuple[float, float, float]:
    """Return the shares of runs that alarm with labels, that alarm without, and that find concept drift."""
    counts = np.zeros(3)
    for seed in range(runs):
        rng = np.random.default_rng([seed, rows, *map(ord, "".join(case))])
        reference, later = draw(rng, REFERENCE), draw(rng, rows, **case)
        seen = monitor(reference, [Rows(name="w", frame=later)], asked()).findings
        unseen = monitor(reference, [Rows(name="w", frame=later.with_columns(y=pl.lit(None)))], asked()).findings
        counts += [
            any(one.judged and one.outcome is Outcome.FAIL for one in seen),
            any(one.judged and one.outcome is Outcome.FAIL for one in unseen),
            any(one.reason == "concept_drift" for one in seen),
        ]
    alarmed, promised, drifted = counts / runs
    return float(alarmed), float(promised), float(drifted)


@click.command()
@click.option("--quick", is_flag=True, help="Five runs of each: to see that it runs.")
def main(*, quick: bool) -> None:
    """Print a table."""
    runs = 5 if quick else 60
    click.echo("| what changed | rows | alarms, with labels | alarms, without | concept drift told |")
    click.echo("| :-- | --: | --: | --: | --: |")
    for name, case in CASES.items():
        for rows in WINDOWS:
            cells = " | ".join(f"{share:.1%}" for share in shares(case, rows, runs))
            click.echo(f"| {name} | {rows:,} | {cells} |")


if __name__ == "__main__":
    main()
