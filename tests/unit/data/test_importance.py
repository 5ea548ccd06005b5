"""Shift weighted by what production's predictions rest on."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from mlgate.config.data import Shift
from mlgate.data.drift.importance import importance_findings, weighted, with_importance
from mlgate.data.drift.shifts import measure
from mlgate.data.profile.profiling import profile
from mlgate.records import ColumnShift, Importance
from mlgate.verdict import Outcome


def shifts(moved: str) -> tuple[ColumnShift, ...]:
    """Measure two columns of which one moved by a standard deviation."""
    rng = np.random.default_rng(3)
    before = pl.DataFrame({"strong": rng.normal(size=5000), "weak": rng.normal(size=5000)})
    after = before.with_columns(pl.col(moved) + 1)
    return measure(profile(before.lazy()), after.lazy(), Shift())


KNOWN = Importance(
    loss="log loss", base=0.4, rows=2000, columns={"strong": 0.9, "weak": 0.1, "gone": 1.0, "luck": -0.1}
)


def test_what_matters_more_counts_more() -> None:
    """The same shift weighs nine times as much in a column that is worth nine times as much."""
    strong, weak = (weighted(with_importance(shifts(name), KNOWN)) for name in ("strong", "weak"))
    assert strong is not None
    assert weak is not None
    assert strong.plain == pytest.approx(weak.plain, rel=0.1)
    assert weak.psi is not None
    assert strong.psi == pytest.approx(9 * weak.psi, rel=0.1)
    assert (round(strong.moved, 3), round(weak.moved, 3)) == (0.9, 0.1)
    (told,) = importance_findings(with_importance(shifts("strong"), KNOWN))
    assert "carry 90% of what production's predictions rest on" in told.sentence
    assert not told.judged
    other = KNOWN.model_copy(update={"columns": {"weak": 1.0}})
    (told,) = importance_findings(with_importance(shifts("strong"), other))
    assert told.sentence == "production's predictions rest on none of the columns that moved"


def test_what_cannot_be_compared_is_no_zero() -> None:
    """A column that is gone or holds another type has no PSI: the means leave it out, and the sentence counts it."""
    rng = np.random.default_rng(3)
    before = pl.DataFrame({"strong": rng.normal(size=5000), "weak": rng.normal(size=5000)})
    text = pl.col("strong").cast(pl.String)
    found, both = (
        with_importance(measure(profile(before.lazy()), frame.lazy(), Shift()), KNOWN)
        for frame in (before.with_columns(text), before.select(text))
    )
    means = weighted(found)
    assert means is not None
    assert (means.psi, means.columns, means.unmeasured) == (0, 2, 1)
    (told,) = importance_findings(found)
    assert told.outcome is Outcome.INCONCLUSIVE
    assert told.sentence.endswith(
        "the mean PSI is 0.000 where each column counts by that, and 0.000 where all count the same; "
        "1 of 2 columns could not be compared and counts in neither"
    )
    (told,) = importance_findings(both)
    assert told.sentence == (
        "the columns that moved carry 100% of what production's predictions rest on; "
        "2 of 2 columns could not be compared, so that there is no mean PSI"
    )


def test_shares_add_up_and_luck_is_worth_nothing() -> None:
    """A column whose shuffling made the model better by chance has no share."""
    assert sum(KNOWN.shares.values()) == pytest.approx(1)
    assert KNOWN.shares["luck"] == 0


@pytest.mark.parametrize("worth", [{}, {"strong": 0.0}, {"strong": -1.0}, {"other": 1.0}])
def test_without_a_known_importance_nothing_is_weighted(worth: dict[str, float]) -> None:
    """A model that rests on nothing measurable, or on columns that the data lacks, has no weighted shift."""
    known = Importance(loss="log loss", base=0.4, rows=2000, columns=worth)
    assert weighted(with_importance(shifts("weak"), known)) is None
    assert weighted(with_importance(shifts("weak"), None)) is None


def test_an_importance_is_a_number() -> None:
    """What a model that answers NaN would leave is refused, so that its weights cannot vanish without a word."""
    with pytest.raises(ValidationError):
        Importance.model_validate_json('{"loss": "log loss", "base": 0.4, "rows": 9, "columns": {"a": NaN}}')
