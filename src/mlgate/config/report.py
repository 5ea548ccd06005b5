"""Where the report is written to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from mlgate.config.section import Path, Section
from mlgate.config.words import off

CommentMode = Literal["always", "on-change", "on-failure", "off"]
Comment = Annotated[
    CommentMode,
    BeforeValidator(off),
    WithJsonSchema({"enum": ["always", "on-change", "on-failure", "off", False]}),
]


class Report(Section):
    """The report: the pull request's comment, and the check beside the commit."""

    comment: Comment = Field(
        "always",
        description="When a pull request without a comment of ours gets one: always; when the change makes another "
        "model; when it does not pass; or never (off). One that is there is kept up to date, unless it is off.",
    )
    template: Path | None = Field(
        None, description="A Jinja template whose blocks stand in for ours in comment and summary (docs/report.md)."
    )
    check: bool = Field(
        default=False,
        description="Whether each model's verdict is a check run of its own, `mlgate / NAME`, with annotations; it "
        "needs `checks: write`. Without that it is a commit status, which needs `statuses: write`.",
    )
