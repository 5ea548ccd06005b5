"""How far a long copy is: a bar in a terminal, lines in a log."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

EVERY_SECONDS = 10.0  # between two lines of a log about what takes long
FEW_FILES = 20  # of so many, a log names each


@dataclass
class Copied:
    """What was copied so far; several threads add to it."""

    show: Callable[[Copied, str], None]
    files: int = 0
    bytes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def advance(self, more: int) -> None:
        """Add bytes."""
        with self.lock:
            self.bytes += more
            self.show(self, "")

    def done(self, name: str) -> None:
        """Add a file, by its name."""
        with self.lock:
            self.files += 1
            self.show(self, name)


@dataclass(frozen=True)
class Progress:
    """Where progress is shown; a job's log is never a terminal."""

    console: Console
    on_actions: bool = False

    @contextmanager
    def copying(self, name: str, files: int, size: int) -> Iterator[Copied]:
        """Show the copying of `files` files of `size` bytes (0: unknown) while inside."""
        if self.console.is_terminal and not self.on_actions:
            with self._bar(name, size) as copied:
                yield copied
            return
        self._line(f"fetching {name} ({_of(files)}{f', {_bytes(size)}' if size else ''}) …")
        yield Copied(self._log(files, size))

    @contextmanager
    def _bar(self, name: str, size: int) -> Iterator[Copied]:
        from rich import progress

        columns = (
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            "{task.percentage:.0f}%",
        )
        rates = (progress.DownloadColumn(), progress.TransferSpeedColumn(), progress.TimeRemainingColumn())
        with progress.Progress(*columns, *rates, console=self.console, transient=True) as bar:
            task = bar.add_task(f"fetching {name}", total=size or None)
            yield Copied(lambda copied, _: bar.update(task, completed=copied.bytes))

    def _log(self, files: int, size: int) -> Callable[[Copied, str], None]:
        last = time.monotonic()

        def show(copied: Copied, name: str) -> None:
            nonlocal last
            late = time.monotonic() - last >= EVERY_SECONDS
            if name and files <= FEW_FILES:
                self._line(f"  fetched {name}")
            elif late:
                of = f" of {_bytes(size)}" if size else ""
                self._line(f"  {copied.files:,} of {_of(files)}, {_bytes(copied.bytes)}{of} …")
            else:
                return
            last = time.monotonic()

        return show

    def _line(self, text: str) -> None:
        from mlgate.escape import visible

        self.console.print(visible(text, 1000), style="dim", markup=False, highlight=False)


def _of(files: int) -> str:
    return f"{files:,} file{'' if files == 1 else 's'}"


def _bytes(number: int) -> str:
    size = float(number)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}" if unit != "bytes" else f"{number} bytes"
        size /= 1000
    return f"{size:,.3g} TB"
