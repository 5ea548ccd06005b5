"""What every part of a configuration is: frozen values, of which nothing is coerced and no key unknown."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Path = Annotated[str, Field(min_length=1)]
Column = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Size = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def _percent(value: object) -> object:
    """Read `0.1%` as 0.001; whatever else is there is left for the type to judge."""
    if isinstance(value, str) and value.strip().endswith("%"):
        try:
            return float(value.strip()[:-1]) / 100
        except ValueError:
            return value
    return value


Failures = Annotated[
    float,
    Field(ge=0, lt=1, allow_inf_nan=False),
    BeforeValidator(_percent),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
                {"type": "string", "pattern": "^[0-9.]+ *%$"},
            ]
        }
    ),
]

Change = Annotated[
    float,
    Field(ge=0, allow_inf_nan=False),
    BeforeValidator(_percent),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "^[0-9.]+ *%$"}]}),
]


class Section(BaseModel):
    """A part of `mlgate.yaml`: unknown keys and wrong types are errors, nothing is coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
