"""A tag holds what was measured, and is read back; whatever else stands there is left out."""

from __future__ import annotations

import pytest

from mlgate.promotion.measured import MOST_METRICS, measured, metrics_of, promoted
from mlgate.tag_names import MEASURED
from tests.golden import cases
from tests.unit.promotion.test_plan import entry


def test_what_was_measured_comes_back() -> None:
    """In the order of the versions, with the rows that it is of."""
    evidence = cases.compared(cases.BETTER)
    found = promoted([entry(9, **{MEASURED: measured(evidence)}), entry(7, **{MEASURED: measured(evidence)})])
    assert [one.version for one in found] == ["7", "9"]
    assert found[0].metrics == {one.metric: one.candidate for one in cases.BETTER}
    assert found[0].held_out == cases.HELD_OUT.sha256


def test_a_tag_is_never_too_long() -> None:
    """Of many metrics the first are kept, and none that is not finite."""
    one = cases.BETTER[0]
    many = [one.model_copy(update={"metric": f"{index:03d}" + "m" * 77}) for index in range(500)]
    odd = [one.model_copy(update={"metric": "odd", "candidate": float("nan")})]
    evidence = cases.compared((*odd, *many))
    assert len(metrics_of(evidence)) == MOST_METRICS
    assert len(measured(evidence)) < 5000


@pytest.mark.parametrize(
    "tag", ["", "no JSON", "[]", "1", '{"held_out":1}', '{"held_out":"x","metrics":{"a":"b"}}', '{"version":"1"}']
)
def test_another_s_tag_is_left_out(tag: str) -> None:
    """Written by hand, or by a later mlgate."""
    assert promoted([entry(1, **{MEASURED: tag}), entry(2)]) == ()
