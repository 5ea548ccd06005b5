"""Who may write candidates can forge all that is kept with them; the candidate's bytes speak for themselves."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polars as pl
import pytest

from mlgate.adapters.files import sha256_of
from mlgate.adapters.registry import runs, versions
from mlgate.promotion.tags import evidence_tags
from mlgate.records import ComparisonRecord
from mlgate.steps.ask import Ask
from mlgate.steps.promote import promote
from mlgate.training.identity import scoring_digest
from mlgate.verdict import Outcome, Verdict
from tests.integration.conftest import open_workspace
from tests.integration.loop.conftest import CONFIG, Project

RESCORED = "promotion: {evidence: rescored}\n"
NAME = "tumours"


def forge(folder: Path, record: ComparisonRecord, predictions: Path) -> None:
    """Write a passing comparison and the predictions of a better model, as the candidates' credential can."""
    workspace = open_workspace(folder)
    passed = Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence="all rules hold")
    forged = record.model_copy(update={"verdict": passed, "predictions_digest": sha256_of(predictions)})
    text = forged.model_dump_json(indent=2)
    runs.save_file(workspace.registry, record.candidate.run_id, "predictions", predictions)
    runs.save_text(workspace.registry, record.candidate.run_id, "comparison.json", text)
    versions.tag_version(
        workspace.registry, record.candidate.name, record.candidate.version, evidence_tags(forged, text)
    )


def test_forged_evidence_does_not_survive_the_bytes(project: Project, tmp_path: Path) -> None:
    """With `rescored` the comparison is made again from the model's files, and the worse model stays out."""
    assert project.mlgate("run", "--operation", "promote") == 0
    worse = CONFIG.replace("columns: 8", "columns: 1")
    project.commit({"mlgate.yaml": worse, "train.py": project.text("train.py") + "# worse\n"})
    assert project.mlgate("run", "--operation", "check") == 1
    record = ComparisonRecord.model_validate_json(project.text(f".mlgate/{NAME}/comparison.json"))
    production = record.production
    assert production is not None
    workspace = open_workspace(project.folder)
    kept = f"{record.held_out.sha256[:32]}-{scoring_digest(workspace.model(NAME))[:16]}.parquet"
    better = runs.fetch_file(workspace.registry, production.run_id, f"predictions/{kept}", tmp_path)
    assert better is not None
    forge(project.folder, record, better)
    assert promote(open_workspace(project.folder), NAME, Ask(dry_run=True)).status == "planned"  # believed so far

    project.commit({"mlgate.yaml": worse + RESCORED})
    asked_again = open_workspace(project.folder, {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"})
    refused = promote(asked_again, NAME)
    assert refused.reason == "not_passed"
    assert refused.verdict.outcome is Outcome.FAIL
    assert versions.read_alias(asked_again.registry, NAME, "production") == production.version


@pytest.mark.parametrize("repeat", [1, 2])
def test_an_honest_candidate_is_promoted(project: Project, repeat: int) -> None:
    """Its bytes say what its evidence says; a second run finds it done, and loads nothing."""
    project.commit({"mlgate.yaml": CONFIG + RESCORED})
    for _ in range(repeat):
        assert project.mlgate("run", "--operation", "promote") == 0
    assert project.record("promotion")["to_version"] == "1"
    assert project.record("promotion")["status"] == ("done" if repeat == 1 else "already")


def test_kept_predictions_of_an_adopted_production_are_not_believed(project: Project, tmp_path: Path) -> None:
    """Its run is in the candidates' experiment: with `rescored` it is asked again, too."""
    assert project.mlgate("run", "--operation", "check") == 0
    workspace = open_workspace(project.folder, {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"})
    (good,) = versions.read_versions(workspace.registry, f"{NAME}-candidates")
    versions.create_version(workspace.registry, NAME, source=good.source, run_id=good.run_id, tags={})
    versions.set_alias(workspace.registry, NAME, "production", "1")
    worse = CONFIG.replace("columns: 8", "columns: 1").replace("lower_bound: 0.9", "lower_bound: 0.5")
    project.commit({"mlgate.yaml": worse + RESCORED, "train.py": project.text("train.py") + "# worse\n"})
    held_out = sha256_of(project.folder / "held_out.csv")
    kept = f"{held_out[:32]}-{scoring_digest(open_workspace(project.folder).model(NAME))[:16]}.parquet"
    theirs = runs.fetch_file(workspace.registry, good.run_id, f"predictions/{kept}", tmp_path)
    assert theirs is not None
    inverted = pl.read_parquet(theirs).with_columns((1 - pl.col("score")).alias("score"))
    (tmp_path / "inverted").mkdir()
    inverted.write_parquet(tmp_path / "inverted" / kept)
    runs.save_file(workspace.registry, good.run_id, "predictions", tmp_path / "inverted" / kept)
    assert project.mlgate("run", "--operation", "check") == 0  # believed so far
    asked_again = open_workspace(project.folder, {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"})
    refused = promote(asked_again, NAME)
    assert (refused.status, refused.reason) == ("refused", "not_passed")
