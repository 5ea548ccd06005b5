"""What ended a command before it could decide anything."""

from __future__ import annotations

from mlgate.records.base import Record


class FailureRecord(Record):
    """An error that a command met on its way with a model; the verdict says what happened, `hint` what to do next."""

    step = "failure"

    hint: str
