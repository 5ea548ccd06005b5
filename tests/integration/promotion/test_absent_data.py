"""Data that is not checked out in the promoting job is bound by its digest in the evidence, however it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlgate.errors import StaleError
from mlgate.steps.promote import promote
from tests.integration.conftest import CONFIG, commit, open_workspace
from tests.integration.promotion.support import next_change, reviewed, served

HELD_OUT = "parts/part-1.csv"


@pytest.fixture(params=["parts/part-*.csv", "parts", HELD_OUT], ids=["pattern", "folder", "file"])
def parts(stored: Path, request: pytest.FixtureRequest) -> Path:
    """A repository whose held-out rows lie in a folder that git does not know."""
    commit(stored, {"mlgate.yaml": CONFIG.replace("held_out: held_out.csv", f"held_out: {request.param!r}")})
    (stored / "parts").mkdir()
    (stored / HELD_OUT).write_bytes((stored / "held_out.csv").read_bytes())
    return stored


def test_it_keeps_no_promotion_up(parts: Path) -> None:
    """The folder is empty in the job that promotes."""
    reviewed(open_workspace(parts), "one")
    (parts / HELD_OUT).unlink()
    workspace = open_workspace(parts)
    assert promote(workspace, "churn").status == "done"
    assert served(workspace) == "one"


def test_it_is_asked_for_where_the_candidate_is_compared_again(parts: Path) -> None:
    """Production moved: without the rows there is no second comparison here."""
    first = open_workspace(parts)
    reviewed(first, "one")
    reviewed(next_change(parts, "print('v2')\n"), "two")
    promote(open_workspace(parts), "churn")
    commit(parts, {"train.py": "print('v1')\n"})
    (parts / HELD_OUT).unlink()
    with pytest.raises(StaleError, match="the held-out rows are not here to compare again"):
        promote(open_workspace(parts), "churn")
