"""What follows a merge: which stage it reaches, how long a version stays there, which files it may have."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from mlgate.config.section import Section
from mlgate.config.words import off

Formats = Annotated[
    Literal["warn", "refuse", "off"],
    BeforeValidator(off),
    WithJsonSchema({"enum": ["warn", "refuse", "off", False]}),
]


class Promotion(Section):
    """How a reviewed candidate becomes production."""

    on_merge: Literal["production", "staging"] = Field(
        "production", description="Stage that a merge promotes to; from staging, `mlgate promote --to production`."
    )
    soak_hours: Annotated[float, Field(ge=0, le=8_760, allow_inf_nan=False)] = Field(
        0, description="Least hours in staging before production."
    )
    evidence: Literal["reviewed", "rescored"] = Field(
        "reviewed",
        description="What a promotion rests on: the comparison of the pull request; or that comparison made again "
        "from the candidate's bytes, in the promoting job, which then needs the model's libraries.",
    )
    formats: Formats = Field(
        "warn",
        description="What happens to a model with files that run code when they are loaded, or of unknown formats.",
    )
