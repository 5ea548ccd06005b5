"""What stands under the bars of a histogram: short labels, no two of them the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from mlgate.escape import visible
from mlgate.records import Bar

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 12  # bars
LETTERS = 40  # on one line under all bars together
LONGEST = 7
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VALUELESS = {"null", "NaN", "infinite"}
OTHERS = "others "  # what the label of a range of other categories begins with


def fitting(bars: Sequence[Bar]) -> list[Bar]:
    """Return as many bars as can be labelled: rarer categories and the ranges of others are one, `others`."""
    if len(bars) <= MOST:
        return list(bars)
    last = list(takewhile(lambda bar: bar.label in VALUELESS, reversed(bars)))[::-1]
    valued = bars[: len(bars) - len(last)]
    told = MOST - 1 - len(last)
    rest = valued[told:]
    together = Bar(label="others", before=sum(bar.before for bar in rest), after=sum(bar.after for bar in rest))
    return [*valued[:told], together, *last]


def tick_labels(bars: Sequence[Bar]) -> list[str]:
    """Return a short label for each bar; where two would be the same, what they begin with is left out."""
    named = [_name(bar) for bar in bars]
    longest = max(LONGEST, LETTERS // len(bars) - max(len(lead) for lead, _ in named))
    texts = {text for _, text in named}
    short = {text: visible(text, longest) for text in texts}
    for same in {one for one in short.values() if list(short.values()).count(one) > 1}:
        alike = [text for text in texts if short[text] == same]
        shared = _shared(alike)
        short |= {text: visible(f"…{text[shared:]}", longest) for text in alike}
    labels = [lead + short[text] for lead, text in named]
    if len(set(labels)) < len(labels):
        return [f"{label[: LONGEST - 4]} {number}" for number, label in enumerate(labels, start=1)]
    return labels


def _shared(texts: Sequence[str]) -> int:
    """Count the letters that all texts begin with."""
    return len(list(takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))))


def crowded(labels: Sequence[str]) -> bool:
    """Whether the labels need more room than one line has."""
    return len(labels) * max(map(len, labels)) > LETTERS


def moment(microseconds: float, _: float = 0) -> str:
    """Write a time on an axis as its day; nothing where there is no such day."""
    try:
        return f"{EPOCH + timedelta(microseconds=microseconds):%Y-%m-%d}"
    except OverflowError:
        return ""


def _name(bar: Bar) -> tuple[str, str]:
    """Name a bar by its label, and a range by its end alone: `to BOS`, `after ORD`, `to 0.3`."""
    if not bar.label and bar.high is not None:
        return "to ", f"{bar.high:.3g}"
    lead = next((lead for lead in ("to ", "after ") if bar.label.startswith(OTHERS + lead)), "")
    return lead, bar.label.removeprefix(OTHERS + lead) if lead else bar.label
