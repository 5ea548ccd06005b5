"""What a promotion asks for beyond its evidence."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from mlgate.config.section import Section


def _word(value: Any) -> Any:  # noqa: ANN401 (whatever stands in the file)
    """Read `off`, which YAML takes for a Boolean, as the word that it is."""
    return "off" if value is False else value


Formats = Annotated[
    Literal["warn", "refuse", "off"],
    BeforeValidator(_word),
    WithJsonSchema({"enum": ["warn", "refuse", "off", False]}),
]


class Promotion(Section):
    """How a candidate becomes production."""

    formats: Formats = Field(
        "warn",
        description="What happens to a model with files that run code when they are loaded, or of unknown formats.",
    )
