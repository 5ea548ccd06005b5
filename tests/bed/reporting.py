"""A job that reports on a model that failed: the records it finds, and what a runner tells it."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from mlgate.__main__ import run
from mlgate.adapters.files import write_record
from mlgate.verdict import Place

CASES = runpy.run_path(str(Path(__file__).parents[1] / "golden" / "cases.py"))
HEAD, MERGE = "b" * 40, "c" * 40
EVENTS: dict[str, dict[str, Any]] = {
    "pull_request": {"pull_request": {"number": 1, "head": {"sha": HEAD}}},
    "merge_group": {"merge_group": {"head_ref": "refs/heads/gh-readonly-queue/main/pr-1-0123", "head_sha": MERGE}},
    "push": {"repository": {"default_branch": "main"}},
    "workflow_run": {
        "workflow_run": {"head_repository": {"full_name": "stranger/r"}, "head_branch": "x", "head_sha": HEAD}
    },
}


ANNOTATION = "::error file=mlgate.yaml,line=12,title=flight-delay%3A roc_auc non_inferiority (margin 0.005)::"


def report(folder: Path, around: pytest.MonkeyPatch, event: str, *options: str, **environment: str) -> int:
    """Run `mlgate report` in a job of an event; `environment` takes the place of what a runner usually tells."""
    compared = CASES["compared"](CASES["WORSE"])
    passing, failing = compared.results
    placed = failing.finding.model_copy(update={"place": Place(path="mlgate.yaml", line=12)})
    results = (passing, failing.model_copy(update={"finding": placed}))
    write_record(folder / ".mlgate", compared.model_copy(update={"results": results}))
    write_record(folder / ".mlgate", CASES["TRAINED"])
    (folder / "event.json").write_text(json.dumps(EVENTS[event]), encoding="utf-8")
    told = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_REF": "refs/heads/topic",
        "GITHUB_SHA": MERGE,
        "GITHUB_RUN_ID": "5",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }
    for name, value in {**told, **environment}.items():
        around.setenv(name, value)
    return run(["report", "--records", str(folder / ".mlgate"), "--github-token", "ghs_job", *options])
