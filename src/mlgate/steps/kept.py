"""Read what a run keeps of an earlier step; whoever may write the run may have put anything there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.adapters.registry import Registry

TRAINING = "training.json"
Kept = TypeVar("Kept", bound=BaseModel)


def read_kept(  # noqa: PLR0913 (where, what, and whom to tell)
    registry: Registry, run_id: str, file: str, kind: type[Kept], *, of: str, warn: Callable[[str], None]
) -> Kept | None:
    """Read the artifact `file` of the run of a version, which a warning calls `of`; None where it is of no use."""
    from mlgate.adapters.registry import runs

    text = runs.fetch_text(registry, run_id, file)
    try:
        return kind.model_validate_json(text) if text else None
    except ValidationError:
        warn(f"the {file} kept with {of} is not of this mlgate's format, and is not used")
        return None
