"""What changed in a model's policy: its gate, what it is judged on, and the rules of its data; looser first."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mlgate.config.address import shown
from mlgate.evaluation.policy_words import listed, put, rule_text
from mlgate.evaluation.strength import change, of_wider_intervals
from mlgate.records import PolicyDifference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mlgate.config.data import Data, RowColumns, Shift
    from mlgate.config.gate import Gate, Slices
    from mlgate.config.model import Model
    from mlgate.config.rule import Rule
    from mlgate.records import Direction

    Found = Iterator[PolicyDifference]

Part = TypeVar("Part")
ORDER = ("looser", "other", "stricter")
# what predictions depend on, too: another policy of these cannot be applied to predictions that are made
OF_PREDICTIONS = frozenset({"evaluate.task", "evaluate.predict"})
OPPOSITE: dict[Direction, Direction] = {"looser": "stricter", "stricter": "looser", "other": "other"}


def policy_changes(base: Model, now: Model) -> tuple[PolicyDifference, ...]:
    """List what changed in the policy, looser first; what the training is told is not in it."""
    found = [*_of_gate(base.gate, now.gate), *_of_evaluate(base, now), *_of_data(base.data, now.data)]
    return tuple(sorted(found, key=lambda one: ORDER.index(one.direction)))


def out_of_reach(changes: Iterable[PolicyDifference]) -> tuple[str, ...]:
    """Name the changed keys by which the base's policy cannot be asked about predictions that are there already.

    Other rows, columns or scores were never made, and the data were held against this policy's rules only; where
    these got stricter, the base's hold, too.
    """
    reached = [one.key for one in changes if one.key in OF_PREDICTIONS or one.key.startswith("data.")]
    strict = {one.key for one in changes if one.direction == "stricter"}
    return tuple(key for key in reached if key not in strict)


def _of_gate(base: Gate, now: Gate) -> Found:
    every = (*base.every_rule, *now.every_rule)
    wider = of_wider_intervals(every)
    yield from _of_rules("gate.rules", base.rules, now.rules)
    yield from _of_slices(base.slices, now.slices)
    raised = wider or "other"
    level = raised if now.confidence_level > base.confidence_level else OPPOSITE[raised]
    yield from _differ("gate.confidence_level", base.confidence_level, now.confidence_level, level)
    lenient = base.on_inconclusive == "fail", now.on_inconclusive == "fail"
    yield from _differ("gate.on_inconclusive", base.on_inconclusive, now.on_inconclusive, _less(*lenient))
    yield from _of_holdout(base, now, wider)
    yield from _differ("gate.seed", base.seed, now.seed)


def _of_holdout(base: Gate, now: Gate, wider: Direction | None) -> Found:
    """Compare the budgets: one makes intervals wider, and refuses in the end."""
    if base.holdout is None or now.holdout is None:
        added: Direction = "stricter" if wider in {"stricter", None} else "other"
        direction = added if base.holdout is None else OPPOSITE[added]
        yield from _differ("gate.holdout", put(base.holdout), put(now.holdout), direction)
        return
    for key in ("max_uses", "adaptivity"):
        yield from _differ(f"gate.holdout.{key}", getattr(base.holdout, key), getattr(now.holdout, key))
    before, after = base.holdout.on_exhausted, now.holdout.on_exhausted
    yield from _differ("gate.holdout.on_exhausted", before, after, _less(before == "fail", after == "fail"))


def _of_rules(key: str, base: Sequence[Rule], now: Sequence[Rule]) -> Found:
    """Pair the rules that are about the same, first by what they measure and ask, then by what they measure."""
    gone, come = list(base), list(now)
    _pairs(gone, come, lambda rule: rule.model_dump_json())
    pairs = _pairs(gone, come, lambda rule: (rule.measured, rule.test))
    pairs += _pairs(gone, come, lambda rule: rule.measured)
    for before, after in pairs:
        direction = change(before, after)
        if direction is not None:
            yield PolicyDifference(key=key, base=rule_text(before), now=rule_text(after), direction=direction)
    yield from (PolicyDifference(key=key, base=rule_text(one), now=None, direction="looser") for one in gone)
    yield from (PolicyDifference(key=key, base=None, now=rule_text(one), direction="stricter") for one in come)


def _of_slices(base: Sequence[Slices], now: Sequence[Slices]) -> Found:
    gone, come = list(base), list(now)
    _pairs(gone, come, lambda part: part.model_dump_json())
    pairs = _pairs(gone, come, lambda part: (part.by, tuple(part.bins), tuple(part.where)))
    pairs += _pairs(gone, come, lambda part: (part.by, bool(part.where)))
    for before, after in pairs:
        yield from _of_one_slices(f"gate.slices ({listed(before.by or before.where)})", before, after)
    for part in gone:
        yield PolicyDifference(key="gate.slices", base=put(part), now=None, direction="looser")
    for part in come:
        yield PolicyDifference(key="gate.slices", base=None, now=put(part), direction="stricter")


def _of_one_slices(key: str, base: Slices, now: Slices) -> Found:
    yield from _of_rules(f"{key}.rules", base.rules, now.rules)
    for name in ("bins", "where"):
        yield from _differ(f"{key}.{name}", put(getattr(base, name)), put(getattr(now, name)))
    refused, reported = ({base.on_small, now.on_small} == {which} for which in ("fail", "report"))
    fewer: Direction = "stricter" if refused else "looser" if reported else "other"
    raised = now.min_rows > base.min_rows
    yield from _differ(f"{key}.min_rows", base.min_rows, now.min_rows, fewer if raised else OPPOSITE[fewer])
    order = ("report", "judge", "fail")
    yield from _differ(
        f"{key}.on_small", base.on_small, now.on_small, _less(order.index(base.on_small), order.index(now.on_small))
    )
    before, after = set(base.expect), set(now.expect)
    yield from _differ(f"{key}.expect", listed(base.expect), listed(now.expect), _sets(before, after))
    missing = base.on_missing == "fail", now.on_missing == "fail"
    yield from _differ(f"{key}.on_missing", base.on_missing, now.on_missing, _less(*missing))
    # a correction makes alarms ring less; where nothing is said, it is Holm's
    known = ("bonferroni", "holm", "fdr_bh", "none")
    correction = known.index(base.correction or "holm"), known.index(now.correction or "holm")
    if correction[0] != correction[1]:
        yield from _differ(f"{key}.correction", base.correction, now.correction, _less(*correction))


def _of_evaluate(base: Model, now: Model) -> Found:
    for key in ("task", "threshold", "predict"):
        yield from _differ(f"evaluate.{key}", getattr(base.evaluate, key), getattr(now.evaluate, key))
    fewest = base.evaluate.min_rows, now.evaluate.min_rows
    yield from _differ("evaluate.min_rows", *fewest, _less(*fewest))


def _of_data(base: Data, now: Data) -> Found:
    yield from _of_columns(base, now)
    checked = base.schema_, now.schema_
    yield from _differ("data.schema", *checked, "other" if all(checked) else _less(*map(bool, checked)))
    yield from _differ("data.min_rows", base.min_rows, now.min_rows, _less(base.min_rows, now.min_rows))
    shares = base.min_class_share, now.min_class_share
    yield from _differ("data.min_class_share", *shares, _less(*shares))
    yield from _limit("data.max_row_change", base.max_row_change, now.max_row_change)
    yield from _of_freshness(base, now)
    before, after = ({f"{one.column} in {shown(one.file)}:{one.to}" for one in part.references} for part in (base, now))
    yield from _differ("data.references", listed(before), listed(after), _sets(before, after))
    yield from _differ("data.tolerances", put(base.tolerances), put(now.tolerances))
    yield from _of_shift(base.shift, now.shift)


def _of_shift(base: Shift, now: Shift) -> Found:
    severe = base.severity == "error", now.severity == "error"
    yield from _differ("data.shift.severity", base.severity, now.severity, _less(*severe))
    if any(severe):  # else it decides nothing
        yield from _limit("data.shift.floor", base.floor, now.floor)
        ignored = set(now.ignore), set(base.ignore)
        yield from _differ("data.shift.ignore", listed(base.ignore), listed(now.ignore), _sets(*ignored))


def _of_columns(base: RowColumns, now: RowColumns) -> Found:
    for key in ("held_out", "key", "label", "weight", "cluster", "query"):
        yield from _differ(f"data.{key}", put(getattr(base, key)), put(getattr(now, key)))


def _of_freshness(base: Data, now: Data) -> Found:
    if base.freshness and now.freshness and base.freshness.column == now.freshness.column:
        ages = base.freshness.max_age_hours, now.freshness.max_age_hours
        yield from _limit("data.freshness.max_age_hours", *ages)
        return
    direction: Direction = "other" if base.freshness and now.freshness else "looser" if base.freshness else "stricter"
    yield from _differ("data.freshness", put(base.freshness), put(now.freshness), direction)


def _limit(key: str, base: float | None, now: float | None) -> Found:
    """Compare what may be at most so much; None is no limit."""
    high = float("inf")
    yield from _differ(key, base, now, _less(-(high if base is None else base), -(high if now is None else now)))


def _differ(key: str, base: object, now: object, direction: Direction = "other") -> Found:
    if base != now:
        yield PolicyDifference(key=key, base=put(base), now=put(now), direction=direction)


def _less(base: float, now: float) -> Direction:
    """Less is looser."""
    return "looser" if now < base else "stricter"


def _sets(base: set[str], now: set[str]) -> Direction:
    """Fewer are looser."""
    return "looser" if now < base else "stricter" if now > base else "other"


def _pairs(gone: list[Part], come: list[Part], name: Callable[[Part], object]) -> list[tuple[Part, Part]]:
    """Take out of both lists what has the same name, in order."""
    found = []
    for one in list(gone):
        other = next((part for part in come if name(part) == name(one)), None)
        if other is not None:
            gone.remove(one)
            come.remove(other)
            found.append((one, other))
    return found
