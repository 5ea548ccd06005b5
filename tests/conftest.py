"""What all tests share: no runner around them, no deadline for a case, and campaigns that tell what they counted."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import settings

TOLD = "told"

EXAMPLES = 100 if os.environ.get("CI") == "true" else 40  # people wait for the fast part, nobody for CI
settings.register_profile("mlgate", deadline=None, max_examples=EXAMPLES)  # a busy machine is no error
settings.load_profile("mlgate")


@pytest.fixture(autouse=True)
def _no_runner_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run the same inside and outside a workflow: what a runner sets is taken away."""
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "MLGATE_", "MLFLOW_")):
            monkeypatch.delenv(name)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Keep a line that the end of the run prints, whichever process the test ran in."""
    return lambda line: record_property(TOLD, line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what campaigns counted."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    lines = [f"{value}" for report in reports for key, value in report.user_properties if key == TOLD]
    if lines:
        terminalreporter.section("what campaigns counted")
        terminalreporter.write("\n".join([*lines, ""]))
