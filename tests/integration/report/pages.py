"""Pages to look at: golden stories, other tasks, many slices, drift, and records full of hostile texts."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import numpy as np
from pydantic import BaseModel

from mlgate.records import (
    Bar,
    ColumnShift,
    Drift,
    Figures,
    GiveAway,
    Interval,
    MetricResult,
    SliceResult,
    TrainingCurve,
)
from mlgate.records.drift import DomainClassifier
from mlgate.report.drift_page import drift_page
from mlgate.report.html import page
from mlgate.report.model_records import ModelRecords
from mlgate.report.report import Report
from mlgate.verdict import Finding, Outcome, Verdict
from tests.golden import drawn

CASES = runpy.run_path(str(Path(__file__).parents[2] / "golden" / "cases.py"))
MODEL: str = CASES["MODEL"]
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'</style></svg>$x^2$ {{7*7}} \u202eabc&amp;]]>"
    "https://evil.example/ \x00 #010203 " + "W" * 200
)
STORIES = ("passed", "slice-failed", "first-model", "training-crashed", "data-refused", "several-models", "nothing")


def pages() -> dict[str, str]:
    """Render every page, by name."""
    texts = {name: page(Report.of(CASES["CASES"][name], CASES["context_of"](name))) for name in STORIES}
    made: dict[str, ModelRecords] = {
        "multiclass": told(figures=drawn.multiclass(MODEL)),
        "many-classes": told(figures=drawn.multiclass(MODEL, 20)),
        "regression-slices": told(figures=drawn.regression(MODEL), slices=many_slices()),
        "ranking": told(figures=drawn.ranking(MODEL), curves=12),
        "no-production": alone(),
        "hostile": hostile(),
    }
    texts |= {name: page(Report.of({MODEL: one}, CASES["CONTEXT"])) for name, one in made.items()}
    texts["hostile-name"] = page(Report.of({EVIL: made["hostile"]}, CASES["CONTEXT"]))
    return texts | {"drift": drift_page(drift())}


def told(*, figures: Figures, slices: tuple[SliceResult, ...] = (), curves: int = 0) -> ModelRecords:
    """Tell the story of a candidate that passes, with other figures."""
    usual: ModelRecords = CASES["CASES"]["passed"][MODEL]
    assert usual.comparison is not None
    assert usual.training is not None
    assert usual.validation is not None
    more = tuple(TrainingCurve(metric=f"metric {one}", points=usual.training.curves[0].points) for one in range(curves))
    return usual.model_copy(
        update={
            "figures": figures,
            "comparison": usual.comparison.model_copy(update={"slices": slices}),
            "training": usual.training.model_copy(update={"curves": more or usual.training.curves}),
            "validation": usual.validation.model_copy(update={"shifts": drift().shifts}),
        }
    )


def alone() -> ModelRecords:
    """Tell of a first model: figures of a candidate alone."""
    figures = drawn.binary(MODEL, 27_004).model_copy(update={"production": None})
    first: ModelRecords = CASES["CASES"]["first-model"][MODEL]
    return first.model_copy(update={"figures": figures})


def many_slices(count: int = 45) -> tuple[SliceResult, ...]:
    """Answer one rule on many slices, some of them small, one of them very uncertain."""
    rng = np.random.default_rng(3)
    found = []
    for number in range(count):
        value, half = float(rng.normal(0.4, 0.5)), float(rng.gamma(4, 0.09))
        half = 40.0 if number == 7 else half
        outcome = Outcome.FAIL if value + half < 0 else Outcome.PASS if value - half > -0.5 else Outcome.INCONCLUSIVE
        name = (
            f"carrier={['UA', 'B6', 'EV', 'DL', 'AA', 'MQ', 'US', '9E'][number % 8]}, dep_hour from {5 + number // 3}"
        )
        rule = "rmse non_inferiority (margin 0.5)"
        finding = Finding(rule=f"{rule} on {name}", outcome=outcome, reason="x", sentence="s", judged=number % 9 != 0)
        result = MetricResult(
            metric="rmse",
            higher_is_better=False,
            candidate=11.0 - value,
            production=11.0,
            difference=value,
            candidate_interval=Interval(low=10.5 - value, high=11.5 - value),
            difference_interval=Interval(low=value - half, high=value + half),
            p_value=None,
            method="paired",
            n=int(rng.integers(100, 3000)),
            minimum_detectable=None,
            finding=finding,
        )
        found.append(SliceResult(name=name, of="by carrier, dep_hour", n=result.n, results=(result,)))
    return tuple(found)


def drift() -> Drift:
    """Tell of columns of both kinds that moved."""
    rng = np.random.default_rng(4)
    edges = np.linspace(-10, 35, 21)
    before, after = (np.histogram(rng.normal(mean, 7, 5000), bins=edges)[0] / 5000 for mean in (12, 16))
    numbers = tuple(
        Bar(low=float(low), high=float(high), before=float(one), after=float(other))
        for low, high, one, other in zip(edges, edges[1:], before, after, strict=False)
    )
    names = ["EWR", "JFK", "LGA", "PHL", "BOS", "IAD", "BWI"]
    shares = zip(names, rng.dirichlet(np.ones(7) * 3), rng.dirichlet(np.ones(7) * 3), strict=True)
    categories = tuple(Bar(label=name, before=float(one), after=float(other)) for name, one, other in shares)
    usual: dict[str, Any] = {"psi": 0.3, "noise": 0.001, "limit": 0.002, "debiased": 0.299, "shifted": True}
    shifts = (
        ColumnShift(
            column="dew point", kind="number", **usual, size="major", wasserstein=0.6, bars=numbers, importance=0.6
        ),
        ColumnShift(column="origin", kind="category", **usual, size="moderate", bars=categories, importance=0.3),
        *CASES["SHIFTS"],
    )
    return Drift(
        mlgate="0.1.0",
        reference="data/2013-01.parquet",
        current="data/2013-07.parquet",
        reference_rows=27_004,
        current_rows=29_425,
        floor=0.1,
        verdict=Verdict(outcome=Outcome.FAIL, decided_by="shift temp", sentence="2 of 5 columns moved"),
        shifts=shifts,
        classifier=DomainClassifier(
            auc=0.91, low=0.9, high=0.92, confidence_level=0.95, rows=20_000, columns=5,
            gives_away=(GiveAway(column="temp", drop=0.2),),
        ),
    )  # fmt: skip


def hostile(evil: str = EVIL) -> ModelRecords:
    """Put a hostile text wherever a record has any text at all."""
    names = tuple(f"{number}{evil}" for number in range(5))
    usual = told(figures=drawn.multiclass(MODEL, 5, names=names), slices=CASES["SLICED"].slices, curves=2)
    assert usual.comparison is not None
    assert usual.training is not None
    more = usual.model_copy(
        update={
            "comparison": usual.comparison.model_copy(
                update={"hints": CASES["SLICED"].hints, "policy": CASES["LOOSENED"], "holdout": CASES["SLICED"].holdout}
            ),
            "validation": CASES["BROKEN"].model_copy(update={"shifts": drift().shifts}),
        }
    )
    poisoned = poison(more, evil)
    return ModelRecords.model_validate_json(poisoned.model_dump_json())


def poison(value: Any, evil: str) -> Any:
    """Replace every text of a record that is not one of a few words."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return value.model_copy(
            update={name: poison(getattr(value, name), evil) for name in fields if _free(name, fields[name])}
        )
    if type(value) is str:
        return evil
    if isinstance(value, tuple):
        return tuple(poison(one, evil) for one in value)
    if isinstance(value, dict):
        return {f"{evil}{number}": poison(one, evil) for number, one in enumerate(value.values())}
    return value


def _free(name: str, field: Any) -> bool:
    """Whether a field holds what it wants: not one of given words, nor a name of limited length."""
    parts = {field.annotation, *get_args(field.annotation)} - {NoneType}
    words = any(type(one) is str for part in parts for one in (part, *get_args(part)))
    return not words and name not in {"classes", "counted", "model"}
