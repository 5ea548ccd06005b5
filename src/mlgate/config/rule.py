"""One rule of the gate, and what keeps it from contradicting itself."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mlgate.config.metrics import AT_MOST_ONE, NEEDED, MetricName, known
from mlgate.config.section import Column, Number, Section, Share, Size

TestName = Literal["superiority", "non_inferiority", "equivalence", "no_regression", "point"]
WITH_MARGIN = ("equivalence", "no_regression", "non_inferiority", "point")
PARAMETERS = ("average", "beta", "bins", "direction", "k", "quantile", "threshold")
MCNEMAR = frozenset({"accuracy", "recall", "specificity", "top_k_accuracy"})


class Rule(Section):
    """One rule of the gate: either a comparison with production (`test`) or a bound on the candidate alone."""

    metric: MetricName = Field(description="What is measured on the held-out rows.")
    test: TestName | None = Field(
        None, description="Which side bears the burden of proof in the comparison with production."
    )
    margin: Size = Field(0.0, description="How much worse than production still counts as not worse, in its units.")
    relative_margin: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = Field(
        0.0, description="The margin as a share of production's value on these rows, instead of `margin`."
    )
    min_effect: Size = Field(
        0.0, description="How much better than production the candidate must be shown to be (superiority)."
    )
    lower_bound: Number | None = Field(None, description="The candidate's metric must be shown to be at least this.")
    upper_bound: Number | None = Field(None, description="The candidate's metric must be shown to be at most this.")
    judge: Literal["interval", "point"] = Field(
        "interval", description="Whether the whole confidence interval or only the estimate must respect a bound."
    )
    tolerance: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None, description="Half of the interval's width above which the answer does not count."
    )
    method: Literal["auto", "mcnemar_exact", "mcnemar_midp"] = Field(
        "auto", description="How the difference of a share of rows is tested; auto is Tango's score interval."
    )
    threshold: Share | None = Field(None, description="Score from which a row is positive, if not evaluate.threshold.")
    average: str | None = Field(
        None, description="Of several classes: macro, weighted, micro, or the name of the one class to look at."
    )
    beta: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(None, description="Of f_beta.")
    k: Annotated[int, Field(ge=1)] | None = Field(None, description="Of top_k_accuracy and ndcg.")
    quantile: Share | None = Field(None, description="Of pinball_loss: the quantile that the model predicts.")
    bins: Annotated[int, Field(ge=2)] | None = Field(None, description="Of expected_calibration_error; 15 if not said.")
    direction: Literal["higher", "lower"] | None = Field(None, description="Which way a metric of your own is better.")
    between: Annotated[tuple[Column, ...], Field(strict=False)] = Field(
        (), description="Columns whose groups are held against each other: the rule is about the gap between them."
    )
    gap: Literal["difference", "ratio"] | None = Field(
        None, description="The gap as largest minus smallest (difference), or smallest over largest (ratio)."
    )

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        problem = self._of_question() or self._of_margin() or self._of_parameters()
        if problem:
            raise ValueError(problem)
        return self

    def _of_question(self) -> str | None:
        bounds = [bound for bound in (self.lower_bound, self.upper_bound) if bound is not None]
        if (self.test is None) == (not bounds):
            return "a rule asks one question: give either test, or lower_bound / upper_bound"
        if known(self.metric).of == "pair" and self.test:
            return f"{self.metric} looks at both models itself: give upper_bound"
        if len(bounds) == 2 and bounds[0] >= bounds[1]:
            return "lower_bound must be below upper_bound"
        if self.metric in AT_MOST_ONE and any(bound > 1 for bound in bounds):
            return f"{self.metric} is at most 1: write 0.8 for 80 %"
        return self._of_gap()

    def _of_gap(self) -> str | None:
        if self.gap and not self.between:
            return "a gap is between groups: name their columns with between"
        if self.between and known(self.metric).of != "rows":
            return f"{self.metric} has no gap between groups"
        return None

    def _of_margin(self) -> str | None:
        margin = self.margin or self.relative_margin
        if self.margin and self.relative_margin:
            return "give either margin or relative_margin"
        if margin and self.test not in WITH_MARGIN:
            return f"a margin belongs to test: {', '.join(WITH_MARGIN)}"
        if self.test == "equivalence" and not margin:
            return "equivalence needs a margin: no two models are shown to be exactly equal"
        if self.min_effect and self.test != "superiority":
            return "min_effect belongs to test: superiority"
        if self.tolerance and (self.test == "point" or self.judge == "point"):
            return "tolerance is about the interval, and this rule looks at the estimate alone"
        return None

    def _of_parameters(self) -> str | None:
        takes = known(self.metric).keys
        stray = [key for key in PARAMETERS if getattr(self, key) is not None and key not in takes]
        if stray:
            return f"{self.metric} takes no {stray[0]}" + (f"; it takes {', '.join(takes)}" if takes else "")
        needed = NEEDED.get(self.metric)
        if needed and getattr(self, needed) is None:
            return f"{self.metric} needs {needed}"
        if self.metric.startswith("function:") and self.direction is None:
            return "a function of your own needs direction: higher or lower"
        if self.metric.startswith("scorer:") and self.direction is not None:
            return "scikit-learn's scorers are made so that more is better: leave direction out"
        if self.method != "auto" and (self.metric not in MCNEMAR or self.between or not self.test):
            return f"McNemar's test compares shares of rows: {', '.join(sorted(MCNEMAR))}, with a test"
        return None

    @property
    def measured(self) -> str:
        """What is measured, in a few words: `f_beta(beta=2)`, `recall gap between sex`."""
        given = [(key, getattr(self, key)) for key in PARAMETERS if getattr(self, key) is not None]
        values = ", ".join(f"{key}={value if isinstance(value, str) else f'{value:g}'}" for key, value in given)
        what = f"{self.metric}({values})" if values else self.metric
        kind = "ratio" if self.gap == "ratio" else "gap"
        return f"{what} {kind} between {', '.join(self.between)}" if self.between else what

    @property
    def name(self) -> str:
        """The rule in a few words, as it appears in reports: `roc_auc non_inferiority (margin 0.005)`."""
        if self.test is None:
            bounds = [f">= {self.lower_bound:g}" if self.lower_bound is not None else ""]
            bounds.append(f"<= {self.upper_bound:g}" if self.upper_bound is not None else "")
            return f"{self.measured} {' and '.join(filter(None, bounds))}{self._width}"
        sizes = {
            "margin": f"{self.margin:g}" if self.margin else "",
            "relative margin": f"{self.relative_margin * 100:g}%" if self.relative_margin else "",
            "min_effect": f"{self.min_effect:g}" if self.min_effect else "",
        }
        effect = next((f" ({what} {size})" for what, size in sizes.items() if size), "")
        return f"{self.measured} {self.test}{effect}{self._width}"

    @property
    def _width(self) -> str:
        return f" +/- {self.tolerance:g}" if self.tolerance else ""
