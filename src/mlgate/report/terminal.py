"""Show a report on a terminal: verdict, table, sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mlgate.escape import visible
from mlgate.report import facts, links
from mlgate.report.case import headline
from mlgate.report.numbers import bounds, count, number, percent
from mlgate.report.templates import sentence, stop

if TYPE_CHECKING:
    from rich.console import Console

    from mlgate.records import MetricResult
    from mlgate.report.report import ModelReport, Report

_STYLES = {"PASS": "green", "INCONCLUSIVE": "yellow", "FAIL": "red", "ERROR": "magenta"}
_ROWS = 50


def show(report: Report, console: Console) -> None:
    """Print every model's verdict, numbers, broken rules and findings; nothing of a record is read as markup."""
    if not report.models:
        console.print(Text("nothing to show: no step left a record", style="yellow"))
    for model in report.models:
        outcome = model.verdict.outcome.value
        console.print(_verdict(model, outcome))
        for text in facts.policy_lines(model.records.comparison):
            console.print(Text(f"  {visible(text, 600)}", style="yellow"))
        if model.results:
            console.print(_numbers(model))
        _violations(model, console)
        _log(model, console)
        for finding in facts.findings(model)[:_ROWS]:
            style = _STYLES[finding.outcome.value] if finding.judged else "dim"
            mark = finding.outcome.value if finding.judged else "not judged"
            console.print(Text.assemble((f"  {mark:<12} ", style), visible(stop(finding.sentence), 600)))
        command = links.reproduce(model, report)
        if command:
            console.print(Text(f"  again: {command}", style="dim"))


def _verdict(model: ModelReport, outcome: str) -> Panel:
    style = _STYLES[outcome]
    title = Text.assemble(
        (outcome, f"bold {style}"), f"  {visible(model.name)}: {headline(model.case, model.verdict.outcome)}"
    )
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
    difference = number(result.difference, result.difference_interval, signed=True)
    if result.difference_interval is not None:
        difference += f" {bounds(result.difference_interval, signed=True)}"
    outcome = (
        Text(finding.outcome.value, _STYLES[finding.outcome.value]) if finding.judged else Text("not judged", "dim")
    )
    return (
        Text(f"{visible(finding.rule)} {facts.arrow(result)}"),
        Text(number(result.candidate, result.candidate_interval)),
        Text(number(result.production, result.candidate_interval)),
        Text(difference),
        outcome,
    )


def _violations(model: ModelReport, console: Console) -> None:
    validation = model.records.validation
    for violation in validation.violations[:_ROWS] if validation is not None else ():
        where = visible(violation.column or "the file")
        rows = f"{count(violation.count, 'row')} of {violation.of:,}"
        taken = f" ({facts.taken(violation)})" if facts.taken(violation) else ""
        console.print(
            Text(f"  {where}: {visible(violation.rule)}, expected {visible(violation.expected)}; {rows}{taken}")
        )
        for bad in violation.examples:
            place = bad.key if bad.key is not None else f"row {bad.row}" if bad.row is not None else "the file"
            console.print(Text.assemble(f"    {visible(place)}: ", (visible(bad.value), "red")))


def _log(model: ModelReport, console: Console) -> None:
    training = model.records.training
    if training is not None and training.candidate is None:
        for line in training.log_tail[-20:]:
            console.print(Text(f"  │ {visible(line, 200)}", style="dim"))
