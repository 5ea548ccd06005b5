"""The description of a version in MLflow's UI: what it is, where it comes from, who made it production, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlgate.escape import code, prose
from mlgate.promotion.history import NONE, STAGING
from mlgate.report.links import safe_url
from mlgate.report.templates import sentence
from mlgate.tag_names import ACTOR, BASE, CANDIDATE, COMMIT, OPERATION, ORIGINAL, PULL_REQUEST, REASON, RUN_URL, STAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mlgate.records import ComparisonRecord

LIMIT = 5000  # MLflow's column holds no more
_RUN = re.compile(r"(?P<repository>https?://[^/]+/[^/]+/[^/]+)/actions/runs/[0-9]+")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def describe(
    tags: Mapping[str, str],
    evidence: ComparisonRecord | None,
    *,
    version: str | None = None,
    at: datetime | None = None,
) -> str:
    """Write the description of a history entry in Markdown, from its tags and the comparison that it rests on.

    `version` is the entry's own number, and `at` when it was appended. Whatever the tags hold stays text.
    """
    parts = (
        _what(tags, evidence),
        _verdict(evidence),
        _who(tags, at),
        _why(tags),
        _from(tags, evidence),
        _release(version, evidence) if tags.get(STAGE) == STAGING else _back(version, evidence),
    )
    text = ""
    for part in filter(None, parts):
        if len(text) + len(part) + 2 <= LIMIT:  # a part that was cut could end inside a link or a code span
            text += f"{part}\n\n"
    return text.strip()


def _what(tags: Mapping[str, str], evidence: ComparisonRecord | None) -> str:
    base, original = tags.get(BASE, NONE), tags.get(ORIGINAL)
    after = f"it replaced version {code(base, 40)}" if base != NONE else "it was the first version"
    if tags.get(OPERATION) == "rollback" or original:
        return f"**Rolled back** to the files of version {code(original or '?', 40)}; {after}."
    name, _, number = tags.get(CANDIDATE, "").rpartition("/")
    if not number and evidence is not None:
        name, number = evidence.candidate.name, evidence.candidate.version
    candidate = f": the files of candidate version {code(number, 40)} of {code(name)}" if number else ""
    where = " to staging" if tags.get(STAGE) == STAGING else ""
    return f"**Promoted{where}**{candidate}; {after}."


def _who(tags: Mapping[str, str], at: datetime | None) -> str:
    actor, run = tags.get(ACTOR), safe_url(tags.get(RUN_URL))
    when = f" on {at:%Y-%m-%d at %H:%M} UTC" if at else ""
    done = f"Done by {code(actor)}{when}" if actor else f"Done{when}" if when else ""
    job = f"[this job]({run})" if run else ""
    return f"{done}, in {job}." if done and job else f"{done}." if done else f"Done in {job}." if job else ""


def _why(tags: Mapping[str, str]) -> str:
    reason = tags.get(REASON)
    return f"Why: {prose(reason, 500)}" if reason else ""


def _verdict(evidence: ComparisonRecord | None) -> str:
    if evidence is None:
        return ""
    before = evidence.production
    against = f"against production version {code(before.version, 40)}" if before else "by itself, before any production"
    verdict = evidence.verdict
    return f"**{verdict.outcome.value}** {against}: {prose(sentence(verdict.sentence), 400)}"


def _from(tags: Mapping[str, str], evidence: ComparisonRecord | None) -> str:
    """Name the pull request and the commit, with links where the job's address says which repository it was."""
    found = _RUN.fullmatch(tags.get(RUN_URL, ""))
    repository = found["repository"] if found else ""
    pull = tags.get(PULL_REQUEST, "")
    commit = tags.get(COMMIT) or (evidence.code.commit if evidence else "")
    named = []
    if pull.isascii() and pull.isdigit():
        named.append(f"pull request {_link(f'#{pull}', f'{repository}/pull/{pull}' if repository else None)}")
    if _COMMIT.fullmatch(commit):
        named.append(f"commit {_link(commit[:12], f'{repository}/commit/{commit}' if repository else None)}")
    return f"From {', '.join(named)}." if named else ""


def _link(shown: str, url: str | None) -> str:
    address = safe_url(url)
    return f"[{code(shown)}]({address})" if address else code(shown)


def _release(version: str | None, evidence: ComparisonRecord | None) -> str:
    """Say how this version becomes production."""
    model = f"--model {evidence.model} " if evidence else ""
    number = f"--version {version} " if version else ""
    command = f"mlgate promote {model}--to production {number}--reason '…'"
    return f"{code(command, 240)} makes it production."


def _back(version: str | None, evidence: ComparisonRecord | None) -> str:
    """Say how to leave this version, and how to come back to it; the text stays when production moves on."""
    model = f"--model {evidence.model} " if evidence else ""

    def command(to: str) -> str:
        return code(f"mlgate rollback {model}--to {to} --reason '…'", 240)

    leave = f"While this is production, {command('previous')} goes back to what was before"
    return f"{leave}; later, {command(version)} comes back to it." if version else f"{leave}."
