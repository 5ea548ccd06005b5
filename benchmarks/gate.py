"""How fast the gate is: against SciPy's and Fairlearn's bootstrap in one process, and alone on a million rows.

    python benchmarks/gate.py            # a few minutes; --quick for a smoke run, --huge for ten million rows

Both sides answer the same question on the same rows, one after the other in turns, the best of several turns counts.
A bootstrap that would take hours is run with fewer resamples and scaled to as many as the gate takes, which is fair:
its time is proportional to them. Where Fairlearn is not installed, its line says so.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import stats
from scipy.stats import rankdata

from mlgate.config.gate import Gate
from mlgate.config.policy import Policy
from mlgate.evaluation.beside import Beside
from mlgate.evaluation.gate import judge
from mlgate.evaluation.paired import Paired
from mlgate.evaluation.resampling import RESAMPLES
from mlgate.evaluation.slices import judge_slices
from mlgate.steps.compare_files import compare_files

if TYPE_CHECKING:
    from collections.abc import Callable

EIGHT = ("accuracy", "recall", "precision", "f1", "matthews_corrcoef", "roc_auc", "log_loss", "brier")
TURNS = 3
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table."""

    what: str
    rows: int
    ours: str
    theirs: str
    found: str
    target: str

    def __str__(self) -> str:
        """Write the line in Markdown."""
        return f"| {self.what} | {self.rows:,} | {self.ours} | {self.theirs} | {self.found} | {self.target} |"


def draw(n: int) -> Paired:
    """Draw rows whose two models share most of their error."""
    rng = np.random.default_rng(1)
    label = rng.random(n) < 0.3
    shared = 0.8 * rng.normal(size=n)

    def score(separation: float) -> Array:
        return np.asarray(1 / (1 + np.exp(1 - label * separation - shared - 0.6 * rng.normal(size=n))))

    return Paired(keys=np.arange(n), label=label, candidate=score(1.6), production=score(1.5))


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def shown(taken: float) -> str:
    """Write seconds."""
    return f"{taken * 1e3:.1f} ms" if taken < 1 else f"{taken:,.1f} s"


def rule(metric: str) -> Gate:
    """Ask one question about all rows."""
    return Gate.model_validate({"rules": [{"metric": metric, "test": "superiority"}], "hints": False})


def against_scipy(metric: str, rows: Paired, statistic: Callable[..., Array], resamples: int, target: int) -> Line:
    """Hold the gate's answer against `scipy.stats.bootstrap`, paired and vectorized, at its best batch of three."""
    columns = (rows.label.astype(np.float64), rows.candidate, rows.production)

    def bootstrap(batch: int) -> Callable[[], object]:
        return lambda: stats.bootstrap(
            columns,
            statistic,
            paired=True,
            vectorized=True,
            method="percentile",
            n_resamples=resamples,
            batch=batch,
            rng=1,
        )

    gate = rule(metric)
    judge(rows, gate)
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(seconds(lambda: judge(rows, gate)))
        theirs.append(min(seconds(bootstrap(batch)) for batch in (1, 2, 10)))
    scaled = min(theirs) * RESAMPLES / resamples
    return Line(
        what=f"{metric}, against `scipy.stats.bootstrap`",
        rows=rows.n,
        ours=shown(min(ours)),
        theirs=f"{shown(scaled)} ({resamples} resamples scaled to {RESAMPLES:,})",
        found=f"**{scaled / min(ours):,.0f} x**",
        target=f"{target} x",
    )


def accuracy_gain(label: Array, ours: Array, theirs: Array, axis: int = -1) -> Array:
    """Difference of two accuracies along an axis."""
    gain: Array = (((ours >= 0.5) == label) * 1.0 - ((theirs >= 0.5) == label)).mean(axis=axis)
    return gain


def auc_gain(label: Array, ours: Array, theirs: Array, axis: int = -1) -> Array:
    """Difference of two areas under the ROC curve along an axis, by ranks."""
    positives = label.sum(axis=axis)
    pairs = positives * (label.shape[axis] - positives)
    sums = [(rankdata(score, axis=axis) * label).sum(axis=axis) for score in (ours, theirs)]
    gain: Array = (sums[0] - sums[1]) / pairs
    return gain


def against_fairlearn(rows: Paired, resamples: int, target: int) -> Line:
    """Hold accuracy by 50 groups against MetricFrame's bootstrap, which does one model at a time."""
    what = "accuracy by 50 groups, against `fairlearn.MetricFrame`"
    try:
        from fairlearn.metrics import MetricFrame
        from sklearn.metrics import accuracy_score
    except ImportError:
        return Line(
            what=what, rows=rows.n, ours="", theirs="needs `pip install fairlearn`", found="", target=f"{target} x"
        )
    groups = np.arange(rows.n) % 50
    gate, beside = sliced(["accuracy"]), Beside(columns=pl.DataFrame({"part": groups}))

    def frame() -> object:
        predicted = rows.candidate >= 0.5
        return MetricFrame(
            metrics=accuracy_score, y_true=rows.label, y_pred=predicted, sensitive_features=groups,
            n_boot=resamples, ci_quantiles=[0.025, 0.975], random_state=1,
        )  # fmt: skip

    ours = min(seconds(lambda: judge_slices(rows, beside, gate)) for _ in range(TURNS))
    scaled = seconds(frame) * RESAMPLES / resamples
    theirs = f"{shown(scaled)} ({resamples} resamples scaled to {RESAMPLES:,})"
    return Line(
        what=what,
        rows=rows.n,
        ours=shown(ours),
        theirs=theirs,
        found=f"**{scaled / ours:,.0f} x**",
        target=f"{target} x",
    )


def sliced(metrics: list[str] | tuple[str, ...]) -> Gate:
    """Ask about every slice."""
    rules = [{"metric": metric, "test": "non_inferiority", "margin": 0.01} for metric in metrics]
    return Gate.model_validate(
        {
            "rules": [{"metric": "accuracy", "test": "superiority"}],
            "slices": [{"by": ["part"], "rules": rules}],
            "hints": False,
        }
    )


def f1_by_slices(rows: Paired) -> Line:
    """Answer F1 on 50 slices."""
    gate, beside = sliced(["f1"]), Beside(columns=pl.DataFrame({"part": np.arange(rows.n) % 50}))
    taken = min(seconds(lambda: judge_slices(rows, beside, gate)) for _ in range(TURNS))
    return Line(what="F1 on 50 slices", rows=rows.n, ours=shown(taken), theirs="", found="", target="1 s")


def whole_policy(n: int, target: str) -> Line:
    """Answer 8 rules on 20 slices from two Parquet files, in a process of its own, whose memory is measured."""
    with tempfile.TemporaryDirectory() as folder:
        rows = draw(n)
        part = np.arange(n) % 20
        for name, score in (("candidate", rows.candidate), ("production", rows.production)):
            frame = pl.DataFrame({"id": rows.keys, "y": rows.label, "score": score, "part": part, "other": part})
            frame.write_parquet(Path(folder, f"{name}.parquet"))
        command = [sys.executable, __file__, "--policy-in", folder]
        answers = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(TURNS)]
    taken, memory = min(tuple(map(float, answer.split())) for answer in answers)
    return Line(
        what="8 rules on 20 slices, Parquet files read",
        rows=n,
        ours=f"{shown(taken)}, {memory:,.0f} MB",
        theirs="",
        found="",
        target=target,
    )


def run_policy(folder: Path) -> None:
    """Compare the files in a folder; print the seconds, and the megabytes that this process ever held."""
    policy = Policy.model_validate(
        {
            "version": 1,
            "data": {"key": "id", "label": "y"},
            "evaluate": {"task": "binary"},
            "gate": {**sliced(EIGHT).model_dump(), "when": None},
        }
    )
    files = [folder / f"{name}.parquet" for name in ("candidate", "production")]
    taken = seconds(lambda: compare_files(policy, files[0], files[1], folder=folder, environment={}))
    click.echo(f"{taken} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")


@click.command()
@click.option("--quick", is_flag=True, help="A hundredth of the rows: to see that it runs.")
@click.option("--huge", is_flag=True, help="The whole policy on ten million rows, too.")
@click.option("--policy-in", type=click.Path(path_type=Path), hidden=True)
def main(*, quick: bool, huge: bool, policy_in: Path | None) -> None:
    """Print a table of what was measured, and of what was aimed at."""
    if policy_in is not None:
        run_policy(policy_in)
        return
    less = 100 if quick else 1
    click.echo("| question | rows | mlgate | other | ratio | target |\n| --- | --: | --: | --: | --: | --: |")
    small = draw(100_000 // less)
    click.echo(against_scipy("accuracy", small, accuracy_gain, 100, 500))
    click.echo(against_scipy("roc_auc", small, auc_gain, 20, 200))
    click.echo(against_fairlearn(small, 5, 500))
    click.echo(f1_by_slices(draw(1_000_000 // less)))
    click.echo(whole_policy(1_000_000 // less, "3 s, 600 MB"))
    if huge:
        click.echo(whole_policy(10_000_000, "bounded"))


if __name__ == "__main__":
    main()
