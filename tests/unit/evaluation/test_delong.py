"""DeLong's method on DeLong's own patients, as SAS prints it."""

from __future__ import annotations

import numpy as np
import pytest

from mlgate.evaluation.curves import auc_terms, compare_roc_auc
from mlgate.evaluation.linear import compare
from mlgate.evaluation.paired import Scores

# DeLong, DeLong and Clarke-Pearson 1988: albumin, total protein, K-G score of patients with ovarian cancer, and
# whether surgery helped; as in SAS/STAT, The LOGISTIC Procedure, "Comparing Receiver Operating Characteristic Curves"
PATIENTS = """
3.0 5.8 10 0, 3.2 6.3 5 1, 3.9 6.8 3 1, 2.8 4.8 6 0, 3.2 5.8 3 1, 0.9 4.0 5 0, 2.5 5.7 8 0, 1.6 5.6 5 1, 3.8 5.7 5 1,
3.7 6.7 6 1, 3.2 5.4 4 1, 3.8 6.6 6 1, 4.1 6.6 5 1, 3.6 5.7 5 1, 4.3 7.0 4 1, 3.6 6.7 4 0, 2.3 4.4 6 1, 4.2 7.6 4 0,
4.0 6.6 6 0, 3.5 5.8 6 1, 3.8 6.8 7 1, 3.0 4.7 8 0, 4.5 7.4 5 1, 3.7 7.4 5 1, 3.1 6.6 6 1, 4.1 8.2 6 1, 4.3 7.0 5 1,
4.3 6.5 4 1, 3.2 5.1 5 1, 2.6 4.7 6 1, 3.3 6.8 6 0, 1.7 4.0 7 0, 3.7 6.1 5 1, 3.3 6.3 7 1, 4.2 7.7 6 1, 3.5 6.2 5 1,
2.9 5.7 9 0, 2.1 4.8 7 1, 2.8 6.2 8 0, 4.0 7.0 7 1, 3.3 5.7 6 1, 3.7 6.9 5 1, 3.6 6.6 5 1
"""


def patients(column: int) -> Scores:
    """Score the patients by one of the three tests."""
    rows = np.array([[float(value) for value in row.split()] for row in PATIENTS.split(",")])
    score = 10 - rows[:, 2] if column == 2 else rows[:, column]
    return Scores(label=rows[:, 3] == 1, score=score)


@pytest.mark.parametrize(
    ("column", "value", "se", "low", "high", "p"),
    [(0, 0.0108, 0.0953, -0.1761, 0.1976, 0.9102), (1, -0.0780, 0.1046, -0.2830, 0.1271, 0.4561)],
    ids=["albumin - K-G", "total protein - K-G"],
)
def test_the_printed_comparisons(*, column: int, value: float, se: float, low: float, high: float, p: float) -> None:
    """Difference, standard error, interval and p of SAS's output, to its four places."""
    found = compare_roc_auc(patients(column), patients(2), 0.95, 0)
    assert (found.value, found.se, found.low, found.high, found.p_value) == pytest.approx(
        (value, se, low, high, p), abs=6e-5
    )


def test_contributions_give_the_same_standard_error() -> None:
    """But for n/(n - 1) of all patients, where DeLong's has one of each class."""
    terms = [auc_terms(patients(column)) for column in (1, 2)]
    found = compare(terms[0], terms[1], None, 0.95, method="")
    assert found.value == pytest.approx(-0.0780, abs=6e-5)
    assert found.se == pytest.approx(0.1046, rel=0.03)
