"""What is printed: nothing that a program or a person wrote may act on the terminal or on the job's runner."""

from __future__ import annotations

import io
import re
import sys
from typing import IO, TYPE_CHECKING, TextIO, cast

from mlgate.escape import visible

if TYPE_CHECKING:
    from rich.console import Console

LINE_LIMIT = 4000
# GitHub's runner obeys `::command::` at the start of a line, after any spaces, and `##[command]` anywhere in it.
_COMMAND = re.compile(r"((?:^|[\r\n])\s*)::|##\[")


def open_console(*, on_actions: bool, as_json: bool) -> Console:
    """Open what a person reads: standard output, or standard error where standard output is for a machine."""
    from rich.console import Console

    stream = sys.stderr if as_json else sys.stdout
    file = cast("IO[str]", Log(stream)) if on_actions else stream
    return Console(file=file, soft_wrap=True, highlight=False, stderr=as_json)


def harmless(text: str) -> str:
    r"""Break what the runner would obey with a backslash: `\::error::`, `##\[error]`."""
    return _COMMAND.sub(lambda found: "##\\[" if found[1] is None else f"{found[1]}\\::", text)


def harmless_json(text: str) -> str:
    r"""Write JSON that means the same, without what the runner would obey: `##[` stands in strings only."""
    return text.replace("##[", "#\\u0023[")


def plain(message: str) -> str:
    """Write control characters as escapes, line by line, and break what the runner would obey."""
    return "\n".join(harmless(visible(line, LINE_LIMIT)) for line in message.split("\n"))


class Log(io.TextIOBase):
    """A stream to the runner, which obeys nothing that is written through it."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Write whole lines, as rich does."""
        self._stream.write(harmless(text))
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self._stream.isatty()
