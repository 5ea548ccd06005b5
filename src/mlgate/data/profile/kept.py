"""Profiles that were kept as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from mlgate.data.profile.profile import Profile
from mlgate.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


MAKE = "make one with `mlgate profile DATA --output PROFILE.json`; data as JSON has the suffix .jsonl"


def is_profile(path: Path) -> bool:
    """Whether a path is, by its name, a profile and no data."""
    return path.suffix.lower() == ".json"


def read_profile(path: Path) -> Profile:
    """Read a profile; raises DataError where there is none."""
    try:
        return Profile.model_validate_json(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no profile", hint=MAKE) from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}", hint="correct the path") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part)[:80] for part in first["loc"])
        raise DataError(
            f"{path} is no profile that this mlgate reads: {where + ': ' if where else ''}{first['msg']}",
            hint=MAKE,
        ) from error
