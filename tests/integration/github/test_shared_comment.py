"""Jobs of a matrix, or of several folders, write one comment at the same time, and every section is in it then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Barrier, BrokenBarrierError

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


def draft(model: str, commit: str, *, project: str = "", whole: bool = False) -> Draft:
    """Make the draft of a job of one model, which is all of its folder's where it is `whole`."""
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
    report = Report.of({model: ModelRecords(validation=record)}, Context(head_sha=commit, project=project))
    return Draft(report=report, whole=whole)


@dataclass
class Job:
    """A job that posts its draft, and counts how often it had to write it."""

    draft: Draft
    composed: int = 0
    read: Barrier | None = None  # where one is named, no job writes before each has read

    def post(self, server: Server, token: str, pull: int, together: Barrier, pause: float) -> object:
        """Post when all the others are ready, too."""
        hub = GitHub(server.url, REPOSITORY, token, pause=pause)
        together.wait()
        return hub.upsert_comment(pull, self)

    def shared(self, bodies: Sequence[str]) -> bool:
        """As the draft says."""
        return self.draft.shared(bodies)

    def is_ours(self, body: str) -> bool:
        """As the draft says."""
        return self.draft.is_ours(body)

    def compose(self, bodies: Sequence[str]) -> str | None:
        """As the draft does."""
        self.composed += 1
        if self.read is not None and self.composed == 1:
            with suppress(BrokenBarrierError):
                self.read.wait(timeout=10)
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


FOLDERS = ("", "credit", "fraud")


def test_jobs_of_several_folders_lose_no_section(server: Server) -> None:
    """Each reports all models of its own folder, and none knows of the others; all write over what all have read."""
    pull = server.open_pull()
    token = server.token(pull_requests="write")
    for folder in FOLDERS:  # a first push, one job after the other
        server.connect(token).upsert_comment(pull.number, draft("score", "0" * 40, project=folder, whole=True))
    for number in range(1, 4):
        commit = f"{number:040x}"
        read, together = Barrier(len(FOLDERS)), Barrier(len(FOLDERS))
        jobs = [Job(draft("score", commit, project=folder, whole=True), read=read) for folder in FOLDERS]
        post = partial(Job.post, server=server, token=token, pull=pull.number, together=together, pause=PAUSE)
        with ThreadPoolExecutor(len(FOLDERS)) as pool:
            posted = list(pool.map(post, jobs))
        assert all(isinstance(one, Posted) for one in posted), posted
        (comment,) = pull.get_issue_comments()
        found = {section.head.project: section.head.commit for section in marks.sections(comment.body)}
        assert found == dict.fromkeys(FOLDERS, commit)
        assert sum(job.composed for job in jobs) > len(FOLDERS)


def test_a_first_report_of_two_folders_at_once_is_one_comment(server: Server) -> None:
    """Both find no comment and make one each; the older one takes up the other."""
    pull = server.open_pull()
    token = server.token(pull_requests="write")
    read, together = Barrier(2), Barrier(2)
    jobs = [Job(draft("score", "a" * 40, project=folder, whole=True), read=read) for folder in FOLDERS[1:]]
    post = partial(Job.post, server=server, token=token, pull=pull.number, together=together, pause=PAUSE)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(post, jobs))
    (comment,) = pull.get_issue_comments()
    assert [section.head.project for section in marks.sections(comment.body)] == ["credit", "fraud"]


@pytest.mark.long
def test_many_matrices_lose_no_section(server: Server, tell: Callable[[str], None]) -> None:
    """Ten pushes, with the pause that jobs make; they do collide."""
    again = race(server, 10, pause=1.0)
    tell(f"10 matrices of {JOBS} jobs on one comment: {again} wrote again")
    assert again > 5
