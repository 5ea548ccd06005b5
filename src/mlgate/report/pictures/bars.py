"""Distributions of both models over the same bins: scores by class, errors, and a ranking's value by query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.pictures.canvas import CANDIDATE, INK, PRODUCTION, Picture, draw
from mlgate.report.pictures.words import both, quartiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.figure import Figure

    from mlgate.records import Figures

TITLES = {"score": "Scores", "error": "Errors"}
OUTER = "what lies beyond is counted in the outer bins"


def bars(figures: Figures) -> Iterator[Picture]:
    """Draw the distributions that there are."""
    ours, theirs = figures.candidate.bars, figures.production.bars if figures.production else ()
    if len(ours) == 2:
        yield _by_class(figures, ours, theirs)
    elif len(ours) == 1:
        yield _over_each_other(figures, ours[0], theirs[0] if theirs else ())


def _by_class(figures: Figures, ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]]) -> Picture:
    middles = both(*(_medians(figures.edges, one) for one in (ours, theirs)))
    drawn = [(one, colour, who) for one, colour, who in _named(ours, theirs) if len(one) == 2]

    def paint(figure: Figure) -> None:
        rows = figure.subplots(len(drawn), sharex=True, squeeze=False)[:, 0]
        for axes, ((negatives, positives), colour, who) in zip(rows, drawn, strict=True):
            axes.stairs(positives, figures.edges, fill=True, color=colour, alpha=0.45)
            axes.stairs(negatives, figures.edges, color=INK, linewidth=1.1)
            if figures.threshold is not None and figures.edges[0] <= figures.threshold <= figures.edges[-1]:
                axes.axvline(figures.threshold, color=INK, linewidth=0.9, linestyle=":")
            axes.set_ylabel(who)
            axes.set_yticks([])
            axes.margins(x=0)
        rows[-1].set_xlabel("score")
        figure.subplots_adjust(left=0.08, right=0.97, top=0.98, bottom=0.15, hspace=0.12)

    threshold = "" if figures.threshold is None else f"; dots: the threshold of {figures.threshold:g}"
    return Picture(
        title="Scores",
        svg=draw(f"Scores, medians: {middles}", paint),
        note=f"filled: positives; line: negatives{threshold}",
    )


def _over_each_other(figures: Figures, ours: Sequence[float], theirs: Sequence[float]) -> Picture:
    spreads = both(*(_middle(figures.edges, one) for one in (ours, theirs)))
    errors = figures.counted == "error"
    title = TITLES.get(figures.counted, f"{figures.counted} by query")

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        if errors:
            axes.set(xlabel="prediction less label", ylabel="share of the rows")
            axes.axvline(0, color=INK, linewidth=0.9, linestyle=":")
        else:
            axes.set(xlabel=figures.counted, ylabel="share of the queries")
        if theirs:
            axes.stairs(theirs, figures.edges, color=PRODUCTION, linewidth=1.4, linestyle="--")
        axes.stairs(ours, figures.edges, fill=True, color=CANDIDATE, alpha=0.25)
        axes.stairs(ours, figures.edges, color=CANDIDATE, linewidth=1.4)
        axes.margins(x=0)
        axes.set_ylim(bottom=0)
        axes.locator_params(nbins=4)
        figure.subplots_adjust(left=0.17, right=0.95, top=0.98, bottom=0.15)

    return Picture(
        title=title, svg=draw(f"{title}, median and middle half: {spreads}", paint), note=OUTER if errors else ""
    )


def _named(
    ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]]
) -> tuple[tuple[Sequence[Sequence[float]], str, str], ...]:
    return (ours, CANDIDATE, "candidate"), (theirs, PRODUCTION, "production")


def _medians(edges: Sequence[float], of: Sequence[Sequence[float]]) -> str | None:
    if len(of) != 2:
        return None
    negatives, positives = (quartiles(edges, one)[1] for one in of)
    return f"{positives:.3g} of positives and {negatives:.3g} of negatives"


def _middle(edges: Sequence[float], of: Sequence[float]) -> str | None:
    if not of:
        return None
    low, middle, high = quartiles(edges, of)
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"
