"""What a promotion asks for beyond its evidence."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mlgate.config.section import Section

Formats = Literal["warn", "refuse", "off"]


class Promotion(Section):
    """How a candidate becomes production."""

    formats: Formats = Field(
        "warn",
        description="What happens to a model with files that run code when they are loaded, or of unknown formats.",
    )
