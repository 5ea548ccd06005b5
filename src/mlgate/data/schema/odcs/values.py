"""The quality rules of a data contract that are about the values of one column, as checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.data.schema.arguments import read_check

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

    from mlgate.config.position import KeyPath
    from mlgate.data.schema.notes import Notes
    from mlgate.data.schema.schema import Check, Limit
    from mlgate.data.types import Type

Asked = list[tuple[str, str, object]]


def value_checks(path: KeyPath, rule: DataQuality, kind: Type | None, notes: Notes) -> list[Check]:
    """Make the checks of a rule that `judged` takes; what is wrong with its arguments is noted."""
    asked = _asked(rule) or []
    made = [read_check((*path, "arguments", key), name, raw, kind, notes) for key, name, raw in asked]
    return [check for check in made if check is not None]


def counts_nulls(rule: DataQuality) -> bool:
    """Whether nulls are among the values that a rule counts as missing."""
    listed = (rule.arguments or {}).get("missingValues")
    return listed is None or (isinstance(listed, list) and None in listed)


def judged(rule: DataQuality, metric: str, limit: Limit) -> bool:
    """Whether mlgate's rules can tell: one that counts bad values of several kinds together only if none may be bad."""
    if metric in {"nullValues", "duplicateValues"}:
        return not rule.arguments
    asked = _asked(rule)
    if asked is None:
        return False
    kinds = len(asked) + (metric == "missingValues" and counts_nulls(rule))
    return kinds == 1 or (kinds > 1 and limit.most == 0)


def _asked(rule: DataQuality) -> Asked | None:
    """List argument, check and its value; None where there is an argument that no check stands for."""
    arguments = dict(rule.arguments or {})
    asked: Asked = []
    if "missingValues" in arguments:
        listed = arguments.pop("missingValues")
        others = [value for value in listed if value is not None] if isinstance(listed, list) else listed
        asked += [("missingValues", "notin", others)] if others else []
    if "validValues" in arguments:
        asked.append(("validValues", "isin", arguments.pop("validValues")))
    if "pattern" in arguments:
        asked.append(("pattern", "str_contains", arguments.pop("pattern")))
    return None if arguments else asked
