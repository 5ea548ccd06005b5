"""Values of a policy as they stand in a list of changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mlgate.config.address import shown
from mlgate.config.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.config.rule import Rule


def rule_text(rule: Rule) -> str:
    """Write a rule in a few words: its name, and what the name leaves out."""
    more = [f"judge: {rule.judge}"] if rule.judge != "interval" else []
    more += [f"method: {rule.method}"] if rule.method != "auto" else []
    return ", ".join([rule.name, *more])


def listed(names: Iterable[str]) -> str | None:
    """Write names with commas; None where there are none."""
    return ", ".join(sorted(names)) or None


def put(value: object) -> str | None:
    """Write any value of a configuration; None and what is empty is None."""
    if value is None or value in ((), {}):
        return None
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, float):
        return f"{value:.12g}"
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, Section):
        given = value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {key: part for key, part in given.items() if part not in (None, [], {})}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
