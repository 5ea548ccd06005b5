"""The properties of a data contract as columns: types, nulls, uniqueness, values, and how many rows may break them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.data.schema.odcs.options import option_checks
from mlgate.data.schema.odcs.quality import limit_of, metric_of, row_count
from mlgate.data.schema.odcs.types import LOGICAL, logical_type
from mlgate.data.schema.odcs.values import counts_nulls, judged, value_checks
from mlgate.data.schema.schema import NULLABLE, Allowance, Column, Limit, unique_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from open_data_contract_standard.model import DataQuality, SchemaProperty

    from mlgate.config.position import KeyPath
    from mlgate.data.schema.notes import Notes
    from mlgate.data.schema.odcs.notes import Unjudged
    from mlgate.data.schema.schema import Check
    from mlgate.data.types import Type

STRICT = Limit(most=0)
REPEATS = unique_rule(("a column",))


class Columns:
    """Gathers what one object of a contract asks: of each column, of columns together, and of the file."""

    def __init__(self, notes: Notes, unjudged: Unjudged) -> None:
        """Start with nothing asked."""
        self.found: list[Column] = []
        self.unique: list[tuple[str, ...]] = []
        self.checks: list[Check] = []
        self._limits: dict[tuple[str | None, str, str], list[Limit]] = {}
        self._names: dict[str, str] = {}  # the contract's name of a property, and the file's of the column
        self._notes, self._unjudged = notes, unjudged

    @property
    def allowances(self) -> tuple[Allowance, ...]:
        """List the rules that some rows may break, or that only warn."""
        return tuple(
            Allowance(column=column, rule=rule, expected=expected, limits=tuple(limits))
            for (column, rule, expected), limits in self._limits.items()
            if limits != [STRICT]
        )

    def add_properties(self, path: KeyPath, properties: Sequence[SchemaProperty]) -> None:
        """Add the properties that are columns of the data, and the key that some of them make together."""
        key = [prop for prop in properties if prop.primaryKey]
        for number, prop in enumerate(properties):
            place = (*path, str(number))
            name = prop.physicalName or prop.name
            if prop.semanticType == "measure":
                self._unjudged.add("measure{s}", str(name))
            elif not name or name in self._names.values():
                self._notes.add((*place, "name"), name, "a name that no other property has")
            else:
                self._names[prop.name or name] = name
                self._add(place, name, prop, identifies=key == [prop])
        if len(key) > 1:
            ordered = sorted(key, key=lambda prop: prop.primaryKeyPosition or 0)
            self.unique.append(tuple(str(prop.physicalName or prop.name) for prop in ordered))

    def add_rules(self, path: KeyPath, rules: Sequence[DataQuality]) -> None:
        """Add the quality rules of the whole object: how many rows, and which columns identify them."""
        for number, rule in enumerate(rules):
            metric, check, limit = metric_of(rule), row_count(rule), limit_of(rule)
            listed = (rule.arguments or {}).get("properties")
            if metric == "rowCount" and check is not None:
                self.checks.append(check)
            elif metric == "duplicateValues" and limit is not None and isinstance(listed, list) and listed:
                self._group((*path, str(number), "arguments", "properties"), [str(one) for one in listed], limit)
            else:
                self._not_judged(rule)

    def _add(self, path: KeyPath, name: str, prop: SchemaProperty, *, identifies: bool) -> None:
        word = logical_type(path, prop, self._notes, self._unjudged)
        kind = LOGICAL[word] if word else None
        if prop.relationships:
            self._unjudged.add("relationship{s}", name)
        if prop.properties or prop.items or prop.map:
            self._unjudged.add("nested structure{s}", name)
        if prop.required or prop.primaryKey:
            self._limit(name, *NULLABLE, STRICT)
        if prop.unique or identifies:
            self._limit(name, *REPEATS, STRICT)
        checks = option_checks(path, prop, kind, self._notes, self._unjudged)
        for check in checks:
            self._limit(name, check.name, check.expected, STRICT)
        for number, rule in enumerate(prop.quality or []):
            checks += self._quality((*path, "quality", str(number)), name, rule, kind)
        self.found.append(
            Column(
                name=name,
                type=kind,
                nullable=(name, *NULLABLE) not in self._limits,
                unique=(name, *REPEATS) in self._limits,
                checks=tuple({(check.name, check.expected): check for check in checks}.values()),
            )
        )

    def _quality(self, path: KeyPath, name: str, rule: DataQuality, kind: Type | None) -> list[Check]:
        metric, limit = metric_of(rule), limit_of(rule)
        if metric is None or metric == "rowCount" or limit is None or not judged(rule, metric, limit):
            self._not_judged(rule, name)
            return []
        if metric == "duplicateValues":
            self._limit(name, *REPEATS, limit)
            return []
        if metric == "nullValues" or (metric == "missingValues" and counts_nulls(rule)):
            self._limit(name, *NULLABLE, limit)
        checks = value_checks(path, rule, kind, self._notes)
        for check in checks:
            self._limit(name, check.name, check.expected, limit)
        return checks

    def _group(self, path: KeyPath, listed: list[str], limit: Limit) -> None:
        for one in listed:
            if one not in self._names:
                self._notes.add(path, one, "a property of this object", self._names)
        group = tuple(dict.fromkeys(self._names.get(one, one) for one in listed))
        self.unique.append(group)
        if len(group) == 1:
            self._limit(group[0], *REPEATS, limit)
        else:
            self._limit(None, *unique_rule(group), limit)

    def _limit(self, column: str | None, rule: str, expected: str, limit: Limit) -> None:
        self._limits.setdefault((column, rule, expected), []).append(limit)

    def _not_judged(self, rule: DataQuality, column: str = "") -> None:
        said = rule.name or rule.metric or rule.rule or rule.engine or rule.description or rule.query or ""
        self._unjudged.add(f"quality rule{{s}} of type {rule.type or 'library'}", f"{column} {said}")
