"""Nothing that is printed acts: not on the terminal, and not on the job's runner."""

from __future__ import annotations

import io
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from mlgate.adapters.log import Log, harmless, open_console, plain

PIECES = st.sampled_from(["::", "##[", "error", " ", "\t", "\n", "\r", "#", ":", "[", "\x1b[31m", "a", "\u2028"])


def obeyed(text: str) -> list[str]:
    """List the lines that GitHub's runner takes for commands (ActionCommand.TryParseV2 and TryParse)."""
    return [line for line in re.split(r"[\r\n]", text) if line.lstrip().startswith("::") or "##[" in line]


@given(text=st.lists(PIECES).map("".join) | st.text())
def test_the_runner_obeys_nothing(text: str) -> None:
    """Whatever is in a message, no line of it is a command, and no control character is left in it."""
    assert obeyed(harmless(text)) == []
    shown = plain(text)
    assert obeyed(shown) == []
    assert shown.replace("\n", "").isprintable()


def test_a_harmless_message_stays_as_it_is() -> None:
    """What people write is not touched."""
    message = "AUC 0.7 [0.6, 0.8]: at least 0.6 (models::churn, C++ ## heading)\n  → naïve café ✓"
    assert plain(message) == message


def test_what_the_console_prints_in_a_job_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the text looks indented, and only there: a laptop shows it as it is."""
    for on_actions, expected in ((True, "  \\::error::x\n"), (False, "  ::error::x\n")):
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stdout", stream)
        open_console(on_actions=on_actions, as_json=False).print(Text("  ::error::x"))
        assert stream.getvalue() == expected


def test_the_log_is_a_terminal_where_its_stream_is_one() -> None:
    """Colours are the stream's affair."""
    assert Log(io.StringIO()).isatty() is False
