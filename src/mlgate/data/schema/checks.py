"""The checks that a schema may name, what they take, and how they read as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

# value: of the column's own type; values: a list of such; text: a string; size: a whole number; flag: true or false
Kind = Literal["value", "values", "text", "pattern", "size", "flag"]


@dataclass(frozen=True)
class Signature:
    """The arguments of a check: the first is the one meant where a bare value is given."""

    required: Mapping[str, Kind]
    optional: Mapping[str, Kind]
    text_only: bool = False


def _takes(text_only: bool = False, **required: Kind) -> Signature:  # noqa: FBT001, FBT002 (private, named at each use)
    return Signature(required, {}, text_only)


CHECKS: dict[str, Signature] = {
    "equal_to": _takes(value="value"),
    "not_equal_to": _takes(value="value"),
    "greater_than": _takes(min_value="value"),
    "greater_than_or_equal_to": _takes(min_value="value"),
    "less_than": _takes(max_value="value"),
    "less_than_or_equal_to": _takes(max_value="value"),
    "in_range": Signature({"min_value": "value", "max_value": "value"}, {"include_min": "flag", "include_max": "flag"}),
    "isin": _takes(allowed_values="values"),
    "notin": _takes(forbidden_values="values"),
    "unique_values_eq": _takes(values="values"),
    "str_matches": _takes(pattern="pattern", text_only=True),
    "str_contains": _takes(pattern="pattern", text_only=True),
    "str_startswith": _takes(string="text", text_only=True),
    "str_endswith": _takes(string="text", text_only=True),
    "str_length": Signature({}, {"min_value": "size", "max_value": "size", "exact_value": "size"}, text_only=True),
}
ALIASES = {
    "eq": "equal_to",
    "ne": "not_equal_to",
    "gt": "greater_than",
    "ge": "greater_than_or_equal_to",
    "lt": "less_than",
    "le": "less_than_or_equal_to",
    "between": "in_range",
}

_PHRASES = {
    "equal_to": "equal to {value}",
    "not_equal_to": "not equal to {value}",
    "greater_than": "greater than {min_value}",
    "greater_than_or_equal_to": "at least {min_value}",
    "less_than": "less than {max_value}",
    "less_than_or_equal_to": "at most {max_value}",
    "isin": "one of {allowed_values}",
    "notin": "none of {forbidden_values}",
    "unique_values_eq": "exactly the values {values} in the column",
    "str_matches": "text that begins with a match of {pattern}",
    "str_contains": "text with a match of {pattern}",
    "str_startswith": "text that starts with {string}",
    "str_endswith": "text that ends with {string}",
}


def phrase(name: str, arguments: Mapping[str, Any]) -> str | None:
    """Say what holds for a good value, such as `at least 0`; None for a check that is not built in."""
    if name == "in_range":
        low = "from" if arguments.get("include_min", True) else "above"
        high = "to" if arguments.get("include_max", True) else "to below"
        return f"{low} {_show(arguments['min_value'])} {high} {_show(arguments['max_value'])}"
    if name == "str_length":
        return _length(arguments)
    if name not in _PHRASES:
        return None
    return _PHRASES[name].format_map({key: _show(value) for key, value in arguments.items()})


def _length(arguments: Mapping[str, Any]) -> str:
    low, high = arguments.get("min_value"), arguments.get("max_value")
    exact = arguments.get("exact_value")
    if exact is not None:
        return f"text of {exact} characters"
    bounds = [f"at least {low}" if low is not None else "", f"at most {high}" if high is not None else ""]
    return f"text of {' and '.join(filter(None, bounds))} characters"


def _show(value: Any) -> str:  # noqa: ANN401 (whatever a schema compares with)
    if isinstance(value, (list, tuple, set, frozenset)):
        shown = [_show(item) for item in value]
        return ", ".join(shown[:8]) + (f", … ({len(shown)} in all)" if len(shown) > 8 else "")
    text = f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "hour") else str(value) if hasattr(value, "day") else None
    return (text or repr(value))[:120]
