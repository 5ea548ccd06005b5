"""What the steps left behind for one model."""

from __future__ import annotations

from mlgate.records import (
    ComparisonRecord,
    FailureRecord,
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
    `figures` are of the comparison. `failure` is the error that ended the last command.
    """

    validation: ValidationRecord | None = None
    training: TrainingRecord | None = None
    comparison: ComparisonRecord | None = None
    promotion: PromotionRecord | None = None
    production_training: TrainingRecord | None = None
    figures: Figures | None = None
    failure: FailureRecord | None = None

    def steps(self) -> tuple[Record, ...]:
        """Give what the steps recorded, in the order of the pipeline."""
        found = (self.validation, self.training, self.comparison, self.promotion)
        return tuple(record for record in found if record is not None)

    def all(self) -> tuple[Record, ...]:
        """Give every record that exists, an error last."""
        return (*self.steps(), self.failure) if self.failure is not None else self.steps()
