"""The stage empties only what it made, and reads outputs as a runner does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo import changes
from demo.stage import MARK, Stage, StoryError, read_outputs

if TYPE_CHECKING:
    from pathlib import Path


def test_outputs_may_hold_lines_and_equal_signs(tmp_path: Path) -> None:
    """A value ends at its delimiter and nowhere else."""
    path = tmp_path / "outputs"
    path.write_text("json<<d1\n{\n a=b<<c\n}\nd1\nverdict<<d2\nPASS\nd2\n", encoding="utf-8")
    assert read_outputs(path) == {"json": "{\n a=b<<c\n}", "verdict": "PASS"}


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """Naming a folder that the demo did not make is refused, and the folder keeps its files."""
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(StoryError, match="holds something else"):
        Stage(tmp_path).prepare()
    assert (tmp_path / "thesis.tex").is_file()


def test_an_earlier_performance_is_cleared_away(tmp_path: Path) -> None:
    """The marker of the demo's own folder lets it start again."""
    (tmp_path / MARK).touch()
    (tmp_path / "mlflow.db").touch()
    stage = Stage(tmp_path)
    stage.prepare()
    assert not stage.store.exists()
    assert (stage.repository / "mlgate.yaml").is_file()


@pytest.mark.parametrize("change", [changes.SCHEDULE_ONLY, changes.WITHOUT_HOUR])
def test_every_edit_of_the_story_fits_the_example(tmp_path: Path, change: tuple[str, str]) -> None:
    """The line that an act replaces stands in the example's train.py exactly once; a second time it is gone."""
    stage = Stage(tmp_path)
    stage.prepare()
    changes.edit(stage.repository, change)
    assert change[1] in (stage.repository / "train.py").read_text(encoding="utf-8")
    with pytest.raises(StoryError, match="once"):
        changes.edit(stage.repository, change)
