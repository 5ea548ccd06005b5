"""How long a promotion takes against MLflow's server, by how that is started.

    python -m benchmarks.promotion          # a minute

The same promotions, one after the other, of one file each: against one process of uvicorn, against several, which are
what `mlflow server` starts by default, and against gunicorn with threads.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import click

from mlgate.steps.promote import promote
from tests.bed.mlflow_server import THREADS, mlflow_server
from tests.integration.conftest import commit, open_workspace
from tests.integration.promotion.racing import make_checkout
from tests.integration.promotion.support import compared, registered

MODEL = "churn-0"
SIDES = {
    "--workers 1": ["--workers", "1"],
    "--workers 4, the default": ["--workers", "4"],
    f'--workers 4 --gunicorn-opts "{THREADS}"': ["--workers", "4", "--gunicorn-opts", THREADS],
}


def promotions(folder: Path, options: list[str], turns: int) -> list[float]:
    """Promote one candidate after the other; return the seconds that each took."""
    taken = []
    with mlflow_server(folder, options=options) as address:
        make_checkout(folder / "checkout", 1, 0)
        workspace = open_workspace(folder / "checkout", {"MLFLOW_TRACKING_URI": address})
        for turn in range(turns + 1):
            commit(folder / "checkout", {"train.py": f"{turn}"})
            compared(workspace, registered(workspace, f"{turn}", MODEL), name=MODEL)
            started = time.perf_counter()
            promote(workspace, MODEL)
            taken.append(time.perf_counter() - started)
    return taken[1:]


@click.command()
@click.option("--turns", default=9, show_default=True, help="Promotions against each server.")
def main(turns: int) -> None:
    """Promote against each server and print the medians."""
    medians = {}
    for side, options in SIDES.items():
        with tempfile.TemporaryDirectory() as folder:
            medians[side] = statistics.median(promotions(Path(folder), options, turns))
    first = next(iter(medians.values()))
    for side, median in medians.items():
        click.echo(f"mlflow server {side:<80} {median:.2f} s, {median / first:.1f} x the first")


if __name__ == "__main__":
    main()
