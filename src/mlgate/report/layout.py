"""The blocks of a model's section: ours, and those that a repository's own template writes instead."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from jinja2 import TemplateError, TemplateSyntaxError

from mlgate.errors import ConfigError
from mlgate.report import marks
from mlgate.report.templates import block, markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template
    from markdown_it.token import Token

END = "the next block"
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*?(/?)>", re.IGNORECASE)
VOID = {"br", "hr", "img", "input", "wbr"}
HINT = "docs/report.md lists the blocks and what they may use"


@dataclass(frozen=True)
class Layout:
    """How each block is written; `problems` are the blocks of `own` that failed, which ours stand in for."""

    own: Template | None = None
    problems: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, text: str, name: str) -> Self:
        """Read a template's blocks; raises ConfigError where it cannot be read, or names a block that there is not."""
        try:
            own = markdown().from_string(text)
        except TemplateSyntaxError as error:
            raise ConfigError(f"{name}, line {error.lineno}: {error.message}", hint=HINT) from error
        except TemplateError as error:
            raise ConfigError(f"{name}: {error}", hint=HINT) from error
        unknown = sorted(set(own.blocks) - set(_ours().blocks))
        if unknown or not own.blocks:
            found = f"there is no block {unknown[0]!r}" if unknown else "it has no block"
            raise ConfigError(f"{name}: {found}; the blocks are {', '.join(_ours().blocks)}", hint=HINT)
        return cls(own)

    @property
    def names(self) -> tuple[str, ...]:
        """The blocks, in the order in which they are read."""
        return tuple(_ours().blocks)

    def block(self, name: str, values: Mapping[str, Any]) -> str:
        """Write one block; ours where the template has none of that name, or fails."""
        if self.own is None or name not in self.own.blocks:
            return block(_ours(), name, values)
        try:
            return self._own_block(self.own, name, values)
        except Exception as error:  # noqa: BLE001 (whatever somebody's template raises: the report stands)
            problem = f"block {name}: {type(error).__name__}: {error}"
            if problem not in self.problems:
                self.problems.append(problem)
            return block(_ours(), name, values)

    @staticmethod
    def _own_block(own: Template, name: str, values: Mapping[str, Any]) -> str:
        """Write a block of the template, where `super()` is ours; a line that looks like a hidden mark is dropped."""
        context = own.new_context(dict(values))
        context.blocks[name].append(_ours().blocks[name])
        lines = "".join(own.blocks[name](context)).strip("\n").split("\n")
        text = "\n".join(line for line in lines if not marks.is_mark(line))
        if not closed(text):
            raise ValueError("it leaves a tag, a comment or a code block open, which would take what follows into it")
        return text


def _ours() -> Template:
    return markdown().get_template("model.md.j2")


def closed(text: str) -> bool:
    """Whether Markdown ends what it begins, so that what follows it stands by itself."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(f"{text}\n\n{END}")
    ends_alone = len(tokens) > 2 and tokens[-2].content == END and tokens[-3].level == 0
    opened = Counter(_tags(tokens))
    return ends_alone and not any(opened.values())


def _tags(tokens: list[Token]) -> Counter[str]:
    """Count what each kind of tag opens more often than it closes."""
    found: Counter[str] = Counter()
    for token in tokens:
        if token.type in {"html_block", "html_inline"}:
            for closing, name, whole in TAG.findall(token.content):
                if not whole and name.lower() not in VOID:
                    found[name.lower()] += -1 if closing else 1
        found.update(_tags(token.children or []))
    return found
