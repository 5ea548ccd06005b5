"""What every part of a configuration is: frozen values, of which nothing is coerced and no key unknown."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Path = Annotated[str, Field(min_length=1)]
Column = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Size = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Section(BaseModel):
    """A part of `mlgate.yaml`: unknown keys and wrong types are errors, nothing is coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
