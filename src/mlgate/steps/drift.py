"""Compare two sets of data, or their profiles, alone: no registry, no git, no mlgate.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate import __version__
from mlgate.data.drift.findings import shift_findings
from mlgate.data.drift.shifts import compare, measure
from mlgate.data.files.read import collect, scan
from mlgate.data.profile.kept import is_profile, read_profile
from mlgate.data.profile.profiling import profile, take_sample
from mlgate.errors import DataError
from mlgate.records import Drift
from mlgate.verdict import Finding, Outcome, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.config.data import Shift
    from mlgate.data.profile.profile import Profile
    from mlgate.records import ColumnShift, DomainClassifier


def drift(reference: Path, current: Path, settings: Shift, *, classifier: bool = False) -> Drift:
    """Measure how far `current` is from `reference`; each is data of any kind, or a profile that was kept (.json).

    Raises DataError for what cannot be read or compared, ConfigError for a classifier without scikit-learn.
    """
    if is_profile(reference):
        known = read_profile(reference)
    else:
        known = profile(scan(reference), ignore=settings.ignore, sketched=False)
    theirs = read_profile(current) if is_profile(current) else None
    if theirs is not None:
        _refuse_other_bins(known, theirs, reference, current, settings)
        shifts = compare(known.columns, theirs.columns, settings)
        rows = theirs.rows
    else:
        frame = scan(current)
        shifts = measure(known, frame, settings)
        rows = int(collect(frame.select(pl.len()), str(current)).item())
    apart = _classified(reference, current, settings) if classifier else None
    found = _findings(shifts, settings, apart, since=reference.name)
    return Drift(
        mlgate=__version__,
        reference=str(reference),
        current=str(current),
        reference_rows=known.rows,
        current_rows=rows,
        floor=settings.floor,
        verdict=Verdict.of(found, empty="there is no column to compare"),
        findings=found,
        shifts=shifts,
        classifier=apart,
    )


def _findings(
    shifts: tuple[ColumnShift, ...], settings: Shift, apart: DomainClassifier | None, *, since: str
) -> tuple[Finding, ...]:
    moved = shift_findings(shifts, settings, since=since)
    told = []
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


def _refuse_other_bins(known: Profile, theirs: Profile, reference: Path, current: Path, settings: Shift) -> None:
    other = [
        name
        for name in known.columns.keys() & theirs.columns.keys() - set(settings.ignore)
        if known.columns[name].kind == theirs.columns[name].kind
        and known.columns[name].shape != theirs.columns[name].shape
    ]
    if other:
        raise DataError(
            f"{current} was not counted in the bins of {reference} (column {min(other)!r})",
            hint=f"make it with `mlgate profile DATA --like {reference} --output {current}`, or give the data itself",
        )


def _classified(reference: Path, current: Path, settings: Shift) -> DomainClassifier | None:
    from mlgate.data.drift.classifier import tell_apart

    if is_profile(reference) or is_profile(current):
        raise DataError("the domain classifier needs the rows of both sets, and a profile has none", hint="give data")
    samples = []
    for path in (reference, current):
        frame = scan(path).select(pl.all().exclude(list(settings.ignore)))
        samples.append(take_sample(frame, int(collect(frame.select(pl.len()), str(path)).item())))
    return tell_apart(*samples)
