"""What `mlgate doctor` found: in the registry, in the credential at hand, and in the workflow files."""

from __future__ import annotations

from typing import Literal

from mlgate.records.base import FORMAT
from mlgate.verdict import Value


class Problem(Value):
    """One thing that is wrong, and `write`: what to write or to do about it.

    `reason` is a stable code for machines. An advice is worth knowing and fails nothing. `fixable` means that
    `mlgate doctor --fix` mends it. `file` and `line` say where, for workflow files.
    """

    reason: str
    sentence: str
    level: Literal["problem", "advice"] = "problem"
    fixable: bool = False
    write: str | None = None
    file: str | None = None
    line: int | None = None


class ModelHealth(Value):
    """One model's stages: what is wrong, what is worth knowing, and what was mended."""

    model: str
    problems: tuple[Problem, ...] = ()
    advice: tuple[Problem, ...] = ()
    mended: tuple[Problem, ...] = ()


class Diagnosis(Value):
    """What `mlgate doctor` answers; `healthy` when no problem remains, whatever the advice."""

    format: Literal[1] = FORMAT
    mlgate: str
    healthy: bool
    models: tuple[ModelHealth, ...] = ()
    workflows: tuple[Problem, ...] = ()
