"""Whatever numbers a record holds, it is shown or refused as data."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from rich.console import Console

from mlgate.adapters import files
from mlgate.errors import RecordError
from mlgate.records import ComparisonRecord, Flips, Record, TrainingRecord, ValidationRecord
from mlgate.report import markdown, outputs, terminal
from mlgate.report.html import page
from mlgate.report.report import Report


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Name every whole number in a document."""
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(one, (*path, key))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path


@pytest.mark.parametrize("wild", [0, -1, 10**400])
@pytest.mark.parametrize("kind", [TrainingRecord, ComparisonRecord, ValidationRecord], ids=lambda kind: kind.step)
def test_any_whole_number_is_shown_or_refused(
    cases: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Record], wild: int
) -> None:
    """A record may come from a stranger: a count that none can be is an error of the record, not a crash of ours."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    known = cases["CASES"]["data-refused" if kind is ValidationRecord else "passed"][cases["MODEL"]]
    document = getattr(known, kind.step).model_dump_json()
    seen = set()
    for path in places(json.loads(document)):
        name = tuple(part for part in path if isinstance(part, str))
        if name in seen:
            continue
        seen.add(name)
        changed = json.loads(document)
        place = changed
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = wild
        files.write_text(tmp_path / cases["MODEL"] / f"{kind.step}.json", json.dumps(changed))
        try:
            record = files.read_record(tmp_path, cases["MODEL"], kind)
        except RecordError:
            continue
        report = Report.of({cases["MODEL"]: known.model_copy(update={kind.step: record})}, cases["CONTEXT"])
        assert markdown.comment(report)
        assert page(report)
        terminal.show(report, Console(quiet=True))
        assert outputs.document(report)


def test_counts_are_bounded() -> None:
    """A share of no rows is no share, and no count has four hundred digits."""
    for wrong in ({"n": 0}, {"broken": -1}, {"n": 10**400}):
        with pytest.raises(ValidationError):
            Flips(**{"fixed": 0, "broken": 0, "n": 9, **wrong})
