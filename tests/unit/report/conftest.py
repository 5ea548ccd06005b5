"""Give the unit tests of the report the golden cases, whose records look like real ones."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).parents[2] / "golden" / "cases.py"


@pytest.fixture(scope="session")
def cases() -> dict[str, Any]:
    """Give the names of the golden cases' module."""
    return runpy.run_path(str(CASES))
