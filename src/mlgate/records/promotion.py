"""What became of production."""

from __future__ import annotations

from typing import Literal

from mlgate.records.base import Record

Operation = Literal["promote", "rollback"]


class PromotionRecord(Record):
    """What `mlgate promote` or `mlgate rollback` did, or why it did nothing; `steps` is its plan, in words.

    `reason` is a code for machines; `why` is what the person said who asked for it, and `by` who that was.
    """

    step = "promotion"

    operation: Operation
    status: Literal["done", "already", "refused", "planned"]
    reason: str
    sentence: str
    stage: Literal["staging", "production"] = "production"
    alias: str
    from_version: str | None
    to_version: str | None
    candidate: str | None = None
    stale: bool = False
    steps: tuple[str, ...] = ()
    why: str = ""
    by: str = ""
