"""What can be wrong with a model's stages, found by holding the alias and the versions against the replayed history."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mlgate.promotion.history import NONE, PRODUCTION, YES
from mlgate.records import Problem
from mlgate.tag_names import ARCHIVED, BASE, CONFIRMED, KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from mlgate.promotion.history import Entry, History
    from mlgate.promotion.values import Stage, Standing

UNDER_WAY = timedelta(hours=1)


def diagnose(standing: Standing, *, head_bytes_match: bool | None) -> list[Problem]:
    """List what is wrong with a stage; `head_bytes_match` is None when the head's files could not be read."""
    head, alias, alias_version = standing.head, standing.alias, standing.alias_version
    if head is None:
        if alias_version is None:
            return []
        return [
            Problem(
                reason="no_history",
                sentence=f"{alias} points to version {alias_version}, which mlgate did not promote; "
                "the next promotion starts the history from there",
            )
        ]
    problems = []
    if alias_version != head.version and _was_replaced(standing, head):
        problems.append(_deleted(standing, head))
    elif alias_version is None and not standing.interrupted:
        problems.append(_alias(f"the alias {alias} is gone; the history says version {head.version}"))
    elif alias_version != head.version:
        moved = "somebody moved it by hand, or a promotion that was cut off wrote it late"
        cause = "a promotion was interrupted" if standing.interrupted else moved
        where = f"points to version {alias_version}" if alias_version else "points to nothing"
        problems.append(_alias(f"{alias} {where}, the history says version {head.version}: {cause}"))
    elif not head.confirmed:
        sentence = f"the promotion to {standing.stage} version {head.version} was interrupted at its end"
        write = "`mlgate doctor --fix`, or the next promotion, finishes it"
        problems.append(Problem(reason="unconfirmed", sentence=sentence, fixable=True, level="advice", write=write))
    if not head_bytes_match:
        problems = [problem.model_copy(update={"fixable": False, "write": ""}) for problem in problems]
    if head_bytes_match is None:
        problems.append(Problem(reason="no_bytes", sentence=f"the files of version {head.version} cannot be read"))
    elif not head_bytes_match:
        remedy = ": roll back" if standing.stage == PRODUCTION else ": promote to staging again"
        sentence = f"the files of {standing.stage} version {head.version} are not those that were promoted{remedy}"
        problems.append(Problem(reason="changed_bytes", sentence=sentence))
    return problems


def look_back(history: History, entries: Sequence[Entry], stage: Stage = PRODUCTION) -> Iterator[Problem]:
    """Say what a stage's list shows beside its head: deleted versions, and entries that never counted.

    That the version before production was deleted is a problem, since one cannot go back to it; the rest is advice.
    """
    present, head = {entry.version for entry in entries}, history.head
    for entry in history.valid:
        base = entry.tags.get(BASE, NONE)
        if base == NONE or base in present:
            continue
        latest = entry is head and stage == PRODUCTION
        yield Problem(
            reason="deleted_version",
            sentence=f"version {base}, which version {entry.version} replaced, was deleted"
            + (": production cannot go back to it" if latest else ""),
            level="problem" if latest else "advice",
            write="grant MANAGE on production's registered model to nobody but administrators (docs/credentials.md)",
        )
    keys = {entry.tags[KEY] for entry in history.valid if KEY in entry.tags}
    for entry in history.stale:
        if entry.confirmed:
            yield Problem(
                reason="forged_entry",
                sentence=f"version {entry.version} is tagged as confirmed, and never was in {stage}: promotions would "
                "take it for the head",
                write=f"an administrator deletes its tag {CONFIRMED}; find out who may write here",
            )
            continue
        if entry.tags.get(KEY) in keys:
            continue  # a request that was sent twice
        yield Problem(
            reason="stale_entry",
            sentence=f"version {entry.version} was added by a promotion that was overtaken; it never was in {stage}",
            level="advice",
        )


def look_at_others(history: History, entries: Sequence[Entry], *, shared: bool) -> Iterator[Problem]:
    """Say which versions others added since mlgate came; in a model that is `shared` with candidates these are many."""
    first = history.valid[0] if history.valid else None
    others = [] if shared or first is None else [e for e in entries if e.operation is None]
    for entry in others:
        if first is not None and int(entry.version) > int(first.version):
            yield Problem(
                reason="foreign_version",
                sentence=f"version {entry.version} was added without mlgate; it is not part of the history",
                level="advice",
                write="find out who may write here: `mlgate doctor --as promoter`",
            )


def look_aside(unfinished: Iterable[tuple[str, datetime]], now: datetime) -> Iterator[Problem]:
    """Say which promotions ended while they copied files: their runs are open, and no version names them."""
    for run_id, began in unfinished:
        if now - began > UNDER_WAY:
            yield Problem(
                reason="unfinished_copy",
                sentence=f"a promotion of {began:%Y-%m-%d %H:%M} UTC ended while it copied files to the run {run_id}; "
                "nothing became of it",
                level="advice",
                write="promote again, which copies anew; an administrator may delete that run",
            )


def look_deeper(targets: Mapping[str, bool | None]) -> Iterator[Problem]:
    """Say which versions that one could go back to have other files than were promoted, by whether theirs match."""
    for version, match in targets.items():
        if match is None:
            yield Problem(
                reason="no_bytes",
                sentence=f"the files of version {version} cannot be read: production cannot go back to it",
            )
        elif not match:
            yield Problem(
                reason="changed_bytes",
                sentence=f"the files of version {version} are not those that were promoted: "
                "a rollback to it will be refused",
                write="find out who changed them, and who may write production's files (docs/credentials.md)",
            )


def _was_replaced(standing: Standing, head: Entry) -> bool:
    """Whether the head had been replaced by a version that is no longer listed, or stands where such a one stood.

    It is marked as archived, or another one was overtaken on it; or it never counted, and its alias is gone.
    """
    overtaken = any(entry.overtaken and entry.tags.get(BASE) == head.version for entry in standing.history.stale)
    never = standing.alias_version is None and not head.confirmed and not standing.interrupted
    return overtaken or never or head.tags.get(ARCHIVED) == YES


def _deleted(standing: Standing, head: Entry) -> Problem:
    """Say that nobody can tell what a stage should hold: its head was replaced, and what replaced it is gone."""
    return Problem(
        reason="deleted_version",
        sentence=f"what was in {standing.stage} after version {head.version}, or in its place, was deleted: "
        f"the history no longer says where {standing.alias} points to",
        write=f"if version {head.version} is to serve, an administrator points {standing.alias} to it",
    )


def _alias(sentence: str) -> Problem:
    return Problem(
        reason="alias_differs", sentence=sentence, fixable=True, write="`mlgate doctor --fix` moves it to the history's"
    )
