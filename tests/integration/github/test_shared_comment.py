"""Jobs of a matrix write one comment at the same time, and every section is in it at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Barrier

import pytest

from mlgate.adapters.github import GitHub, Posted
from mlgate.records import Code, ValidationRecord
from mlgate.report import marks
from mlgate.report.draft import Draft
from mlgate.report.model_records import ModelRecords
from mlgate.report.report import Context, Report
from mlgate.verdict import Outcome, Verdict
from tests.bed.emulate import REPOSITORY, Server

JOBS = 8
PAUSE = 0.5  # jobs wait twice that before they look again: longer than eight threads take on a busy machine


def draft(model: str, commit: str) -> Draft:
    """Make the draft of a job of one model."""
    code = Code(commit=commit, inputs_digest="i", inputs=(".",))
    verdict = Verdict(outcome=Outcome.FAIL, decided_by="schema", sentence="a column is missing")
    record = ValidationRecord(
        model=model,
        mlgate="0",
        created_at=datetime.now(UTC),
        code=code,
        verdict=verdict,
        files=(),
        violations=(),
        findings=(),
    )
    report = Report.of({model: ModelRecords(validation=record)}, Context(head_sha=commit))
    return Draft(report=report, whole=False)


@dataclass
class Job:
    """A job that posts its draft, and counts how often it had to write it."""

    draft: Draft
    composed: int = 0
    shared: bool = True

    def post(self, server: Server, token: str, pull: int, together: Barrier, pause: float) -> object:
        """Post when all the others are ready, too."""
        hub = GitHub(server.url, REPOSITORY, token, pause=pause)
        together.wait()
        return hub.upsert_comment(pull, self)

    def is_ours(self, body: str) -> bool:
        """As the draft says."""
        return self.draft.is_ours(body)

    def compose(self, bodies: Sequence[str]) -> str | None:
        """As the draft does."""
        self.composed += 1
        return self.draft.compose(bodies)

    def holds(self, body: str) -> bool:
        """As the draft says."""
        return self.draft.holds(body)


def race(server: Server, rounds: int, pause: float = PAUSE) -> int:
    """Let eight jobs start at once, for each of `rounds` commits; return how many found their section overwritten."""
    pull = server.open_pull()
    token = server.token(pull_requests="write")
    again = 0
    with ThreadPoolExecutor(JOBS) as pool:
        for number in range(rounds):
            commit = f"{number:040x}"
            jobs = [Job(draft(f"model-{index}", commit)) for index in range(JOBS)]
            together = Barrier(JOBS)
            post = partial(Job.post, server=server, token=token, pull=pull.number, together=together, pause=pause)
            posted = list(pool.map(post, jobs))
            assert all(isinstance(one, Posted) for one in posted), posted
            (comment,) = pull.get_issue_comments()
            found = {section.head.model: section.head.commit for section in marks.sections(comment.body)}
            assert found == {f"model-{index}": commit for index in range(JOBS)}
            again += sum(job.composed > 1 for job in jobs)
    return again


def test_a_few_matrices_lose_no_section(server: Server, tell: Callable[[str], None]) -> None:
    """The first makes the comment; then another push."""
    tell(f"2 matrices of {JOBS} jobs on one comment: {race(server, 2)} wrote again")


@pytest.mark.long
def test_many_matrices_lose_no_section(server: Server, tell: Callable[[str], None]) -> None:
    """Ten pushes, with the pause that jobs make; they do collide."""
    again = race(server, 10, pause=1.0)
    tell(f"10 matrices of {JOBS} jobs on one comment: {again} wrote again")
    assert again > 5
