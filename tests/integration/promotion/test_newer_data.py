"""Data behind a URL moved on since the candidate was compared: what a merge makes of it, and what a schedule."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlgate.records import PromotionRecord
from mlgate.steps import road
from mlgate.steps.promote import promote
from mlgate.steps.road import Way
from mlgate.steps.workspace import Workspace
from tests.bed.web import web_server
from tests.integration.conftest import CONFIG, commit, open_workspace
from tests.integration.promotion.support import reviewed


class Trained(Exception):  # noqa: N818 (no error: it ends the road where training begins)
    """This commit is checked, which trains."""


def test_a_merge_takes_what_was_reviewed_and_a_schedule_what_is_newest(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A push fetches nothing; a schedule sees that the data are others, and trains on them."""

    def check(*_: object, **__: object) -> None:
        raise Trained

    def job(event: str) -> Workspace:
        return open_workspace(stored, {"GITHUB_EVENT_NAME": event, "RUNNER_TEMP": str(tmp_path / "runner")})

    def promoted(event: str) -> str:
        record = road.promote(job(event), "churn", Way(operation="promote"), lambda _: None)
        assert isinstance(record, PromotionRecord)
        return record.status

    monkeypatch.setattr(road, "check", check)
    with web_server() as web:
        files = {name: (stored / name).read_bytes() for name in ("train.csv", "held_out.csv")}
        web.files = dict(files)
        urls = CONFIG.replace("train: train.csv", f"train: '{web.url('train.csv')}'")
        commit(
            stored,
            {"mlgate.yaml": urls.replace("held_out: held_out.csv", f"held_out: '{web.url('held_out.csv')}'")},
        )
        reviewed(job("pull_request"), "one")
        assert promote(job("push"), "churn").status == "done"
        assert promoted("schedule") == "already"
        web.files["train.csv"] = files["train.csv"] + b"5,0.1,0\n"
        before = len(web.gets)
        assert promoted("push") == "already"
        assert len(web.gets) == before
        with pytest.raises(Trained):
            promoted("schedule")
