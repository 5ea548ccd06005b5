"""The check runs and commit statuses of a repository, as GitHub keeps them; emulate replaces annotations, GitHub adds.

Statuses emulate has none. Bodies of requests are held against what GitHub's description of its API (OpenAPI) says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from tests.bed.deployments import Answer, Json, Pages, github_pages

TEXT, LINE = {"type": "string"}, {"type": "integer", "minimum": 1}
CONCLUSIONS = ["action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out"]
ANNOTATION = {
    "type": "object",
    "required": ["path", "start_line", "end_line", "annotation_level", "message"],
    "additionalProperties": False,
    "properties": {
        "path": {"type": "string", "minLength": 1},
        "start_line": LINE,
        "end_line": LINE,
        "annotation_level": {"enum": ["notice", "warning", "failure"]},
        "message": {"type": "string", "minLength": 1, "maxLength": 65_535},
        "title": {"type": "string", "maxLength": 255},
    },
}
RUN: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "name": TEXT,
        "head_sha": {"type": "string", "pattern": "^[0-9a-f]{40}$"},
        "details_url": TEXT,
        "external_id": TEXT,
        "status": {"enum": ["queued", "in_progress", "completed"]},
        "conclusion": {"enum": CONCLUSIONS},
        "completed_at": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "output": {
            "type": "object",
            "required": ["title", "summary"],
            "additionalProperties": False,
            "properties": {
                "title": TEXT,
                "summary": TEXT,
                "annotations": {"type": "array", "maxItems": 50, "items": ANNOTATION},
            },
        },
    },
}
STATUS: dict[str, Any] = {
    "type": "object",
    "required": ["state"],
    "additionalProperties": False,
    "properties": {
        "state": {"enum": ["error", "failure", "pending", "success"]},
        "target_url": TEXT,
        "description": {"type": "string", "maxLength": 140},
        "context": TEXT,
    },
}
MOST_BYTES = 65_535
DENIED: Answer = (403, {"message": "Resource not accessible by integration"})
NOT_ITS_APP = "Invalid app_id `1` - check run can only be modified by the GitHub App that created it."


@dataclass
class CheckPages(Pages):
    """Keeps check runs and statuses; `denied` is what the token may not do: checks, making (a check run), statuses."""

    runs: list[Json] = field(default_factory=list)
    told: list[Json] = field(default_factory=list)  # statuses, in the order in which they came
    denied: set[str] = field(default_factory=set)
    others: set[int] = field(default_factory=set)  # check runs of another App, which only that App may change

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Json) -> Answer | None:
        """Answer for checks and statuses, else as the others do."""
        parts = path.strip("/").split("/")[3:]
        match method, parts:
            case "GET", ["commits", sha, "check-runs"]:
                return self._may("checks", path, method) or self._list(sha, query)
            case _, ["check-runs", *rest]:
                return self._may("checks", path, method) or self._run(method, rest, query, body)
            case "POST", ["statuses", sha]:
                return self._may("statuses", path, method) or self._status(sha, body)
        return super().answer(method, path, query, body)

    def _may(self, what: str, path: str, method: str) -> Answer | None:
        self.asked.append(f"{method} {path}")
        return DENIED if what in self.denied else None

    def _list(self, sha: str, query: dict[str, list[str]]) -> Answer:
        name = query.get("check_name", [""])[0]
        found = [one for one in self.runs if one["head_sha"] == sha and name in {"", one["name"]}]
        if query.get("filter", ["latest"])[0] == "latest":
            found = list({one["name"]: one for one in found}.values())
        return 200, {"total_count": len(found), "check_runs": [_shown(one) for one in reversed(found)]}

    def _run(self, method: str, rest: list[str], query: dict[str, list[str]], body: Json) -> Answer:
        if method == "GET" and rest[1:] == ["annotations"]:
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return 200, self.runs[int(rest[0]) - 1]["annotations"][size * (page - 1) : size * page]
        if method == "GET":
            return 200, _shown(self.runs[int(rest[0]) - 1])
        if rest and int(rest[0]) in self.others:
            return 403, {"message": NOT_ITS_APP}
        if not rest and "making" in self.denied:
            return DENIED
        if self.next:
            if self.writes_although_it_fails:
                self._keep(rest, body)
            return self.next.pop(0), {"message": "told to fail"}
        return self._keep(rest, body)

    def _keep(self, rest: list[str], body: Json) -> Answer:
        problems = [one.message for one in Draft202012Validator(RUN).iter_errors(body)]
        if len(body.get("output", {}).get("summary", "").encode()) > MOST_BYTES:
            problems.append("summary is too long")
        if problems or (not rest and not {"name", "head_sha"} <= body.keys()):
            return 422, {"message": f"Invalid request: {problems}"}
        if not rest:
            number = len(self.runs) + 1
            self.runs.append({"id": number, "html_url": f"{self.url}/runs/{number}", "annotations": []})
        run = self.runs[int(rest[0]) - 1 if rest else -1]
        added = body.get("output", {}).get("annotations", [])
        run |= {**body, "annotations": [*run["annotations"], *added]}
        return 200 if rest else 201, _shown(run)

    def _status(self, sha: str, body: Json) -> Answer:
        problems = list(Draft202012Validator(STATUS).iter_errors(body))
        if problems:
            return 422, {"message": problems[0].message}
        self.told.append({**body, "sha": sha})
        return 201, body


def _shown(run: Json) -> Json:
    """Show a check run as GitHub does: annotations are counted, and asked for by themselves."""
    output = {name: value for name, value in run["output"].items() if name != "annotations"}
    kept = {name: value for name, value in run.items() if name != "annotations"}
    return {**kept, "output": {**output, "annotations_count": len(run["annotations"])}}


@contextmanager
def check_pages(upstream: str = "") -> Iterator[CheckPages]:
    """Serve while inside, in front of `upstream` where one is named."""
    pages = CheckPages(upstream=upstream)
    with github_pages(pages=pages):
        yield pages
