"""Pictures say in words what they show, hold no colour of their own, and cost nothing where they cannot be drawn."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from mlgate.adapters import files
from mlgate.config.data import Shift
from mlgate.data.drift.shifts import measure
from mlgate.data.profile.profiling import profile
from mlgate.records import Bar, ColumnShift, Figures, Interval, SliceResult
from mlgate.report.html import page
from mlgate.report.matrices import matrices
from mlgate.report.model_records import ModelRecords
from mlgate.report.pictures.canvas import THEMED, Picture, draw
from mlgate.report.pictures.drift import _steps, histogram
from mlgate.report.pictures.forest import MOST, forest
from mlgate.report.pictures.intervals import judged
from mlgate.report.pictures.make import of_predictions, of_training
from mlgate.report.pictures.ticks import MOST as MOST_BARS
from mlgate.report.pictures.ticks import fitting, tick_labels
from mlgate.report.report import ModelReport, Report
from mlgate.verdict import Outcome, Verdict
from tests.golden import drawn

MADE = {
    "binary": drawn.binary("flight-delay", 2_000),
    "multiclass": drawn.multiclass("flight-delay"),
    "regression": drawn.regression("flight-delay"),
    "ranking": drawn.ranking("flight-delay"),
}
TITLES = {
    "binary": ["ROC", "Precision and recall", "Calibration", "Scores"],
    "multiclass": ["Calibration"],
    "regression": ["Predicted and observed", "Errors"],
    "ranking": ["ndcg by query"],
}


def told(cases: dict[str, Any], **parts: Any) -> ModelReport:
    """Tell the story that passes, with other parts."""
    records = cases["CASES"]["passed"][cases["MODEL"]].model_copy(update=parts)
    return Report.of({cases["MODEL"]: records}, cases["CONTEXT"]).models[0]


def check(pictures: list[Picture]) -> None:
    """Each is well-formed, has a role and a name, and all of its colours are the page's."""
    for picture in pictures:
        root = ET.fromstring(picture.svg.replace("xlink:href", "href"))  # noqa: S314 (what was just drawn)
        assert root.attrib["role"] == "img"
        assert re.search(r"\d", root.attrib["aria-label"])
        colours = set(re.findall(r"#[0-9a-f]{6}\b", picture.svg))
        assert not colours & set(THEMED)
        assert colours <= {"#000000", "#ffffff"}


@pytest.mark.parametrize("task", MADE)
def test_each_task_has_its_pictures(cases: dict[str, Any], task: str) -> None:
    """With a production and without one."""
    for figures in (MADE[task], MADE[task].model_copy(update={"production": None})):
        found = of_predictions(told(cases, figures=figures))
        assert [picture.title for picture in found] == TITLES[task]
        check(found)


def test_a_picture_is_told_in_numbers(cases: dict[str, Any]) -> None:
    """Who does not see the curves reads their areas."""
    roc = of_predictions(told(cases, figures=MADE["binary"]))[0]
    assert re.search(r'aria-label="ROC: candidate area 0\.7\d\d, production 0\.7\d\d"', roc.svg)
    assert 'aria-label="ROC: candidate area' in page(Report.of(cases["CASES"]["passed"], cases["CONTEXT"]))


def test_models_differ_in_more_than_colour(cases: dict[str, Any]) -> None:
    """Production's lines are dashed, the candidate's are not."""
    for picture in (*of_predictions(told(cases, figures=MADE["binary"]))[:3], *of_training(told(cases))):
        paths = re.findall(r'style="[^"]*stroke: var\(--(before|after)\)[^"]*"', picture.svg)
        dashed = re.findall(r'style="[^"]*stroke-dasharray[^"]*var\(--(\w+)\)', picture.svg)
        assert {"before", "after"} <= set(paths)
        assert set(dashed) == {"before"}


def test_training_curves_stand_over_productions(cases: dict[str, Any]) -> None:
    """One picture a metric, by its name."""
    found = of_training(told(cases))
    assert [picture.title for picture in found] == ["train_log_loss", "validation_log_loss"]
    assert "production" in found[0].note
    check(found)


def test_a_forest_plot_shows_the_worst_slices_first(cases: dict[str, Any]) -> None:
    """Of the rule that decided, at most forty, whatever their names and intervals."""
    comparison = cases["SLICED"]
    (usual,) = comparison.slices[0].results
    slices = [
        SliceResult(
            name=f"s{number} $x$ <b>",
            n=100,
            results=(
                usual.model_copy(
                    update={
                        "difference": number / 10,
                        "difference_interval": Interval(low=-1e300 if number == 3 else -1.0, high=number / 10 + 1),
                        "finding": usual.finding.model_copy(
                            update={
                                "rule": f"roc_auc superiority on s{number} $x$ <b>",
                                "outcome": Outcome.FAIL if number == 30 else Outcome.PASS,
                            }
                        ),
                    }
                ),
            ),
        )
        for number in range(50)
    ]
    verdict = Verdict(outcome=Outcome.FAIL, decided_by="roc_auc superiority on s30 $x$ <b>", sentence="s")
    found = forest(
        told(
            cases,
            comparison=comparison.model_copy(update={"slices": (*comparison.slices, *slices), "verdict": verdict}),
        )
    )
    assert found is not None
    check([found])
    assert found.title == "Slices by roc_auc superiority"
    assert "worst first: s30 $x$ &lt;b&gt; +3, s0" in found.svg
    assert found.svg.count("s30 $x$ &lt;b&gt;</text>") == 1
    assert f"the first {MOST} of 50" in found.note


def test_confusion_matrices_need_no_picture(cases: dict[str, Any]) -> None:
    """Counts, and shares of the true class."""
    ours, theirs = matrices(told(cases, figures=MADE["binary"]))
    assert (ours.whose, theirs.whose) == ("candidate", "production")
    assert ours.classes == ("negative", "positive")
    for _, cells in ours.rows:
        assert sum(float(cell.share.rstrip("%")) for cell in cells) == pytest.approx(100, abs=0.11)


def test_without_matplotlib_the_page_has_the_numbers(cases: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """No picture, no legend of one, and the tables."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    text = page(Report.of(cases["CASES"]["passed"], cases["CONTEXT"]))
    assert 'class="figure"' not in text
    assert "Confusion: production" in text
    assert "legend" not in text.partition("</style>")[2]


def test_the_largest_numbers_are_drawn_or_left_out(cases: dict[str, Any]) -> None:
    """A record may hold any number that figures may; the page is written all the same."""
    figures = MADE["regression"]
    far = tuple(6e148 * (number - 15) for number in range(31))
    deciles = tuple(
        one.model_copy(update={"predicted": -1e150, "high": 1e150, "low": -1e150}) for one in figures.candidate.deciles
    )
    wild = figures.model_copy(
        update={"edges": far, "candidate": figures.candidate.model_copy(update={"deciles": deciles})}
    )
    check(of_predictions(told(cases, figures=Figures.model_validate_json(wild.model_dump_json()))))


@pytest.mark.parametrize("edge", [float("nan"), float("inf"), 1e308])
def test_a_histogram_of_wild_edges_is_left_out(cases: dict[str, Any], edge: float) -> None:
    """A record may hold any number; a scale may not."""
    bars = tuple(Bar(low=low, high=high, before=0.5, after=0.5) for low, high in [(-1.0, 0.0), (0.0, edge)])
    shift = ColumnShift(column="age", psi=0.0, noise=0.0, debiased=0.0, shifted=True, bars=bars)
    assert not histogram(shift)
    wild = cases["VALID"].model_copy(update={"shifts": (shift,)})
    assert '<th scope="row">age' in page(Report.of({"churn": ModelRecords(validation=wild)}, cases["CONTEXT"]))


FLAG = np.repeat([0, 1], [17_777, 6_223])
DAYS = np.tile(np.arange(1, 8), 400)
PLACES = [f"{first}{second}{third}" for first in "ABCDEF" for second in "ABCDEF" for third in "ABC"] * 30
CUSTOMERS = [f"customer-{number:06d}" for number in range(1000)] * 10


def distribution(values: Any) -> tuple[list[str], str]:
    """Draw a column that did not move; return the labels of its axis and the picture."""
    frame = pl.DataFrame({"column": values}).lazy()
    (shift,) = measure(profile(frame), frame, Shift())
    svg = histogram(shift)
    return re.findall(r">([^<]+)</text>", svg), svg


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (FLAG, ["0", "1"]),
        (FLAG.astype(float), ["0", "1"]),
        (FLAG * 0.5, ["0", "0.5"]),
        (DAYS, ["1", "2", "3", "4", "5", "6", "7"]),
        (DAYS.astype(float), ["1", "2", "3", "4", "5", "6", "7"]),
        (np.tile([1, 1_000, 1_000_000], 50), ["1", "1000", "1000000"]),
        ([date(2024, month, 1) for month in (1, 2, 3)] * 50, ["2024-01-01", "2024-02-01", "2024-03-01"]),
        (PLACES, ["to BDA", "to DAA", "to ECC", "after ECC"]),
        (CUSTOMERS, ["to …250", "to …500", "to …749", "after …749"]),
    ],
    ids=["flag", "flag of floats", "halves", "days", "days of floats", "far apart", "dates", "places", "customers"],
)
def test_single_values_are_bars_with_labels_of_their_own(values: Any, labels: list[str]) -> None:
    """A density of a 0/1 column is two spikes, and of weekdays four: they are drawn as categories are."""
    assert distribution(values)[0] == labels


def test_most_rows_at_one_value_are_no_spike() -> None:
    """Where it hardly ever rains, the dry hours are a bar beside that of all others."""
    rain = np.concatenate([np.zeros(9_300), np.linspace(0.01, 1.2, 700)])
    assert distribution(rain)[0] == ["0", "to 1.2"]


def test_a_bin_without_rows_leaves_a_gap() -> None:
    """Between 10 and 90 there is nothing, so the axis shows the way from one to the other."""
    places, heights = _steps([(0.0, 5.0), (5.0, 10.0), (90.0, 100.0)], [0.2, 0.3, 0.5])
    assert (places, heights) == ([0.0, 5.0, 10.0, 90.0, 100.0], [0.04, 0.06, 0.0, 0.05])


def test_of_many_categories_the_rarer_ones_are_one_bar() -> None:
    """With the nulls beside them, and no two labels the same."""
    bars = [Bar(label=f"category {number}", before=0.05, after=0.04) for number in range(18)]
    drawn = fitting(
        [*bars, Bar(label="others to M", before=0.05, after=0.2), Bar(label="null", before=0.05, after=0.08)]
    )
    assert len(drawn) == MOST_BARS
    assert sum(bar.before for bar in drawn) == pytest.approx(1)
    assert tick_labels(drawn) == [f"…{number}" for number in range(10)] + ["others", "null"]
    assert len(set(tick_labels([Bar(label="same", before=1, after=1)] * 3))) == 3


def test_what_cannot_be_drawn_says_so(cases: dict[str, Any]) -> None:
    """A count that is no number for a picture takes that picture from the page, and no other; its place says why."""
    figures = MADE["binary"]
    wild = tuple(one.model_copy(update={"n": 10**400}) for one in figures.candidate.calibration)
    candidate = figures.candidate.model_copy(update={"calibration": wild})
    found = of_predictions(told(cases, figures=figures.model_copy(update={"candidate": candidate})))
    assert [picture.title for picture in found] == ["ROC", "Precision and recall", "Groups", "Scores"]
    assert ["<svg" in picture.svg for picture in found] == [True, True, False, True]
    assert found[2].svg == '<p class="note">could not be drawn (OverflowError: int too large to convert to float)</p>'


def test_numbers_that_matplotlib_refuses_say_so() -> None:
    """And what they are called is written as text."""

    def paint(_: Figure) -> None:
        raise ValueError("no <b>way</b>")

    assert draw("anything", paint) == ('<p class="note">could not be drawn (ValueError: no &lt;b&gt;way&lt;/b&gt;)</p>')


def test_figures_of_a_comparison_are_small(tmp_path: Path) -> None:
    """They fit many times into what a report reads."""
    files.keep_figures(tmp_path, "flight-delay", MADE["binary"])
    assert (tmp_path / "flight-delay" / f"{files.FIGURES}.json").stat().st_size * 20 < files.MAX_FIGURES_BYTES


def test_a_difference_lies_on_its_side_of_zero(cases: dict[str, Any]) -> None:
    """A regression lies left of the dotted line as a whole, an improvement right of it."""
    for result, side in ((cases["WORSE"][1], min), (cases["BETTER"][0], max)):
        picture = judged(result)
        zero = float(re.findall(r'd="M ([\d.]+) [^"]*"[^>]*dasharray', picture)[0])
        places = [float(place) for place in re.findall(r'<use [^>]*x="([\d.]+)"', picture)]
        assert len(places) == 3
        assert all(side(place, zero) == place for place in places)


@pytest.mark.parametrize(("test", "least", "most", "shaded"), [
    ("non_inferiority", -0.005, None, 1), ("equivalence", -0.005, 0.005, 2), ("superiority", 0.0, None, 1),
])  # fmt: skip
def test_what_a_rule_refuses_is_shaded(
    cases: dict[str, Any], test: str, least: float, most: float | None, shaded: int
) -> None:
    """Left of the least that is asked, and right of the most."""
    picture = judged(cases["BETTER"][0].model_copy(update={"test": test, "least": least, "most": most}))
    assert picture.count("fill: var(--fail)") == shaded
    assert f"asked for at least {least:g}{f' and at most {most:g}' if most else ''}" in picture


def test_a_difference_says_its_numbers(cases: dict[str, Any]) -> None:
    """To those who do not see it."""
    assert 'aria-label="interval [+0.0201, +0.0300], asked for at least -0.005"' in judged(cases["BETTER"][0])


@pytest.mark.parametrize("broken", ["no interval", "no number", "all zero"])
def test_no_difference_is_drawn_of_what_is_no_interval(cases: dict[str, Any], broken: str) -> None:
    """NaN ends, or no interval at all, give no drawing instead of a wrong one."""
    update = {
        "no interval": {"difference_interval": None},
        "no number": {"difference_interval": Interval(low=float("nan"), high=float("nan"))},
        "all zero": {"difference": 0.0, "difference_interval": Interval(low=0.0, high=0.0), "least": None},
    }[broken]
    assert not judged(cases["WORSE"][1].model_copy(update=update))
