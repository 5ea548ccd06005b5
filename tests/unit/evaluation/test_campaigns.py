"""Long campaigns: every interval's coverage over 2,000 draws, and 100 pull requests that improve nothing."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from benchmarks.hundred_pull_requests import RULES, simulate
from mlgate.evaluation.metrics import METRICS
from tests.unit.evaluation.draws import BETTER, CASES, clustered, draw, keys_of, weighted

pytestmark = pytest.mark.long
DRAWS, ROWS = 2000, 400
KINDS = ("rows", "weights", "clusters")
# queries are clusters already, and weigh the same
QUESTIONS = [(name, task, kind) for name, task in CASES for kind in KINDS if task != "ranking" or kind == "rows"]


@cache
def truth(name: str, task: str) -> tuple[float, float]:
    """The candidate's value and the difference in a population that is as good as infinite."""
    crowd = draw(task, np.random.default_rng(0), n=400_000, **BETTER[task])
    assert crowd.theirs is not None
    ours, theirs = (METRICS[name].measure(scores, 0.95, keys_of(name)).value for scores in (crowd.ours, crowd.theirs))
    return ours, (ours - theirs) * (1 if METRICS[name].higher_is_better else -1)


@pytest.mark.parametrize(("name", "task", "kind"), QUESTIONS)
def test_intervals_hold_their_level(name: str, task: str, kind: str) -> None:
    """Of 2,000 intervals at 95 %, 93 to 97.5 % hold the true difference, and no fewer the candidate's value."""
    value, difference = truth(name, task)
    rng = np.random.default_rng([3, KINDS.index(kind)])
    single = paired = 0
    for _ in range(DRAWS):
        if kind == "clusters":
            rows = clustered(task, rng, clusters=ROWS, size=3, **BETTER[task])
        else:
            rows = draw(task, rng, n=1000 if task == "ranking" else ROWS, **BETTER[task])
            rows = weighted(rows, rng) if kind == "weights" else rows
        assert rows.theirs is not None
        one = METRICS[name].measure(rows.ours, 0.95, keys_of(name))
        two = METRICS[name].compare(rows.ours, rows.theirs, 0.95, 7, keys_of(name))
        # what chance adds to a calibration error leaves only the upper end of one model's interval sure
        single += (one.low <= value or name == "expected_calibration_error") and value <= one.high
        paired += two.low <= difference <= two.high
    # the wider end is Tango's and the made-up rows', on purpose; a calibration error's difference is cautious
    most = 1.0 if name == "expected_calibration_error" else 0.975
    assert 0.93 <= paired / DRAWS <= most
    assert single / DRAWS >= 0.925


def test_luck_is_not_promoted() -> None:
    """Of 100 pull requests that improve nothing, fewer than 1 passes superiority where the point rule passes 5.9."""
    promoted = {}
    for name, passes in RULES.items():
        years = [simulate(passes, np.random.default_rng([7, number])) for number in range(200)]
        promoted[name] = np.mean([year.promotions for year in years])
    assert promoted["mlgate `superiority`"] < 1
    assert promoted["point, candidate > production"] == pytest.approx(5.9, abs=0.5)
    assert promoted["mlgate `superiority`, level corrected for 100 uses"] < 0.1
