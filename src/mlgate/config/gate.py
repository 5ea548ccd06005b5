"""The gate's policy: rules on all rows, rules on slices, and how sure is sure."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from mlgate.config.metrics import known
from mlgate.config.rule import Rule
from mlgate.config.section import Column, Number, Section, Share
from mlgate.config.shorthand import rules_of

MOST_ADAPTIVE = 40
Correction = Literal["none", "bonferroni", "holm", "fdr_bh"]


class Slices(Section):
    """Rules that must hold on parts of the held-out rows: of each value of some columns, or of each condition."""

    by: Annotated[tuple[Column, ...], Field(strict=False)] = Field(
        (), description="Columns of the held-out data; several make a slice of each combination."
    )
    bins: dict[Column, Annotated[tuple[Number, ...], Field(strict=False, min_length=1)]] = Field(
        default_factory=dict, description="Edges by which a column of `by` that holds numbers is cut: [500, 1000]."
    )
    where: dict[Annotated[str, Field(min_length=1, max_length=60)], Annotated[str, Field(min_length=1)]] = Field(
        default_factory=dict,
        description="Named conditions in SQL on the held-out columns: {long haul: distance > 2000}.",
    )
    rules: Annotated[tuple[Rule, ...], Field(strict=False, min_length=1)] = Field(description="All, on every slice.")
    min_rows: Annotated[int, Field(ge=2)] = Field(
        100, description="Rows below which a slice counts as small (clusters, where there are clusters)."
    )
    on_small: Literal["report", "judge", "fail"] = Field(
        "report", description="Whether small slices are reported only, judged like others, or refused."
    )
    expect: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description="Names of slices, such as origin=JFK, that must be there."
    )
    on_missing: Literal["fail", "report"] = Field(
        "fail", description="Whether an expected slice without any row fails, or is reported only."
    )
    correction: Correction | None = Field(
        None, description="For the number of slices, of alarms only (test: no_regression); holm where nothing is said."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problem = None
        proofs = [rule for rule in self.rules if rule.test != "no_regression"]
        stray = [column for column in self.bins if column not in self.by]
        if bool(self.by) == bool(self.where):
            problem = "give either by (columns) or where (conditions)"
        elif stray:
            problem = f"bins are for columns of by, and {stray[0]!r} is none"
        elif any(list(edges) != sorted(set(edges)) for edges in self.bins.values()):
            problem = "the edges of bins must rise"
        elif any(known(rule.metric).of == "cost" for rule in self.rules):
            problem = "what a model costs is the same on every slice: put its rule among gate.rules"
        elif self.correction is not None and proofs:
            problem = (
                f"a correction belongs to alarms (test: no_regression), and {proofs[0].name} must be shown on every "
                "slice: to pass by luck it would have to be lucky on all of them, so correcting only loses power"
            )
        if problem:
            raise ValueError(problem)
        return self


class Holdout(Section):
    """How often the same held-out rows may be asked before they are worn out."""

    max_uses: Annotated[int, Field(ge=1)] = Field(
        description="Different candidates that may be judged on the same rows; each is given its share of the error."
    )
    adaptivity: Literal["none", "first_change", "full"] = Field(
        "first_change",
        description="How much of an answer reaches those who make the next candidate: none (nobody looks), "
        "first_change (rows are replaced once a candidate passes), full (every answer is used).",
    )
    on_exhausted: Literal["fail", "warn"] = Field("fail", description="What happens when the uses are spent.")

    @model_validator(mode="after")
    def _leaves_a_level(self) -> Self:
        if self.adaptivity == "full" and self.max_uses > MOST_ADAPTIVE:
            raise ValueError(
                f"more than {MOST_ADAPTIVE} uses with adaptivity: full leave no level that can be computed"
            )
        return self


def _rules_or_when(schema: dict[str, Any]) -> None:
    """Say in the JSON Schema that either of the two will do."""
    schema["required"] = [name for name in schema.get("required", []) if name != "rules"]
    schema["anyOf"] = [{"required": ["rules"]}, {"required": ["when"]}]


class Gate(Section):
    """The policy that decides whether a candidate may replace production."""

    model_config = ConfigDict(json_schema_extra=_rules_or_when)

    rules: Annotated[tuple[Rule, ...], Field(strict=False, min_length=1)] = Field(
        description="All must hold; may be left out where `when` is given."
    )
    when: str | None = Field(None, description="A condition of ease.ml/ci as one more rule: n - o > 0.02 +/- 0.01.")
    slices: Annotated[tuple[Slices, ...], Field(strict=False)] = Field(
        (), description="Rules for parts of the held-out rows."
    )
    confidence_level: Share = Field(0.95, description="Of every two-sided confidence interval.")
    on_inconclusive: Literal["fail", "warn", "pass"] = Field(
        "fail", description="Whether a rule that the data cannot decide blocks the candidate, or passes with a warning."
    )
    holdout: Holdout | None = Field(None, description="A budget for asking the same held-out rows again and again.")
    hints: bool = Field(
        default=True, description="Whether the report names the slices that look worst; never a verdict."
    )
    show_rows: bool = Field(
        default=False, description="Whether rows that flipped are shown with label and scores, not keys only."
    )
    seed: int = Field(20260101, description="Of the resampling, where a metric has no closed form.")

    @model_validator(mode="before")
    @classmethod
    def _read_shorthand(cls, raw: Any) -> Any:  # noqa: ANN401 (whatever stands in the file)
        if not isinstance(raw, dict) or not isinstance(raw.get("when"), str):
            return raw
        rules = raw.get("rules", [])
        return {**raw, "rules": [*rules, *rules_of(raw["when"])]} if isinstance(rules, list | tuple) else raw

    @property
    def every_rule(self) -> tuple[Rule, ...]:
        """The rules on all rows, then those on slices."""
        return (*self.rules, *(rule for slices in self.slices for rule in slices.rules))
