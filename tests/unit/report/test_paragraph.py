"""The paragraph of a job that only promotes or rolls back."""

from __future__ import annotations

import pytest

from mlgate.records import Code, PromotionRecord
from mlgate.report.paragraph import paragraph
from mlgate.verdict import Outcome, Verdict

PAGE = "https://mlflow.example/#/models/churn/versions/8"


def record(status: str, **parts: object) -> PromotionRecord:
    """Make a record of a promotion from version 7 to 8."""
    outcome = Outcome.FAIL if status == "refused" else Outcome.PASS
    fields: dict[str, object] = {
        "model": "churn",
        "mlgate": "0",
        "code": Code(commit="a" * 40, inputs_digest="d", inputs=(".",)),
        "verdict": Verdict(outcome=outcome, decided_by=status, sentence="so it is"),
        "operation": "promote",
        "status": status,
        "reason": status,
        "sentence": "so it is",
        "alias": "production",
        "from_version": "7",
        "to_version": "8",
    }
    return PromotionRecord.model_validate({**fields, **parts})


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (record("done"), f"✅ **`churn`**: promoted. So it is. {{}} is version `8`. [Version 8 in MLflow]({PAGE})"),
        (
            record("done", operation="rollback"),
            f"✅ **`churn`**: rolled back. So it is. {{}} is version `8`. [{{}}]({PAGE})",
        ),
        (record("already"), f"✅ **`churn`**: promoted. So it is. {{}} is still version `8`. [{{}}]({PAGE})"),
        (record("planned"), "✅ **`churn`**: dry run; nothing was changed. So it is. {} is still version `7`."),
        (record("refused"), "❌ **`churn`**: production was not changed. So it is. {} is still version `7`."),
        (
            record("refused", from_version=None),
            "❌ **`churn`**: production was not changed. So it is. {} is still nothing.",
        ),
    ],
    ids=["promoted", "rolled back", "already", "planned", "refused", "first refused"],
)
def test_it_says_what_became_of_production(told: PromotionRecord, expected: str) -> None:
    """What happened, why, and which version is served now; a link only to a version that is."""
    assert paragraph(told, PAGE) == expected.replace("[{}]", "[Version 8 in MLflow]").format(
        "`models:/churn@production`"
    )


def test_no_page_gives_no_link() -> None:
    """An embedded store has no address, and one that is no plain address is left out."""
    assert "[" not in paragraph(record("done"))
    assert "[" not in paragraph(record("done"), "javascript:alert(1)")


def test_a_sentence_stays_text() -> None:
    """It may hold what a candidate's files are called."""
    assert "<img" not in paragraph(record("refused", sentence="<img src=x> [a](b)")).replace("`<img`", "")


@pytest.mark.parametrize(("parts", "said"), [
    ({"by": "octocat", "why": "complaints"}, "By `octocat`: complaints."),
    ({"by": "octocat"}, "By `octocat`."),
    ({"why": "see [x](https://evil.example)"}, "Why: see `[x](https://evil.example)`."),
])  # fmt: skip
def test_it_says_who_asked_and_why(parts: dict[str, str], said: str) -> None:
    """A rollback has to have a reason, and whoever reads the summary is told it."""
    assert said in paragraph(record("done", operation="rollback", **parts))
