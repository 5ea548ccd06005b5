"""Profiles that were kept as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from mlgate.data.profile.profile import Profile
from mlgate.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def is_profile(path: Path) -> bool:
    """Whether a path is, by its name, a profile and no data."""
    return path.suffix.lower() == ".json"


def read_profile(path: Path) -> Profile:
    """Read a profile; raises DataError where there is none."""
    try:
        return Profile.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}", hint="correct the path") from error
    except ValidationError as error:
        raise DataError(
            f"{path} is no profile that this mlgate reads ({error.error_count()} problems)",
            hint="make one with `mlgate profile DATA --output PROFILE.json`; data as JSON has the suffix .jsonl",
        ) from error
