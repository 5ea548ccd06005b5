"""What a policy needs, before anything is trained."""

from __future__ import annotations

from mlgate.verdict import Value


class PlannedRule(Value):
    """How many held-out rows one rule needs, and with which probability it passes on the rows that there are.

    `open` says that no number is known, or none would do.
    """

    rule: str
    needed: int | None
    power: float | None
    sentence: str
    open: bool = False


class Plan(Value):
    """How many rows every rule needs to pass with `power`, each at `confidence_level`."""

    confidence_level: float
    power: float
    rows: int | None
    rules: tuple[PlannedRule, ...]
    labels_of_ease_ml: int | None = None
