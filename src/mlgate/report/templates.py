"""Load the templates: sandboxed, strict about names, and safe by default in both languages."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 (annotates a constant)
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from mlgate.escape import Markdown, code, fenced, plain, prose, visible
from mlgate.report import cells, drift_facts, facts, links, numbers
from mlgate.report.trend import trend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template

    from mlgate.records import MetricResult
    from mlgate.report.report import Context
    from mlgate.verdict import Finding, Verdict

ICONS = {key: Markdown(icon) for key, icon in (("PASS", "✅"), ("INCONCLUSIVE", "❔"), ("FAIL", "❌"), ("ERROR", "⚠️"))}
_NUMBERS: dict[str, Callable[..., str]] = {
    "bounds": numbers.bounds,
    "count": numbers.count,
    "number": numbers.number,
    "percent": numbers.percent,
}
ALERTS = {"PASS": "TIP", "INCONCLUSIVE": "WARNING", "FAIL": "CAUTION", "ERROR": "WARNING"}


def alert(verdict: Verdict, context: Context) -> str:
    """Name GitHub's alert for a verdict; what passes with a warning is shown as one, what only claims to, as a note."""
    if verdict.passed and not context.trusted:
        return "NOTE"
    return "WARNING" if verdict.warned else ALERTS[verdict.outcome.value]


def stop(text: str) -> str:
    """End with a full stop, whatever the code that wrote the sentence did."""
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?", "…")) else text + "."


def sentence(text: str) -> str:
    """Start with a capital letter and end with a full stop."""
    text = stop(text)
    return text[0].upper() + text[1:] if text.split(" ")[0].isalpha() else text


def _markdown_text(value: object) -> object:
    return prose(value) if isinstance(value, str) and not isinstance(value, Markdown) else value


def _html_text(value: object) -> object:
    return visible(value, 2000) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def markdown() -> ImmutableSandboxedEnvironment:
    """Build the environment for Markdown: a string that no filter wrote goes through `prose`."""
    environment = _environment(autoescape=False, finalize=_markdown_text)
    environment.filters |= {name: _ours(write) for name, write in _NUMBERS.items()}
    environment.filters |= {"code": code, "fenced": fenced, "plain": plain, "address": _address}
    environment.filters |= {"outcome": _outcome, "rule": _rule}
    environment.filters |= {"sentence": lambda text: prose(sentence(text)), "stop": lambda text: prose(stop(text))}
    return environment


@cache
def html() -> ImmutableSandboxedEnvironment:
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
    return "".join(template.blocks[name](template.new_context(dict(values)))).strip("\n")


def _environment(*, autoescape: bool, finalize: Callable[[object], object]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("mlgate.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=autoescape,
        finalize=finalize,
    )
    environment.globals |= {
        "cells": cells,
        "facts": facts,
        "icons": ICONS,
        "alert": alert,
        "links": links,
        "moved": drift_facts,
        "trend": trend,
    }
    environment.filters["short"] = facts.short
    return environment
