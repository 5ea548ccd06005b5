"""What the steps left behind for one model."""

from __future__ import annotations

from mlgate.records import (
    ComparisonRecord,
    Figures,
    PromotionRecord,
    Record,
    TrainingRecord,
    ValidationRecord,
)
from mlgate.verdict import Value


class ModelRecords(Value):
    """The records of one model, as far as its pipeline went.

    `production_training` is how production was trained, when its record is known: what changed is read against it.
    `figures` are of the comparison.
    """

    validation: ValidationRecord | None = None
    training: TrainingRecord | None = None
    comparison: ComparisonRecord | None = None
    promotion: PromotionRecord | None = None
    production_training: TrainingRecord | None = None
    figures: Figures | None = None

    def all(self) -> tuple[Record, ...]:
        """Give the records that exist, in the order of the pipeline."""
        steps = (self.validation, self.training, self.comparison, self.promotion)
        return tuple(record for record in steps if record is not None)
