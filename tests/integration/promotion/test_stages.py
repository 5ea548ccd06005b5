"""Staging before production: a merge enters staging, a person or a schedule releases it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mlgate.adapters.registry import versions
from mlgate.errors import RequestError, StaleError
from mlgate.promotion.history import YES
from mlgate.promotion.values import Wish
from mlgate.steps.ask import Ask
from mlgate.steps.production import read_stages
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from mlgate.steps.workspace import Workspace
from mlgate.tag_names import ARCHIVED
from tests.integration.conftest import CONFIG, commit, open_workspace
from tests.integration.promotion.support import next_change, reviewed, served

STAGED = "promotion: {on_merge: staging}\n"
RELEASE = Ask(to="production", reason="looks well")


def staged(repository: Path, more: str = STAGED) -> Workspace:
    """Have merges promote to staging."""
    commit(repository, {"mlgate.yaml": CONFIG + more})
    return open_workspace(repository)


def stands(workspace: Workspace) -> dict[str, str | None]:
    """Read the versions behind the aliases."""
    return {standing.stage: standing.alias_version for standing in read_stages(workspace, "churn")[1]}


def test_the_story(repository: Path) -> None:
    """Merged to staging, released, the next one staged while production stays, rolled back, restored."""
    first = staged(repository)
    assert promote(first, "churn", RELEASE).reason == "not_staged"
    reviewed(first, "one")
    assert promote(first, "churn").stage == "staging"
    assert stands(first) == {"staging": "1", "production": None}
    planned = promote(first, "churn", Ask(to="production", dry_run=True))
    assert [step.split(" ")[0] for step in planned.steps] == ["check", "append", "move"]
    assert stands(first) == {"staging": "1", "production": None}
    assert promote(first, "churn", RELEASE).to_version == "2"
    assert promote(first, "churn", RELEASE).status == "already"
    assert served(first) == "one"

    second = next_change(repository, "print('v2')\n")
    reviewed(second, "two")
    assert promote(second, "churn").to_version == "3"
    assert served(second) == "one"
    third = next_change(repository, "print('v3')\n")  # main moves on; staging is released all the same
    assert promote(third, "churn", RELEASE).to_version == "4"
    assert served(third) == "two"
    archived = versions.read_version(third.registry, "churn", "2")
    assert archived is not None
    assert archived.tags[ARCHIVED] == YES

    assert rollback(third, "churn", Wish(to="previous", reason="alarms")).to_version == "5"
    assert served(third) == "one"
    assert promote(third, "churn", replace(RELEASE, recompare=False)).reason == "fenced"
    assert rollback(third, "churn", Wish(to="4", reason="it was the sensor")).to_version == "6"
    assert served(third) == "two"
    assert stands(third) == {"staging": "3", "production": "6"}


def test_a_named_version_of_staging_is_released(repository: Path) -> None:
    """Not the newest one, while production is still the one that it was compared with."""
    workspace = staged(repository)
    for text in ("one", "two"):
        workspace = next_change(repository, f"print('{text}')\n")
        reviewed(workspace, text)
        promote(workspace, "churn")
    with pytest.raises(RequestError, match="a release needs a reason"):
        promote(workspace, "churn", Ask(to="production"))
    assert promote(workspace, "churn", Ask(to="production", version="9", reason="guessed")).reason == "not_staged"
    promote(workspace, "churn", Ask(to="production", version="1", reason="the older one"))
    assert served(workspace) == "one"


def test_a_staging_that_somebody_moved_is_not_released(repository: Path) -> None:
    """What the alias showed for a day was not the version that the history would release."""
    workspace = staged(repository)
    for text in ("one", "two"):
        workspace = next_change(repository, f"print('{text}')\n")
        reviewed(workspace, text)
        promote(workspace, "churn")
    versions.set_alias(workspace.registry, "churn", "staging", "1")
    for ask in (RELEASE, replace(RELEASE, version="2")):
        assert promote(workspace, "churn", ask).reason == "alias_differs"
    assert served(workspace) is None


def test_soaking_takes_its_time(repository: Path) -> None:
    """A day in staging is asked for; the sentence says how long to wait."""
    workspace = staged(repository, "promotion: {on_merge: staging, soak_hours: 24}\n")
    reviewed(workspace, "one")
    promote(workspace, "churn")
    refused = promote(workspace, "churn", RELEASE)
    assert (refused.reason, refused.stale) == ("soaking", False)
    assert "promote it in 24 h 00 min" in refused.sentence or "promote it in 23 h" in refused.sentence
    assert served(workspace) is None


def test_bytes_changed_in_staging_are_not_released(repository: Path, tmp_path: Path) -> None:
    """Whoever may write production's artifacts could swap them between staging and production."""
    from mlgate.adapters.registry import runs

    workspace = staged(repository)
    reviewed(workspace, "one")
    promote(workspace, "churn")
    entry = read_stages(workspace, "churn")[1][0].head
    assert entry is not None
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "MLmodel").write_text("evil", encoding="utf-8")
    runs.save_folder(workspace.registry, entry.run_id, "model", evil)
    with pytest.raises(StaleError, match="are not those that were promoted"):
        promote(workspace, "churn", RELEASE)
    assert served(workspace) is None


def test_one_registered_model_may_hold_both(repository: Path) -> None:
    """A registry that was there: candidates and production share a model and its alias has another name."""
    registry = '{tracking_uri: "sqlite:///mlflow.db", candidates: "{model}", alias: champion}'
    commit(repository, {"mlgate.yaml": CONFIG.replace('{tracking_uri: "sqlite:///mlflow.db"}', registry)})
    first = open_workspace(repository)
    reviewed(first, "one")
    assert promote(first, "churn").to_version == "2"
    second = next_change(repository, "print('v2')\n")
    reviewed(second, "two")
    assert promote(second, "churn").to_version == "4"
    assert versions.read_alias(second.registry, "churn", "champion") == "4"
    assert rollback(second, "churn", Wish(to="previous", reason="alarms")).to_version == "5"
    reviewed(second, "two")
    assert promote(second, "churn").reason == "fenced"


def test_a_registry_that_was_there_is_adopted(repository: Path) -> None:
    """Somebody moved the alias by hand for years; the first promotion starts the history from there."""
    workspace = open_workspace(repository)
    reviewed(workspace, "by hand")
    entry = versions.read_versions(workspace.registry, "churn-candidates")[0]
    versions.create_version(workspace.registry, "churn", source=entry.source, run_id=entry.run_id, tags={})
    versions.set_alias(workspace.registry, "churn", "production", "1")
    second = next_change(repository, "print('v2')\n")
    reviewed(second, "two")
    assert promote(second, "churn").from_version == "1"
    assert served(second) == "two"
