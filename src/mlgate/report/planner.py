"""Fit sections into a limit: what matters least is shortened or left out first, and what was left out is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mlgate.report.head import Head

# What may be left out of every section, least important first, and what readers call it.
OPTIONAL = {
    "environment": "environment",
    "trend": "earlier versions",
    "changes": "what the candidate is made of",
    "power": "power",
    "findings": "findings in sentences",
    "hints": "hints",
    "validation": "how the data moved",
    "flips": "flips",
    "slices": "slices",
    "cost": "cost",
    "data": "data",
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is shown: which blocks are left out, how many entries a list has, how many sections and lines."""

    left_out: tuple[str, ...] = field(default=())
    rows: int | None = None
    sections: int | None = None
    lines: int | None = None


class Section(Protocol):
    """One model's part, which writes its blocks with at most so many rows each."""

    @property
    def head(self) -> Head:
        """Its line in the table on top."""

    @property
    def names(self) -> Sequence[str]:
        """The blocks' names, in the order in which they are read."""

    def block(self, name: str, rows: int | None) -> str:
        """Write one block; empty where there is nothing to say."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands before and after the sections, and around each, under a plan.

    `hidden` is what is left of a section that is not shown: a line that nobody sees, for who writes the comment next.
    A plan that has no room for all of them is not taken, but for the last one, which drops those of the best verdicts.
    """

    before: Callable[[Plan], str]
    after: Callable[[Plan], str]
    opening: Callable[[Section], str]
    naming: Callable[[str], str]
    hidden: Callable[[Section], str]


def plans() -> Iterator[Plan]:
    """Give the plans from everything to the least; the last is small whatever the records hold."""
    for rows in (None, 1000, 300, 100):
        yield Plan(rows=rows)
    names = tuple(OPTIONAL)
    for fewer, least in ((100, 1), (40, 0), (12, 0)):
        for dropped in range(least, len(names) + 1):
            yield Plan(left_out=names[:dropped], rows=fewer)
    for sections in (20, 8, 3, 1, 0):
        yield Plan(left_out=names, rows=5, sections=sections, lines=max(sections, 10))


def fit(sections: Sequence[Section], frame: Frame, limit: int) -> str:
    """Write the first plan's text that has at most `limit` bytes."""
    last = None
    for plan in plans():
        text = _write(sections, frame, plan, limit)
        if text is not None:
            return text
        last = plan
    text = _write(sections, frame, last, limit, dropping=True) if last else None
    if text is None:
        raise AssertionError("the last plan fits whatever the records hold")
    return text


def _write(sections: Sequence[Section], frame: Frame, plan: Plan, limit: int, *, dropping: bool = False) -> str | None:
    """Write the blocks of `plan`, or stop as soon as they are past `limit`."""
    parts = [frame.before(plan)]
    size = _bytes(parts[0])
    for section in sections[: plan.sections]:
        for part in _parts(section, frame, plan):
            size += _bytes(part)
            if size > limit:
                return None
            parts.append(part)
    last = frame.after(plan)
    size += _bytes(last)
    for section in sections[plan.sections :] if plan.sections is not None else ():
        part = frame.hidden(section)
        size += _bytes(part)
        if size > limit and dropping:
            break
        if size > limit:
            return None
        parts.append(part)
    text = "\n\n".join(part for part in (*parts, last) if part) + "\n"
    return text if len(text.encode()) <= limit else None


def _parts(section: Section, frame: Frame, plan: Plan) -> Iterator[str]:
    yield frame.opening(section)
    for name in section.names:
        if name in plan.left_out:
            continue
        text = section.block(name, plan.rows)
        if text:
            yield f"{frame.naming(name)}{text}"


def _bytes(text: str) -> int:
    return len(text.encode()) + 2
