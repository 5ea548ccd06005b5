"""Production moved between the comparison and the merge: the candidate is judged again, from kept predictions."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mlgate.adapters.files import sha256_of
from mlgate.adapters.registry import runs, versions
from mlgate.errors import StaleError
from mlgate.promotion.tags import evidence_digest
from mlgate.records import ComparisonRecord, SliceResult
from mlgate.steps.ask import Ask
from mlgate.steps.compare import Means, _slices_of
from mlgate.steps.evidence import find_evidence, kept_evidence, later
from mlgate.steps.production import find_production
from mlgate.steps.promote import promote
from mlgate.steps.recompare import _again
from mlgate.steps.workspace import Workspace
from mlgate.tag_names import EVIDENCE
from mlgate.training.identity import scoring_digest
from tests.integration.conftest import CONFIG, commit, open_workspace
from tests.integration.promotion.support import compared, next_change, registered, served

ROWS = 400
BETTER = "gate: {rules: [{metric: roc_auc, test: no_regression, margin: 0.05}]}"
LABELS = pl.int_range(ROWS, eager=True) % 2


def predicted(workspace: Workspace, content: str, wrong: int, folder: Path) -> ComparisonRecord:
    """Register a candidate that is wrong about so many of the rows, and keep its predictions and evidence."""
    candidate = registered(workspace, content)
    right = LABELS.to_frame("label").with_row_index("id").with_columns(flip=pl.col("id") < wrong)
    frame = right.select("id", score=pl.when("flip").then(1 - pl.col("label")).otherwise("label") * 0.8 + 0.1)
    name = f"{workspace.held_out('churn').sha256[:32]}-{scoring_digest(workspace.model('churn'))[:16]}.parquet"
    frame.write_parquet(folder / name)
    runs.save_file(workspace.registry, candidate.run_id, "predictions", folder / name)
    return compared(workspace, candidate, predictions=sha256_of(folder / name))


@pytest.fixture
def two(repository: Path, tmp_path: Path) -> tuple[Workspace, Path]:
    """A model in production, and a held-out file that tells models apart."""
    rows = LABELS.to_frame("left").with_row_index("id").with_columns(x=pl.lit(0.5))
    rule = "gate: {rules: [{metric: roc_auc, lower_bound: 0.6}]}"
    commit(repository, {"mlgate.yaml": CONFIG.replace(rule, BETTER), "held_out.csv": rows.write_csv()})
    workspace = open_workspace(repository)
    predicted(workspace, "one", 100, tmp_path)
    promote(workspace, "churn")
    return workspace, tmp_path


def overtaken(two: tuple[Workspace, Path], wrong: int) -> Workspace:
    """Have a second candidate compared, then a third merged before it; return the second's checkout."""
    workspace, folder = two
    repository = workspace.folder
    second = next_change(repository, "print('second')\n")
    predicted(second, "second", wrong, folder)
    commit(repository, {"train.py": "print('third')\n"})
    third = open_workspace(repository)
    predicted(third, "third", 40, folder)
    promote(third, "churn")
    commit(repository, {"train.py": "print('second')\n"})
    return open_workspace(repository)


def test_one_that_holds_against_the_new_production_is_promoted(two: tuple[Workspace, Path]) -> None:
    """It was compared with version 1, is compared again with version 2, and replaces that."""
    second = overtaken(two, 20)
    record = promote(second, "churn")
    assert (record.status, record.from_version, record.to_version) == ("done", "2", "3")
    assert served(second) == "second"


def test_one_that_does_not_is_refused(two: tuple[Workspace, Path]) -> None:
    """It was better than version 1, and is worse than version 2."""
    second = overtaken(two, 80)
    record = promote(second, "churn")
    assert (record.reason, record.stale) == ("not_passed", False)
    assert served(second) == "third"


def test_without_comparing_again_the_refusal_is_stale(two: tuple[Workspace, Path]) -> None:
    """`--no-recompare` and a dry run leave it at that."""
    second = overtaken(two, 20)
    for ask in (Ask(recompare=False), Ask(dry_run=True)):
        record = promote(second, "churn", ask)
        assert (record.reason, record.stale) == ("production_moved", True)
    assert served(second) == "third"


def test_without_kept_predictions_a_full_comparison_is_asked_for(two: tuple[Workspace, Path]) -> None:
    """No model is loaded in a job that may write production."""
    workspace, _ = two
    second = next_change(workspace.folder, "print('second')\n")
    compared(second, registered(second, "second"))
    third = next_change(workspace.folder, "print('third')\n")
    compared(third, registered(third, "third"))
    promote(third, "churn")
    again = next_change(workspace.folder, "print('second')\n")
    with pytest.raises(StaleError, match="no predictions of candidate and production"):
        promote(again, "churn")
    assert served(again) == "third"


def test_other_held_out_rows_are_not_compared_on(two: tuple[Workspace, Path]) -> None:
    """The rows that are checked out are not those of the evidence."""
    second = overtaken(two, 20)
    (second.folder / "held_out.csv").write_text("id,x,left\n1,1,0\n", encoding="utf-8")
    assert promote(second, "churn").reason == "data_changed"
    assert served(second) == "third"


def test_predictions_that_were_changed_do_not_become_production_s(two: tuple[Workspace, Path]) -> None:
    """Whoever may write candidates could make production look bad to all who come after."""
    workspace, folder = two
    second = next_change(workspace.folder, "print('second')\n")
    record = predicted(second, "second", 20, folder)
    name = next(folder.glob("*.parquet"))
    pl.read_parquet(name).with_columns(score=pl.lit(0.5)).write_parquet(name)
    runs.save_file(second.registry, record.candidate.run_id, "predictions", name)
    promote(second, "churn")
    assert served(second) == "second"
    production = find_production(second, "churn")
    assert production is not None
    assert runs.fetch_file(second.registry, production.run_id, f"predictions/{name.name}", folder / "kept") is None


def test_predictions_that_were_changed_are_not_compared_again(two: tuple[Workspace, Path]) -> None:
    """The candidate's own, made to look good once production had moved."""
    second = overtaken(two, 80)
    _, folder = two
    evidence = find_evidence(second, "churn", second.code("churn"))
    assert evidence is not None
    name = next(folder.glob("*.parquet"))
    runs.save_file(second.registry, evidence.candidate.run_id, "predictions", name)
    with pytest.raises(StaleError, match="are not those that were compared"):
        promote(second, "churn")
    assert served(second) == "third"


@pytest.mark.parametrize(
    ("whose", "said"), [("candidate", "are not those that were compared"), ("production", "no predictions of prod")]
)
def test_predictions_that_are_no_parquet_are_stale(two: tuple[Workspace, Path], whose: str, said: str) -> None:
    """The digest is asked before a reader sees them; where it is not known, what cannot be read was not kept."""
    second = overtaken(two, 20)
    _, folder = two
    evidence, production = find_evidence(second, "churn", second.code("churn")), find_production(second, "churn")
    assert evidence is not None
    assert production is not None
    junk = next(folder.glob("*.parquet"))
    junk.write_bytes(b"PAR1")
    run_id = evidence.candidate.run_id if whose == "candidate" else production.run_id
    runs.save_file(second.registry, run_id, "predictions", junk)
    with pytest.raises(StaleError, match=said):
        promote(second, "churn")
    assert served(second) == "third"


def test_records_of_another_mlgate_are_told_and_left_out(
    two: tuple[Workspace, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """What production keeps of its training and comparison decides nothing where it cannot be read."""
    workspace, folder = two
    production = find_production(workspace, "churn")
    assert production is not None
    for file in ("training.json", "comparison.json"):
        runs.save_text(workspace.registry, production.run_id, file, '{"format": 99}')
    rule = "{metric: training_time, upper_bound: 60}"
    commit(workspace.folder, {"mlgate.yaml": CONFIG.replace("{metric: roc_auc, lower_bound: 0.6}", rule)})
    second = next_change(workspace.folder, "print('second')\n")
    evidence = predicted(second, "second", 20, folder)
    record = _again(second, "churn", evidence, Means.KEPT_OR_MADE)
    assert record.verdict.decided_by.startswith("training_time")
    said = capsys.readouterr().err
    assert "the training.json kept with version 1 of churn is not of this mlgate's format, and is not used" in said
    assert "whether slices vanished since is not known" in said
    assert not (second.records / "churn" / "production.json").exists()


def test_slices_are_held_against_the_comparison_that_decided(two: tuple[Workspace, Path]) -> None:
    """A release that was compared again keeps both comparisons; the one that its entry names counts."""
    workspace, _ = two
    production = find_production(workspace, "churn")
    assert production is not None
    older = kept_evidence(workspace, "churn", production)
    part = SliceResult(name="x above 1", n=200, results=())
    text = older.model_copy(update={"slices": (part,)}).model_dump_json(indent=2)
    digest = evidence_digest(text)
    runs.save_text(workspace.registry, production.run_id, later(digest), text)
    versions.tag_version(workspace.registry, "churn", production.version, {EVIDENCE: digest})
    assert _slices_of(workspace, "churn", find_production(workspace, "churn")) == (part,)
