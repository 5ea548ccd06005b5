"""Check runs: a model's verdict on a commit, with annotations; a commit status where check runs may not be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from github import GithubException, RateLimitExceededException

from mlgate.adapters.github.answers import ForbiddenError, asking
from mlgate.adapters.github.retry import persist
from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from github.Requester import Requester

    from mlgate.report.annotations import Annotation
    from mlgate.report.check import Check

PAGE = 100
BATCH = 50  # GitHub takes no more annotations in one request
DESCRIPTION_LIMIT = 140  # of a commit status
Note = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of a check: a commit status is what is left where check runs are `refused`."""

    kind: Literal["check run", "commit status"]
    name: str
    action: Literal["created", "updated"]
    url: str = ""
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class Checks:
    """The check runs and statuses of one repository; `requester` sends neither POST nor PATCH twice by itself."""

    requester: Requester = field(repr=False)
    repository: str
    pause: float

    def tell(self, wanted: Sequence[Check]) -> tuple[Told, ...]:
        """Write every check; raises ForbiddenError where neither check runs nor statuses may be written."""
        told: list[Told] = []
        refused = ""
        for check in wanted:
            if not refused:
                try:
                    with asking(f"to write the check run {check.name!r} of {self.repository}"):
                        told.append(self._run(check))
                    continue
                except ForbiddenError as error:
                    refused = str(error)
            with asking(f"to write the commit status {check.name!r} of {self.repository}"):
                told.append(self._status(check, refused))
        return tuple(told)

    def _run(self, check: Check) -> Told:
        """Update our check run of this commit, or create it.

        GitHub adds annotations to those that are there and takes none away: where some no longer hold, a new check run
        takes the place of the old one, as the newest of a name is what counts and what is shown. So it does where the
        old one was made with the token of another App, since only that App may change it.
        """
        notes = [_note(one) for one in check.annotations if one.place is not None]
        known = self._known(check)
        ours = known[0] if known else None
        written = self._notes(ours) if ours is not None else []
        lasting = ours is not None and all(one in notes for one in written)
        if ours is not None and lasting and self._update(ours["id"], check, notes, written):
            return Told(kind="check run", name=check.name, action="updated", url=ours.get("html_url") or "")
        return self._create(check, notes, {one["id"] for one in known})

    def _update(self, number: int, check: Check, notes: list[Note], written: list[Note]) -> bool:
        """Say the verdict anew and add what is not `written` yet; False where this token may not change it."""
        try:
            self._add(number, check, [one for one in notes if one not in written], len(written))
        except RateLimitExceededException:
            raise
        except GithubException as error:
            if error.status != 403:
                raise
            return False
        return True

    def _create(self, check: Check, notes: list[Note], known: set[int]) -> Told:
        body = _conclusion(check) | {"name": check.name, "head_sha": check.commit, "output": _output(check, notes)}
        made = persist(
            lambda: self._ask("POST", "check-runs", body=body),
            lambda: next((one for one in self._known(check) if one["id"] not in known), None),
            self.pause,
        )
        if notes[BATCH:]:
            self._add(made["id"], check, notes[BATCH:], BATCH)
        return Told(kind="check run", name=check.name, action="created", url=made.get("html_url") or "")

    def _add(self, number: int, check: Check, notes: list[Note], there: int) -> None:
        """Say the verdict anew, and add annotations to the ones that are there."""
        for start in range(0, max(len(notes), 1), BATCH):
            batch = notes[start : start + BATCH]
            self._change(number, _conclusion(check) | {"output": _output(check, batch)}, there + start + len(batch))

    def _change(self, number: int, body: dict[str, Any], expected: int) -> None:
        """Change a check run; after a failure that may have done so, count its annotations before trying again."""

        def done() -> dict[str, Any] | None:
            found: dict[str, Any] = self._ask("GET", f"check-runs/{number}")
            added = body["output"]["annotations"]
            return found if added and found["output"].get("annotations_count", 0) >= expected else None

        persist(lambda: self._ask("PATCH", f"check-runs/{number}", body=body), done, self.pause)

    def _known(self, check: Check) -> list[dict[str, Any]]:
        """List our check runs of this commit and name, the newest first; another App's have another reference."""
        asked = {"check_name": check.name, "filter": "all", "per_page": PAGE}
        found = self._ask("GET", f"commits/{check.commit}/check-runs", asked)["check_runs"]
        return sorted((one for one in found if one.get("external_id") == check.key), key=lambda one: -one["id"])

    def _notes(self, run: dict[str, Any]) -> list[Note]:
        """Read the annotations of a check run, as far as they are ours to compare; where it has none, ask nothing."""
        found: list[Note] = []
        pages = -(-run["output"].get("annotations_count", 0) // PAGE)
        for page in range(1, pages + 1):
            listed = self._ask("GET", f"check-runs/{run['id']}/annotations", {"per_page": PAGE, "page": page})
            found += [{key: one.get(key) for key in _KEYS} for one in listed]
        return found

    def _status(self, check: Check, refused: str) -> Told:
        """Write a commit status; a second one of a name changes nothing, so it is tried again without looking."""
        states = {Outcome.PASS: "pending" if check.claimed else "success", Outcome.ERROR: "error"}
        body = {
            "state": states.get(check.outcome, "failure"),
            "context": check.name,
            "description": _clamped(check.title),
            **({"target_url": check.url} if check.url else {}),
        }
        persist(lambda: self._ask("POST", f"statuses/{check.commit}", body=body), lambda: None, self.pause)
        return Told(kind="commit status", name=check.name, action="created", refused=refused)

    def _ask(
        self, method: str, path: str, parameters: dict[str, Any] | None = None, body: dict[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 (GitHub's JSON)
        url = f"/repos/{self.repository}/{path}"
        return self.requester.requestJsonAndCheck(method, url, parameters=parameters, input=body)[1]


_KEYS = ("path", "start_line", "end_line", "annotation_level", "title", "message")


def _note(one: Annotation) -> Note:
    place = one.place
    line = (place.line if place else None) or 1
    level = "failure" if one.level == "error" else "warning"
    values = (place.path if place else "", line, line, level, one.title, one.message)
    return dict(zip(_KEYS, values, strict=True))


def _conclusion(check: Check) -> dict[str, Any]:
    """Say that it is finished; what is not known to pass must not satisfy a required check, as `neutral` does."""
    passed = "action_required" if check.claimed else "success"
    return {
        "status": "completed",
        "conclusion": passed if check.outcome is Outcome.PASS else "failure",
        "completed_at": check.completed_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "external_id": check.key,
        **({"details_url": check.url} if check.url else {}),
    }


def _output(check: Check, notes: list[Note]) -> dict[str, Any]:
    return {"title": check.title, "summary": check.summary, "annotations": notes[:BATCH]}


def _clamped(text: str) -> str:
    return text if len(text) <= DESCRIPTION_LIMIT else f"{text[: DESCRIPTION_LIMIT - 1]}…"
