"""How the story sounds: prose, commands as typed, and a job's log as GitHub shows it."""

from __future__ import annotations

import re
import shlex
import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH = 110
WORDS = {
    r"^ *PASS\b": "bold green",
    r"^ *promoted\b": "bold green",
    r"^ *rolled back\b": "bold green",
    r"^ *INCONCLUSIVE\b": "bold yellow",
    r"^ *(FAIL|ERROR|refused|Error:)": "bold red",
}


class Voice:
    """Prints the story; knows how long it has been telling it."""

    def __init__(self, console: Console | None = None) -> None:
        """Speak to `console`, by default standard output, in lines that stay readable."""
        self.console = console or Console(highlight=False)
        if not self.console.is_terminal:
            self.console.width = WIDTH  # a file or a log has no width of its own
        self.width = min(self.console.width, WIDTH)
        self.started = time.monotonic()

    def act(self, number: int, title: str) -> None:
        """Open an act."""
        seconds = time.monotonic() - self.started
        self.console.print()
        heading = Text.assemble((f"Act {number} · {title}", "bold"), (f"  {seconds:.0f} s", "dim"))
        self.console.print(Rule(heading, align="left", style="dim"), width=self.width)

    def say(self, prose: str) -> None:
        """Say a few sentences."""
        self.console.print()
        self.console.print(Text(" ".join(prose.split())), width=self.width)
        self.console.print()

    def typed(self, words: Sequence[str]) -> None:
        """Show a command as a person or a workflow types it."""
        self.console.print(Text(f"  $ {shlex.join(words)}", style="bold cyan"), soft_wrap=True)

    def log(self, lines: Iterable[str]) -> None:
        """Show a job's log as it comes, with its workflow commands read as GitHub reads them; groups stay folded."""
        for line in as_github_shows(lines):
            text = Text(f"    {line}")
            for pattern, style in WORDS.items():
                text.highlight_regex(pattern, style)
            if line.startswith("▸ ") or line.endswith(" …"):
                text.stylize("dim")
            self.console.print(text, soft_wrap=True)

    def diff(self, lines: Iterable[str]) -> None:
        """Show the changed lines of a diff."""
        for line in lines:
            if re.match(r"[+-](?![+-]{2})", line):
                style = "green" if line.startswith("+") else "red"
                self.console.print(Text(f"    {line}", style=style), soft_wrap=True)

    def comment(self, markdown: str) -> None:
        """Show a pull-request comment as it reads, what is folded left folded."""
        panel = Panel(Markdown(as_it_reads(markdown)), title="github-actions · bot · comments", title_align="left")
        self.console.print(panel, width=self.width)

    def fact(self, sentence: str) -> None:
        """State what was checked."""
        line = Table.grid(padding=(0, 1))
        line.add_row(Text("  ✓", style="bold green"), Text(" ".join(sentence.split())))
        self.console.print()
        self.console.print(line, width=self.width)


def as_github_shows(lines: Iterable[str]) -> Iterable[str]:
    """Translate workflow commands: groups folded to their title, annotations to `Error: …`, tokens dropped."""
    folded, token = False, None
    for line in lines:
        if token is not None:
            if line == f"::{token}::":
                token = None
            elif not folded:
                yield line
            continue
        command = re.fullmatch(r"::(group|endgroup|stop-commands|notice|warning|error)(?: [^:]*)?::(.*)", line)
        match command.groups() if command else None:
            case None if not folded:
                yield line
            case "group", title:
                folded = True
                yield f"▸ {title}"
            case "endgroup", _:
                folded = False
            case "stop-commands", given:
                token = given
            case "notice" | "warning" | "error" as level, message:
                yield f"{level.capitalize()}: {message.replace('%0A', ' ').replace('%0D', '').replace('%25', '%')}"


def as_it_reads(markdown: str) -> str:
    """Give a comment's Markdown the look that GitHub gives it, as far as a terminal can: details stay folded."""
    text = re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)
    text = re.sub(
        r"<details>\s*<summary>(.*?)</summary>.*?</details>",
        lambda found: f"▸ {re.sub('<[^>]+>', '', found[1]).strip()}\n",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(r"^> \[!(\w+)\]\s*$", lambda found: f"> **{found[1].capitalize()}**  ", text, flags=re.MULTILINE)
    text = re.sub(r"<br ?/?>", " · ", text)
    return re.sub(r"</?(sub|sup|b|i|kbd)>", "", text)
