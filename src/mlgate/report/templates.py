"""Load the templates: sandboxed, strict about names, and safe by default in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable  # noqa: TC003 (annotates a constant)
from functools import cache
from importlib.metadata import version
from inspect import isfunction
from pathlib import Path
from pkgutil import get_data
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from mlgate.escape import Markdown, code, fenced, plain, prose, visible
from mlgate.report import cells, drift_facts, facts, links, makings, numbers
from mlgate.report.compiled import CompiledTemplates
from mlgate.report.trend import trend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template

    from mlgate.records import MetricResult
    from mlgate.report.report import Report
    from mlgate.verdict import Finding, Verdict

ICONS = {key: Markdown(icon) for key, icon in (("PASS", "✅"), ("INCONCLUSIVE", "❔"), ("FAIL", "❌"), ("ERROR", "⚠️"))}
_NUMBERS: dict[str, Callable[..., str]] = {
    "bounds": numbers.bounds,
    "count": numbers.count,
    "number": numbers.number,
    "percent": numbers.percent,
}
ALERTS = {"PASS": "TIP", "INCONCLUSIVE": "WARNING", "FAIL": "CAUTION", "ERROR": "WARNING"}


def alert(verdict: Verdict, report: Report) -> str:
    """Name GitHub's alert for a verdict; what passes with a warning is shown as one, what only claims to, as a note."""
    if verdict.passed and not report.context.trusted:
        return "NOTE"
    uncommitted = any(makings.uncommitted(model.records) for model in report.models)
    return "WARNING" if verdict.warned or (verdict.passed and uncommitted) else ALERTS[verdict.outcome.value]


def stop(text: str) -> str:
    """End with a full stop, whatever the code that wrote the sentence did."""
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?", "…")) else text + "."


def sentence(text: str) -> str:
    """Start with a capital letter and end with a full stop."""
    text = stop(text)
    return text[0].upper() + text[1:] if text.split(" ")[0].isalpha() else text


class Sandbox(ImmutableSandboxedEnvironment):
    """What a repository's own template runs in: no private attribute, and no module, through which all could be had."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Refuse modules beside what jinja2 refuses."""
        modules = isinstance(obj, ModuleType) or isinstance(value, ModuleType)
        return not modules and super().is_safe_attribute(obj, attr, value)


def _functions(module: ModuleType) -> SimpleNamespace:
    """Return the public functions of a module of ours, without the module."""
    found = {name: value for name, value in vars(module).items() if isfunction(value) and not name.startswith("_")}
    return SimpleNamespace(**{name: value for name, value in found.items() if value.__module__ == module.__name__})


def _markdown_text(value: object) -> object:
    """Write a value: our Markdown and numbers as they are, whatever else as prose."""
    return value if isinstance(value, Markdown | int | float) else prose(str(value))


def _html_text(value: object) -> object:
    return visible(value, 2000) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def markdown() -> Sandbox:
    """Build the environment for Markdown: a string that no filter wrote goes through `prose`."""
    environment = _environment(autoescape=False, finalize=_markdown_text)
    environment.filters |= {name: _ours(write) for name, write in _NUMBERS.items()}
    environment.filters |= {"code": code, "fenced": fenced, "plain": plain, "address": _address}
    environment.filters |= {"prose": prose, "outcome": _outcome, "rule": _rule}
    environment.filters |= {"sentence": lambda text: prose(sentence(text)), "stop": lambda text: prose(stop(text))}
    return environment


@cache
def html() -> Sandbox:
    """Build the environment for HTML: everything is escaped, hidden characters are shown."""
    environment = _environment(autoescape=True, finalize=_html_text)
    environment.filters |= {**_NUMBERS, "sentence": sentence, "stop": stop}
    return environment


def _outcome(finding: Finding) -> Markdown:
    """Write what became of a rule: `✅ PASS`."""
    said = f"{ICONS[finding.outcome.value]} {finding.outcome.value}"
    return Markdown(said if finding.judged else f"{numbers.MISSING} not judged")


def _rule(result: MetricResult) -> Markdown:
    """Name a metric and which way is better, and below it what its rule asks."""
    asked = facts.rule_of(result)
    below = f"<br><sub>{code(asked)}</sub>" if asked else ""
    return Markdown(f"{code(result.metric)} {facts.arrow(result)}{below}")


def _address(url: str) -> Markdown:
    """Write an address that was found safe, and no other."""
    if links.safe_url(url) is None:
        raise ValueError(f"no address that a report may link to: {visible(url)}")
    return Markdown(url)


def _ours(write: Callable[..., str]) -> Callable[..., Markdown]:
    return lambda *values, **options: Markdown(write(*values, **options))


def block(template: Template, name: str, values: Mapping[str, Any]) -> str:
    """Render one named block of `template` by itself."""
    return _without_needless_escapes("".join(template.blocks[name](template.new_context(dict(values)))).strip("\n"))


def _without_needless_escapes(text: str) -> str:
    r"""Write pipes plainly outside of tables: there the backslash of `\|` would be seen, and a log's is its own."""
    lines, fence = text.split("\n"), ""
    for index, line in enumerate(lines):
        opens = re.match("`{3,}", line)
        if fence or opens:
            fence = "" if fence and line == fence else fence or (opens[0] if opens else "")
        elif not line.startswith("|"):
            lines[index] = line.replace("\\|", "|")
    return "\n".join(lines)


def _environment(*, autoescape: bool, finalize: Callable[[object], object]) -> Sandbox:
    this = get_data("mlgate.report", "templates.py")
    shaped_by = f"jinja2 {version('jinja2')}, autoescape {autoescape}\n{this!r}"
    environment = Sandbox(
        loader=PackageLoader("mlgate.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=autoescape,
        optimized=False,  # folding constants takes longer than it saves in templates that are rendered once
        finalize=finalize,
        bytecode_cache=CompiledTemplates(Path(__file__).parent / "templates", shaped_by),
    )
    environment.globals |= {
        "cells": _functions(cells),
        "facts": _functions(facts),
        "icons": ICONS,
        "alert": alert,
        "links": _functions(links),
        "made": _functions(makings),
        "moved": _functions(drift_facts),
        "trend": trend,
    }
    environment.filters["short"] = numbers.short
    return environment
