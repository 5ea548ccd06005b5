"""Show a report on a terminal: verdict, table, sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mlgate.escape import visible
from mlgate.report import cells, facts, links, makings
from mlgate.report.numbers import MISSING, count, percent
from mlgate.report.templates import sentence, stop
from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from mlgate.records import MetricResult
    from mlgate.report.report import Context, ModelReport, Report

_STYLES = {"PASS": "green", "INCONCLUSIVE": "yellow", "FAIL": "red", "ERROR": "magenta"}
_ROWS, _SLICES = 50, 10


def show(report: Report, console: Console) -> None:
    """Print every model's verdict, numbers, broken rules and findings; nothing of a record is read as markup."""
    caveat = facts.caveat(report.context)
    if caveat:
        console.print(Text(caveat, style="yellow"))
    elif not report.models:
        console.print(Text("nothing to show: no step left a record", style="yellow"))
    for model in report.models:
        outcome = model.verdict.outcome.value
        console.print(_verdict(model, report.context, outcome), soft_wrap=False)
        for text in facts.policy_lines(model.records.comparison):
            console.print(Text(f"  {visible(text, 600)}", style="yellow"))
        for text in _around(model, report.context):
            console.print(Text(f"  {visible(text, 600)}", style="dim"))
        if model.results:
            console.print(_numbers(model))
        for text in _beside(model):
            console.print(Padding(Text(visible(text, 600)), (0, 2)))
        _violations(model, console)
        _log(model, console)
        console.print(_findings(model), soft_wrap=False)
        command = links.reproduce(model, report)
        if command:
            console.print(Text(f"  again: {command}", style="dim"))


def _around(model: ModelReport, context: Context) -> Iterator[str]:
    """Say what was compared with what."""
    comparison = model.records.comparison
    if comparison is None or model.records.promotion is not None:
        return
    rows = count(comparison.held_out.rows, "held-out row")
    candidate = f"candidate version {comparison.candidate.version}"
    if comparison.production is None:
        yield f"{candidate} on {rows}; {facts.without_production(context)}"
        return
    age = makings.production_age(model)
    old = f" ({age} old)" if age else ""
    yield f"{candidate} against production version {comparison.production.version}{old}, {rows}"


def _beside(model: ModelReport) -> Iterator[str]:
    """Say in lines what the comment says beside the rules: slices, flips, cost, data, what changed."""
    comparison, validation = model.records.comparison, model.records.validation
    answers = [one for one in model.slices.first if one[1].finding.judged and not _passed(one[1])]
    for name, result in answers[:_SLICES]:
        yield f"slice {name}: {result.finding.outcome.value}: {stop(result.finding.sentence)}"
    if comparison is not None and comparison.flips is not None:
        yield f"flips: {comparison.flips.fixed:,} fixed, {comparison.flips.broken:,} broken"
    for cost in makings.costs(model.records):
        yield f"{cost.what} {cost.candidate}" + (f" (production {cost.production})" if cost.production else "")
    if validation is not None and validation.shifts:
        moved = [shift.column for shift in validation.shifts if shift.shifted]
        of = count(len(validation.shifts), "column")
        yield f"data: {len(moved)} of {of} moved{': ' if moved else ''}{', '.join(moved)}"
    changed = [change.what for change in makings.changes(model.records) if change.differs]
    if changed:
        yield f"changed since production: {', '.join(changed)}"


def _passed(result: MetricResult) -> bool:
    return result.finding.outcome is Outcome.PASS


def _findings(model: ModelReport) -> Table:
    """Write every finding's sentence beside its outcome."""
    table = Table.grid(padding=(0, 1))
    table.add_column(min_width=13)
    for finding in facts.findings(model)[:_ROWS]:
        style = _STYLES[finding.outcome.value] if finding.judged else "dim"
        mark = finding.outcome.value if finding.judged else "not judged"
        table.add_row(Text(f"  {mark}", style), Text(visible(stop(finding.sentence), 600)))
    return table


def _verdict(model: ModelReport, context: Context, outcome: str) -> Panel:
    style = _STYLES[outcome]
    title = Text.assemble((outcome, f"bold {style}"), f"  {visible(model.name)}: {facts.happened(model, context)}")
    return Panel(
        Text(visible(sentence(model.verdict.sentence), 600)), title=title, title_align="left", border_style=style
    )


def _numbers(model: ModelReport) -> Table:
    comparison = model.records.comparison
    level = percent(comparison.confidence_level) if comparison is not None else ""
    table = Table(box=None, pad_edge=True, header_style="dim")
    table.add_column("rule")
    for heading in ("candidate", "production", f"difference [{level} interval]"):
        table.add_column(heading, justify="right")
    table.add_column("outcome")
    for result in model.results[:_ROWS]:
        table.add_row(*_row(result))
    if len(model.results) > _ROWS:
        table.caption = f"{count(len(model.results) - _ROWS, 'more rule')}, none of them worse"
    return table


def _row(result: MetricResult) -> tuple[Text | str, ...]:
    finding = result.finding
    outcome = (
        Text(finding.outcome.value, _STYLES[finding.outcome.value]) if finding.judged else Text("not judged", "dim")
    )
    return (
        Text(f"{visible(finding.rule)} {facts.arrow(result)}"),
        Text(cells.candidate(result)),
        Text(cells.production(result)),
        Text(cells.difference(result)),
        outcome,
    )


def _violations(model: ModelReport, console: Console) -> None:
    validation = model.records.validation
    for violation in validation.violations[:_ROWS] if validation is not None else ():
        where = visible(violation.column or "the file")
        broken = facts.broken_rows(violation)
        rows = "" if broken == MISSING else f"; {broken} rows"
        taken = f" ({facts.taken(violation)})" if facts.taken(violation) else ""
        console.print(
            Text(f"  {where}: {visible(violation.rule)}, expected {visible(violation.expected)}{rows}{taken}")
        )
        for bad in violation.examples:
            place = bad.key if bad.key is not None else f"row {bad.row}" if bad.row is not None else "the file"
            console.print(Text.assemble(f"    {visible(place)}: ", (visible(bad.value), "red")))


def _log(model: ModelReport, console: Console) -> None:
    training = model.records.training
    if training is not None and training.candidate is None:
        for line in training.log_tail[-20:]:
            console.print(Text(f"  │ {visible(line, 200)}", style="dim"))
