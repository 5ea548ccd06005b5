"""Compare two sets of data, or their profiles, alone: no registry, no git, no mlgate.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from mlgate import __version__
from mlgate.data.drift.findings import shift_findings
from mlgate.data.drift.importance import importance_findings, weighted, with_importance
from mlgate.data.drift.shifts import compare, measure
from mlgate.data.files.read import collect, scan
from mlgate.data.profile.kept import is_profile, read_profile
from mlgate.data.profile.profiling import profile, take_sample
from mlgate.errors import DataError
from mlgate.records import Drift
from mlgate.verdict import Finding, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mlgate.adapters.registry import Registry
    from mlgate.config.data import Shift
    from mlgate.data.profile.profile import Profile
    from mlgate.records import ColumnShift, DomainClassifier, Importance


NAMED = 8  # columns that a verdict names


@dataclass(frozen=True, kw_only=True)
class Known:
    """What data is held against: a profile, what a model rests on where a model keeps it, and the rows if there are."""

    name: str
    profile: Profile
    importance: Importance | None = None
    rows: Path | None = None


def known_data(reference: Path, settings: Shift, name: str = "") -> Known:
    """Read data of any kind, or a profile that was kept (.json), which people know by a `name`.

    Raises DataError for what cannot be read.
    """
    name = name or str(reference)
    if is_profile(reference):
        return Known(name=name, profile=read_profile(reference))
    found = profile(scan(reference), ignore=settings.ignore, sketched=False)
    return Known(name=name, profile=found, rows=reference)


def known_version(registry: Registry, uri: str, warn: Callable[[str], None]) -> Known:
    """Read what a version of a model keeps of its training data; raises DataError where it keeps nothing."""
    from mlgate.steps.reference import version_reference

    found = version_reference(registry, uri, warn)
    if found.profile is None:
        raise DataError(
            f"{uri} keeps no profile of what it was trained on",
            hint="name a version that `mlgate train` made, or give its training data",
        )
    return Known(name=uri, profile=found.profile, importance=found.importance)


def drift(known: Known, current: Path, settings: Shift, *, name: str = "", classifier: bool = False) -> Drift:
    """Measure how far `current` is from what is known; it is data of any kind, or a profile that was kept (.json).

    People know it by a `name`.

    Raises DataError for what cannot be read or compared, ConfigError for a classifier without scikit-learn.
    """
    theirs = read_profile(current) if is_profile(current) else None
    if theirs is not None:
        _refuse_other_bins(known, theirs, current, settings)
        shifts = compare(known.profile.columns, theirs.columns, settings)
        rows = theirs.rows
    else:
        frame = scan(current)
        shifts = measure(known.profile, frame, settings)
        rows = int(collect(frame.select(pl.len()), str(current)).item())
    shifts = with_importance(shifts, known.importance)
    apart = _classified(known, current, settings) if classifier else None
    found = _findings(shifts, settings, apart, since=known.name.rpartition("/")[2])
    return Drift(
        mlgate=__version__,
        reference=known.name,
        current=name or str(current),
        reference_rows=known.profile.rows,
        current_rows=rows,
        floor=settings.floor,
        verdict=_verdict(shifts, found),
        findings=found,
        shifts=shifts,
        weighted_shift=weighted(shifts),
        classifier=apart,
    )


def _verdict(shifts: tuple[ColumnShift, ...], found: tuple[Finding, ...]) -> Verdict:
    """Name the columns that moved; where no column could be compared, nothing passes."""
    moved = [shift.column for shift in shifts if shift.shifted]
    if moved:
        named = ", ".join(moved[:NAMED]) + (", …" if len(moved) > NAMED else "")
        sentence = f"{len(moved):,} of {len(shifts):,} columns moved: {named}"
        return Verdict(outcome=Outcome.FAIL, decided_by="data", sentence=sentence)
    if not any(shift.limit is not None for shift in shifts):
        sentence = "no column could be compared: one side has no rows, or they have no column in common"
        return Verdict(outcome=Outcome.INCONCLUSIVE, decided_by="data", sentence=sentence)
    return Verdict.of(found, empty="there is no column to compare")


def _findings(
    shifts: tuple[ColumnShift, ...], settings: Shift, apart: DomainClassifier | None, *, since: str
) -> tuple[Finding, ...]:
    moved = shift_findings(shifts, settings, since=since)
    told = list(importance_findings(shifts, whose="the model's"))
    if apart is not None:
        told.append(_told_apart(apart))
    if moved or not shifts:
        return (*moved, *told)
    sentence = f"none of {len(shifts):,} columns moved by more than chance and the floor of {settings.floor:g}"
    return (Finding(rule="shift", outcome=Outcome.PASS, reason="still", sentence=sentence), *told)


def _told_apart(apart: DomainClassifier) -> Finding:
    able = apart.low > 0.5
    columns = ", ".join(one.column for one in apart.gives_away)
    sentence = (
        f"a small model tells the two sets {'apart' if able else 'apart no better than by guessing'}: "
        f"AUC {apart.auc:.3f} [{apart.low:.3f}, {apart.high:.3f}] on {apart.rows:,} rows"
    )
    return Finding(
        rule="domain classifier",
        outcome=Outcome.FAIL if able else Outcome.PASS,
        reason="told_apart" if able else "alike",
        sentence=sentence + (f", by {columns}" if able and columns else ""),
        judged=False,
    )


def _refuse_other_bins(known: Known, theirs: Profile, current: Path, settings: Shift) -> None:
    ours = known.profile.columns
    other = [
        name
        for name in ours.keys() & theirs.columns.keys() - set(settings.ignore)
        if ours[name].kind == theirs.columns[name].kind and ours[name].shape != theirs.columns[name].shape
    ]
    if other:
        raise DataError(
            f"{current} was not counted in the bins of {known.name} (column {min(other)!r})",
            hint=f"make it with `mlgate profile DATA --like PROFILE --output {current}`, or give the data itself",
        )


def _classified(known: Known, current: Path, settings: Shift) -> DomainClassifier | None:
    from mlgate.data.drift.classifier import tell_apart

    if known.rows is None or is_profile(current):
        raise DataError("the domain classifier needs the rows of both sets, and a profile has none", hint="give data")
    samples = []
    for path in (known.rows, current):
        frame = scan(path).select(pl.all().exclude(list(settings.ignore)))
        samples.append(take_sample(frame, int(collect(frame.select(pl.len()), str(path)).item())))
    return tell_apart(*samples)
