"""What follows a merge: which stage it reaches, and how long a version stays there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlgate.config.section import Section


class Promotion(Section):
    """How a reviewed candidate becomes production."""

    on_merge: Literal["production", "staging"] = Field(
        "production", description="Stage that a merge promotes to; from staging, `mlgate promote --to production`."
    )
    soak_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        0, description="Least hours in staging before production."
    )
