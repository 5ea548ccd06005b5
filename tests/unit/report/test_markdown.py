"""Comment and summary hold their limits and their structure, whatever the records hold."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlgate.records import BadRow, SliceResult, Violation
from mlgate.report import markdown, marks, planner
from mlgate.report.head import Head
from mlgate.report.model_records import ModelRecords
from mlgate.report.report import Report
from mlgate.verdict import Outcome, Verdict

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
OUR_TAGS = {"<br>", "<sub>", "</sub>", "<details>", "<details open>", "</details>", "<summary>", "</summary>"}
EVIL = "</summary><img src=x>|`@octocat`\n\n# [x](https://evil.example) <!-- -->\u202e"


def many(cases: dict[str, Any], rules: int, models: int = 1, text: str = "x") -> Report:
    """Make a report of so many rules; the last of them fails, each with a long sentence."""
    passing, failing = cases["WORSE"]
    results = []
    for index in range(rules):
        one = failing if index == rules - 1 else passing
        rule = f"log_loss slice {index} {text}"
        finding = one.finding.model_copy(update={"rule": rule, "sentence": f"{text} " * 50})
        results.append(one.model_copy(update={"finding": finding}))
    records = ModelRecords(
        validation=cases["BROKEN"], training=cases["TRAINED"], comparison=cases["compared"](tuple(results))
    )
    return Report.of({f"model-{index}": records for index in range(models)}, cases["CONTEXT"])


@pytest.mark.parametrize(
    ("rules", "models", "text"),
    [
        (1, 1, "word"),
        (300, 1, "word"),
        (300, 1, "|"),
        (300, 1, "<b>"),
        (300, 1, "\U0001f600"),
        (300, 1, "\u202e"),
        (2000, 1, "word"),
        (2000, 1, "`` ` ```"),
        (40, 30, "\U0001f600"),
        (3, 1000, "\u202e"),
    ],
)
def test_a_comment_is_never_too_long(cases: dict[str, Any], rules: int, models: int, text: str) -> None:
    """Thousands of rules or models fit GitHub's limit, in characters and in bytes; verdict and footer stay."""
    comment = markdown.comment(many(cases, rules, models, text))
    assert len(comment) <= 65_536
    assert len(comment.encode()) <= markdown.COMMENT_BYTES
    assert "> [!CAUTION]" in comment
    assert comment.rstrip().endswith("</sub>")
    assert comment.count("<details") == comment.count("</details>")


def test_a_summary_is_never_too_long(cases: dict[str, Any]) -> None:
    """GitHub drops a summary of more than 1 MiB as a whole."""
    assert len(markdown.summary(many(cases, 8_000)).encode()) <= 1024 * 1024


@pytest.mark.parametrize(
    ("metrics", "parts"), [(400, 50), pytest.param(2000, 500, marks=pytest.mark.long)], ids=["many", "a million"]
)
def test_many_metrics_on_many_slices(cases: dict[str, Any], metrics: int, parts: int) -> None:
    """Up to a million answers: the worst are shown, all are counted, and both places keep their limits."""
    passing, failing = cases["WORSE"]
    results = tuple(
        passing.model_copy(update={"finding": passing.finding.model_copy(update={"rule": f"metric {index} >= 0"})})
        for index in range(metrics - 1)
    )
    slices = tuple(
        SliceResult.model_construct(name=f"origin={index}", of="by origin", n=index, results=(*results, failing))
        for index in range(parts)
    )
    comparison = cases["compared"]((*results, failing)).model_copy(update={"slices": slices})
    report = Report.of({"m": ModelRecords.model_construct(comparison=comparison)}, cases["CONTEXT"])
    for text, limit in ((markdown.comment(report), 65_536), (markdown.summary(report), 1024 * 1024)):
        assert len(text.encode()) < limit
    assert "*Shortened to fit." in markdown.comment(report)
    shown = f"Slices: {(metrics - 1) * parts:,} of {metrics * parts:,} rules on slices hold" in markdown.summary(report)
    assert shown


BLOCKS = [*planner.OPTIONAL, "table", "versions"]


class Sized:
    """A section of blocks of given sizes, which shrink with the rows that they may have."""

    def __init__(self, name: str, blocks: dict[str, int]) -> None:
        """Name it."""
        self.head = Head(model=name, outcome=Outcome.PASS, decided_by="", sentence="", happened="")
        self.names = list(blocks)
        self.sizes = blocks

    def block(self, name: str, rows: int | None) -> str:
        """Write so many letters of three bytes."""
        return "\u20ac" * min(self.sizes[name], self.sizes[name] if rows is None else rows * 40)


@given(
    st.lists(
        st.dictionaries(st.sampled_from([*planner.OPTIONAL, "table", "versions"]), st.integers(0, 90_000)), max_size=30
    ),
    st.sampled_from([60_000, 64_000, 1_000_000]),
)
def test_whatever_sections_hold_they_fit(blocks: list[dict[str, int]], limit: int) -> None:
    """Before and after them stays what must; what is left out is the least important."""
    sections = [Sized(f"m{index}", sizes) for index, sizes in enumerate(blocks)]
    used: list[planner.Plan] = []

    def after(plan: planner.Plan) -> str:
        used.append(plan)
        return "footer"

    frame = planner.Frame(
        before=lambda _: "verdict",
        after=after,
        opening=lambda section: f"## {section.head.model}",
        naming=lambda _: "",
        hidden=lambda _: "",
    )
    text = planner.fit(sections, frame, limit)
    assert len(text.encode()) <= limit
    assert text.startswith("verdict")
    assert text.endswith("footer\n")
    if sum(3 * size for sizes in blocks for size in sizes.values()) < limit - 10_000:
        assert used[-1] == planner.Plan()


def test_what_was_left_out_is_said(cases: dict[str, Any]) -> None:
    """A shortened comment says so, and keeps the rule that failed on top of its table."""
    comment = markdown.comment(many(cases, 2000))
    assert "*Shortened to fit." in comment
    assert "more rules, none of them worse" in comment
    rows = [line for line in comment.splitlines() if line.startswith(("| `log_loss`", "| `roc_auc`"))]
    assert "FAIL" in rows[0]


def test_the_last_plan_is_small_even_for_hostile_records(
    cases: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the records hold, the least that is shown fits with room to spare."""
    report = many(cases, 3, 500, EVIL * 20)
    *_, last = planner.plans()
    monkeypatch.setattr(planner, "plans", lambda: iter([last]))
    assert len(markdown.comment(report).encode()) <= markdown.COMMENT_BYTES


def test_hostile_records_bring_no_markup(cases: dict[str, Any]) -> None:
    """With every text of the records hostile, only our own tags and links remain, and tables keep their columns."""
    violation = Violation(
        file=EVIL, column=EVIL, rule=EVIL, expected=EVIL, count=1, of=1, examples=(BadRow(row=1, key=EVIL, value=EVIL),)
    )
    verdict = Verdict(outcome=Outcome.FAIL, decided_by=EVIL, sentence=EVIL)
    trained = cases["TRAINED"]
    environment = trained.environment.model_copy(
        update={"python": EVIL, "os": EVIL, "cuda": EVIL, "packages": {EVIL: EVIL}}
    )
    evil_file = cases["TRAIN"].model_copy(update={"path": EVIL, "sha256": EVIL})
    code = trained.code.model_copy(update={"commit": EVIL, "inputs_digest": EVIL})
    training = trained.model_copy(
        update={
            "params": {EVIL: EVIL},
            "environment": environment,
            "data": (evil_file,),
            "code": code,
            "run_url": f"https://evil.example/{EVIL}",
        }
    )
    shift = cases["SHIFTS"][0].model_copy(update={"column": EVIL, "note": EVIL})
    validation = cases["BROKEN"].model_copy(
        update={"violations": (violation,), "shifts": (shift,), "compared_with": EVIL, "verdict": verdict}
    )
    finding = cases["WORSE"][1].finding.model_copy(update={"rule": EVIL, "sentence": EVIL})
    result = cases["WORSE"][1].model_copy(update={"metric": EVIL, "finding": finding})
    comparison = cases["compared"]((result,), verdict).model_copy(
        update={
            "candidate_run_url": "javascript:alert(1)",
            "candidate_url": "https://evil.example/[x](y)",
            "production_url": "https://u:p@evil.example/",
        }
    )
    crashed = training.model_copy(update={"candidate": None, "log_tail": (EVIL, "```", "    ")})
    stories = {
        EVIL: ModelRecords(validation=validation),
        "judged": ModelRecords(validation=validation, training=training, comparison=comparison),
        "other": ModelRecords(validation=validation, training=crashed, production_training=training),
    }
    comment = markdown.comment(Report.of(stories, cases["CONTEXT"]))
    tokens = [inner for token in PARSER.parse(comment) for inner in [token, *(token.children or [])]]
    tags = {tag for one in tokens if one.type.startswith("html") for tag in re.findall(r"<[^>]*>", one.content)}
    assert tags - OUR_TAGS == set(filter(marks.is_mark, comment.splitlines()))
    assert {str(one.attrs["href"]).split("/")[2] for one in tokens if one.type == "link_open"} == {"github.com"}
    assert not [one for one in tokens if one.type == "image"]
    assert "@octocat" not in " ".join(one.content for one in tokens if one.type == "text")
    assert "u:p@" not in comment
    assert_tables_are_whole(tokens)


def assert_tables_are_whole(tokens: list[Any]) -> None:
    """Every row of every table has as many cells as its head."""
    width = cells = rows = 0
    for token in tokens:
        if token.type == "thead_open":
            width = 0
        elif token.type == "th_open":
            width += 1
        elif token.type == "tr_open":
            cells = 0
        elif token.type == "td_open":
            cells += 1
        elif token.type == "tr_close" and cells:
            assert cells == width
            rows += 1
    assert rows > 5


def test_links_of_records_can_be_turned_off(cases: dict[str, Any]) -> None:
    """Records from a fork put no link into our comment; those to our own commit and run stay."""
    context = cases["CONTEXT"].model_copy(update={"trusted": False})
    comment = markdown.comment(Report.of(cases["CASES"]["passed"], context))
    assert "mlflow.acme.example" not in comment
    assert "](https://github.com/acme/flight-delay/actions/runs/9001)" in comment


def test_alerts_stand_at_the_top_level_and_details_are_apart(case_comments: dict[str, str]) -> None:
    """GitHub renders an alert only at the top level, and a table in a fold only after a blank line."""
    for comment in case_comments.values():
        assert comment.split("\n")[1].startswith("> [!")
        assert not re.search(r"</summary>\n[^\n]", comment)
        assert not re.search(r"\n\n\n", comment)


@pytest.fixture
def case_comments(cases: dict[str, Any]) -> dict[str, str]:
    """Render each golden case."""
    return {name: markdown.comment(Report.of(case, cases["CONTEXT"])) for name, case in cases["CASES"].items()}
