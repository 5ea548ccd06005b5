"""Print records for a person at a terminal or in a job's log: what was found, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from mlgate.cli.common import STYLE, line, say
from mlgate.records import ComparisonRecord, PromotionRecord, Record, TrainingRecord, ValidationRecord
from mlgate.report import facts
from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from mlgate.records import (
        FilesComparison,
        FileValidation,
        Flips,
        Hint,
        HoldoutUse,
        MetricResult,
        SliceResult,
        Violation,
    )
    from mlgate.steps.workspace import Workspace

SHOWN = 20


def show_validation(workspace: Workspace, record: ValidationRecord) -> None:
    """Print the verdict, what was broken where, and what shifted."""
    say(workspace.console, record.model, "data", record.verdict)
    _show_violations(workspace.console, record.violations)
    for shift in [shift for shift in record.shifts if shift.shifted][:SHOWN]:
        against = f"production version {record.compared_with}"
        how = f", PSI {shift.debiased:.2f} against {against}" if shift.debiased is not None else f" from {against}"
        note = f" ({shift.note})" if shift.note else ""
        workspace.console.print(line(f"    {shift.column}: shifted{how}{note}", style="yellow"))


def show_file_validation(console: Console, found: FileValidation) -> None:
    """Print the verdict on one file, and what was broken where."""
    say(console, found.file, "data", found.verdict)
    _show_violations(console, found.violations)
    for note in found.notes:
        console.print(line(f"    note: {note}", style="dim"))


def _show_violations(console: Console, violations: Sequence[Violation]) -> None:
    for violation in violations[:SHOWN]:
        _show_violation(console, violation)
    if len(violations) > SHOWN:
        console.print(Text(f"    … and {len(violations) - SHOWN} more, all with --json"))


def _show_violation(console: Console, violation: Violation) -> None:
    where = f"{violation.file}: {violation.column}" if violation.column else violation.file
    style = "red" if violation.judges else "yellow"
    counted = f" ({violation.count:,} of {violation.of:,} rows)" if not violation.whole else ""
    taken = f"; {facts.taken(violation)}" if facts.taken(violation) else ""
    console.print(line(f"    {where}: expected {violation.expected}{counted}{taken}", style=style))
    for row in violation.examples:
        place = "" if row.row is None else f"row {row.row}"
        key = f"({row.key})" if row.key is not None else ""
        named = " ".join(filter(None, (place, key)))
        console.print(line(f"      {named or 'a row'}: {row.value}"))


def show_training(workspace: Workspace, record: TrainingRecord) -> None:
    """Print the candidate and its metrics, or the training's last lines."""
    say(workspace.console, record.model, "training", record.verdict)
    if record.candidate is None:
        for logged in record.log_tail:
            workspace.console.print(line(f"    {logged}", style="dim"))
        return
    metrics = ", ".join(f"{name} {value:.4g}" for name, value in sorted(record.metrics.items())[:6])
    version = f"{record.candidate.name} version {record.candidate.version}"
    workspace.console.print(line(f"    {version} in {record.seconds:.1f} s" + (f"; {metrics}" if metrics else "")))


def show_comparison(workspace: Workspace, record: ComparisonRecord) -> None:
    """Print one line a rule and the verdict."""
    against = f"production version {record.production.version}" if record.production else "nothing: no production yet"
    version = record.candidate.version
    workspace.console.print(
        line(f"{record.model}: candidate version {version} against {against}, {record.held_out.rows:,} held-out rows")
    )
    for text in facts.policy_lines(record):
        workspace.console.print(line(f"    {text}", style="yellow"))
    _show_results(workspace.console, record.results)
    _show_slices(workspace.console, record.slices)
    _show_beside(workspace.console, record.flips, record.hints)
    _show_use(workspace.console, record.holdout)
    say(workspace.console, record.model, "gate", record.verdict)


def show_files_comparison(console: Console, found: FilesComparison) -> None:
    """Print what was compared, one line a rule, and the verdict."""
    against = found.production or "nothing: no predictions of production were given"
    console.print(line(f"{found.candidate} against {against}, {found.rows:,} rows"))
    _show_results(console, found.results)
    _show_slices(console, found.slices)
    _show_beside(console, found.flips, found.hints)
    say(console, "gate", "policy", found.verdict)


def _show_results(console: Console, results: Iterable[MetricResult]) -> None:
    for result in results:
        finding = result.finding
        outcome = finding.outcome.value if finding.judged else "not judged"
        word = Text(f"    {outcome:<12}", style=STYLE.get(outcome, "dim"))
        console.print(word, line(f"{finding.rule}: {finding.sentence}"))


def _show_slices(console: Console, slices: Sequence[SliceResult]) -> None:
    """Print how many answers the slices gave, and those that do not pass."""
    results = [result for part in slices for result in part.results]
    if not results:
        return
    judged = [result for result in results if result.finding.judged]
    bad = [result for result in judged if result.finding.outcome is not Outcome.PASS]
    bad.sort(key=lambda result: -result.finding.outcome.severity)
    console.print(line(f"    slices: {len(judged):,} of {len(results):,} answers judged, {len(bad):,} not passed"))
    _show_results(console, bad[:SHOWN])


def _show_beside(console: Console, flips: Flips | None, hints: Iterable[Hint]) -> None:
    """Print how many rows flipped, and the slices that a search found to look worst."""
    if flips is not None:
        keys = ", ".join(row.key for row in flips.examples[:5]) + (" …" if flips.broken > 5 else "")
        counts = f"{flips.fixed:,} fixed, {flips.broken:,} broken of {flips.n:,} rows"
        console.print(line(f"    flips: {counts}{f' ({keys})' if keys else ''}"))
    for hint in hints:
        worse = f"{hint.loss} {-hint.gain:+.2g} on {hint.n:,} rows"
        console.print(
            line(f"    hint: look at {hint.name}: {worse} (of {hint.searched:,} slices searched)", style="dim")
        )


def _show_use(console: Console, use: HoldoutUse | None) -> None:
    if use is not None and (use.max_uses or use.use > 1):
        of = f" of {use.max_uses}, each at {use.confidence_level:.4%}" if use.max_uses else ", without a budget"
        console.print(line(f"    held-out rows: use {use.use}{of}"))


def show_promotion(workspace: Workspace, record: PromotionRecord) -> None:
    """Print what was done to production, or why nothing was."""
    word = {
        "done": "promoted" if record.operation == "promote" else "rolled back",
        "already": "nothing to do",
        "planned": "would be done",
        "refused": "refused",
    }[record.status]
    style = "bold red" if record.status == "refused" else "bold green"
    workspace.console.print(Text(f"{word:<12}", style=style), line(f"{record.model} · {record.sentence}"))
    if record.status == "planned":
        for number, step in enumerate(record.steps, start=1):
            workspace.console.print(line(f"    {number}. {step}"))
    if record.status == "done":
        served = f"models:/{record.model}@{record.alias}"
        workspace.console.print(line(f"    {served} is version {record.to_version} now"))
        for after in _afterwards(record):
            workspace.console.print(line(f"    {after}"))


def _afterwards(record: PromotionRecord) -> Iterator[str]:
    """Say what follows: a rollback fences, and staging waits for a release."""
    if record.operation == "rollback":
        yield f"what was left is fenced; `mlgate promote --unfence --reason '…' --model {record.model}` lifts that"
    elif record.stage == "staging":
        yield f"released by `mlgate promote --to production --reason '…' --model {record.model}`"


def show_record(workspace: Workspace, record: Record) -> None:
    """Print any record as its own command would."""
    match record:
        case ValidationRecord():
            show_validation(workspace, record)
        case TrainingRecord():
            show_training(workspace, record)
        case ComparisonRecord():
            show_comparison(workspace, record)
        case PromotionRecord():
            show_promotion(workspace, record)
