"""What a data contract says about the values of one column, as checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlgate.data.schema.arguments import read_check

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaProperty

    from mlgate.config.position import KeyPath
    from mlgate.data.schema.notes import Notes
    from mlgate.data.schema.odcs.notes import Unjudged
    from mlgate.data.schema.schema import Check
    from mlgate.data.types import Type

BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_BYTE = "(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
FORMATS = {
    "uuid": r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
    "ipv4": rf"^({_BYTE}\.){{3}}{_BYTE}$",
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
}
WIDTHS = {f"{sign}{bits}": (sign, bits) for sign in "iu" for bits in (8, 16, 32, 64)}
ISO = {"yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "HH:mm:ss"}
ANY = {"timezone", "defaultTimezone"}  # a time's zone is the engine's business


def option_checks(
    path: KeyPath, prop: SchemaProperty, kind: Type | None, notes: Notes, unjudged: Unjudged
) -> list[Check]:
    """Make the checks of a property's `logicalTypeOptions` and `enum`; says which options are not judged."""
    options = {key: value for key, value in (prop.logicalTypeOptions or {}).items() if value is not None}
    place = (*path, "logicalTypeOptions")
    word = kind.word if kind else ""
    asked: list[tuple[KeyPath, str, object]] = []
    if prop.enum is not None:
        values = [one.value for one in prop.enum if one.value is not None]
        asked.append(((*path, "enum"), "isin", values))
    if word not in {"array", "object", "map", "vector", "time"}:
        asked += [(place, name, raw) for name, raw in _range(options).items()]
    if word in {"string", ""}:
        asked += [(place, name, raw) for name, raw in _text(options).items()]
    asked += [(place, name, raw) for name, raw in _format(options, word).items()]
    for option in options:
        unjudged.add("option{s} of a logical type", f"{prop.name} {option}")
    checks = [read_check(where, name, raw, kind, notes) for where, name, raw in asked]
    return [check for check in checks if check is not None]


def _range(options: dict[str, Any]) -> dict[str, object]:
    """Take the bounds out of the options; version 3.0 of the standard made the exclusive ones flags."""
    low, high, above, below = (options.pop(name, None) for name in BOUNDS)
    if isinstance(above, bool):
        low, above = (None, low) if above else (low, None)
    if isinstance(below, bool):
        high, below = (None, high) if below else (high, None)
    if (low is None) != (above is None) and (high is None) != (below is None):
        return {
            "in_range": {
                "min_value": above if low is None else low,
                "max_value": below if high is None else high,
                "include_min": above is None,
                "include_max": below is None,
            }
        }
    single = {
        "greater_than_or_equal_to": low,
        "greater_than": above,
        "less_than_or_equal_to": high,
        "less_than": below,
    }
    return {name: value for name, value in single.items() if value is not None}


def _text(options: dict[str, Any]) -> dict[str, object]:
    sizes = {"min_value": options.pop("minLength", None), "max_value": options.pop("maxLength", None)}
    found: dict[str, object] = {}
    if any(size is not None for size in sizes.values()):
        found["str_length"] = {name: size for name, size in sizes.items() if size is not None}
    if "pattern" in options:
        found["str_contains"] = options.pop("pattern")
    return found


def _format(options: dict[str, Any], word: str) -> dict[str, object]:
    form = options.get("format")
    if not isinstance(form, str):
        return {}
    told = {"string": set(FORMATS), "integer": set(WIDTHS), "number": {"f64"}}.get(word, ISO)
    if form not in told:
        return {}
    del options["format"]
    if word == "string":
        return {"str_contains": {"pattern": FORMATS[form]}}
    if word == "integer":
        sign, bits = WIDTHS[form]
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if sign == "i" else (0, 2**bits - 1)
        return {"in_range": {"min_value": low, "max_value": high}}
    return {}
