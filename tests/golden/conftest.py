"""Give the golden tests the cases, which lie beside them."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CASES = runpy.run_path(str(HERE / "cases.py"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `case` once for each."""
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", list(CASES["CASES"]))


@pytest.fixture(scope="session")
def cases() -> dict[str, Any]:
    """Give the names of cases.py."""
    return CASES
