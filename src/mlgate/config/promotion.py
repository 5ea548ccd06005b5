"""What follows a merge: which stage it reaches, how long a version stays there, which files it may have."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlgate.config.section import Section

Formats = Literal["warn", "refuse", "off"]


class Promotion(Section):
    """How a reviewed candidate becomes production."""

    on_merge: Literal["production", "staging"] = Field(
        "production", description="Stage that a merge promotes to; from staging, `mlgate promote --to production`."
    )
    soak_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        0, description="Least hours in staging before production."
    )
    formats: Formats = Field(
        "warn",
        description="What happens to a model with files that run code when they are loaded, or of unknown formats.",
    )
