"""The data section: files, columns, and what is asked of them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_serializer, model_validator

from mlgate.config.address import shown
from mlgate.config.section import Change, Column, Failures, Path, Section

EXAMPLES, MOST_EXAMPLES = 5, 50  # rows that a broken rule shows


class Shift(Section):
    """How far a column may move from what production was trained on."""

    floor: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        0.02, description="Debiased population stability index (PSI) above which a column counts as shifted."
    )
    severity: Literal["warn", "error"] = Field("warn", description="Whether a shifted column stops the pipeline.")
    ignore: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description="Columns whose shift is expected, such as dates and keys."
    )


class Tolerance(Section):
    """How strictly some rules of the data are taken; of several that fit a broken rule, the first that is written."""

    column: Column | None = Field(None, description="The column whose rules are meant; every column where left out.")
    rule: str | None = Field(None, description="The rule that is meant, such as in_range; every rule where left out.")
    max_failures: Failures = Field(0.0, description="Share of rows that may break the rule, such as 0.1%.")
    severity: Literal["warn", "error"] | None = Field(
        None, description="Whether more failures stop the pipeline; where left out, as the rule itself says."
    )

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if self.column is None and self.rule is None:
            raise ValueError("name the column, the rule, or both")
        if not self.max_failures and self.severity is None:
            raise ValueError("give max_failures, severity, or both; without either nothing changes")
        return self


class Freshness(Section):
    """How old the newest row of the training data may be."""

    column: Column = Field(description="Column of dates or times, in UTC where it names no zone.")
    max_age_hours: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(description="Its greatest age, in hours.")


class Reference(Section):
    """A column that refers to another file."""

    column: Column = Field(description="Column of both data files.")
    file: Path = Field(description="The file that is referred to, relative to mlgate.yaml, or its URL.")
    to: Column = Field(description="Its column.")

    @field_serializer("file")
    def _without_credentials(self, value: str) -> str:
        return shown(value)


class RowColumns(Section):
    """The columns that say which row is which, and what is true of it."""

    key: Column = Field(description="Column that identifies a row; rows are paired by it, never by their order.")
    label: Column = Field(description="Column that holds the truth.")
    weight: Column | None = Field(None, description="Column that says how much a row counts in every metric.")
    cluster: Column | None = Field(
        None, description="Column of what was sampled (user, patient, session) where that is not the row."
    )
    query: Column | None = Field(None, description="Column of the query that a row answers (task: ranking).")

    @model_validator(mode="after")
    def _key_is_no_score(self) -> Self:
        if self.key == "score":
            raise ValueError("the key column must not be called score, as the column of predictions is")
        return self

    @property
    def about_rows(self) -> list[str]:
        """The columns that say what a row is, beside its prediction."""
        return [name for name in (self.key, self.label, self.weight, self.cluster, self.query) if name is not None]


class Data(RowColumns):
    """What the model learns from and what it is judged on."""

    train: Path = Field(
        description="Training data: a Parquet, CSV, JSONL or Arrow file, a folder or pattern of such, or a URL."
    )
    held_out: Path = Field(description="Held-out data that candidate and production are both scored on.")
    schema_: Path | None = Field(
        None,
        alias="schema",
        description="A pandera schema (YAML or JSON, or FILE.py:CLASS for a DataFrameModel), a data contract "
        "(contract.yaml:OBJECT), or a suite of Great Expectations (JSON).",
    )
    min_rows: Annotated[int, Field(ge=1)] = Field(1, description="Fewest rows that either file may hold.")
    examples: Annotated[int, Field(ge=0, le=MOST_EXAMPLES)] = Field(
        EXAMPLES, description="How many of the rows that break a rule are shown; 0 shows no value of the data."
    )
    tolerances: Annotated[tuple[Tolerance, ...], Field(strict=False)] = Field(
        (), description="Rules of the data that some rows may break, or that only warn."
    )
    min_class_share: Failures = Field(0.0, description="Least share of the rows that every class must have.")
    max_row_change: Change | None = Field(
        None, description="How far the training rows may differ in number from production's, such as 50%."
    )
    freshness: Freshness | None = Field(None, description="How old the newest training row may be.")
    references: Annotated[tuple[Reference, ...], Field(strict=False)] = Field(
        (), description="Columns whose values must stand in another file."
    )
    shift: Shift = Field(default_factory=Shift, description="Distribution shift against production's training data.")

    @field_serializer("train", "held_out")
    def _without_credentials(self, value: str) -> str:
        """Write a URL into records and digests without what opens it: a new signature makes no other model."""
        return shown(value)

    @property
    def measured_shift(self) -> Shift:
        """`shift`, with the key ignored too: keys differ in every version of the data."""
        return self.shift.model_copy(update={"ignore": (*self.shift.ignore, self.key)})
