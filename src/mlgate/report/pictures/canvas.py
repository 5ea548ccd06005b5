"""What all pictures have in common: matplotlib draws, and the page colours, names and embeds what it drew."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mlgate.escape import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

# colours that nothing else has, to be replaced by those of the page, light or dark
BEFORE, AFTER, INK, LINE = "#010203", "#040506", "#070809", "#0a0b0c"
PASS, FAIL, INCONCLUSIVE, ERROR = "#0d0e0f", "#101112", "#131415", "#161718"
THEMED = {
    BEFORE: "var(--before)",
    AFTER: "var(--after)",
    INK: "var(--soft)",
    LINE: "var(--line)",
    PASS: "var(--pass)",
    FAIL: "var(--fail)",
    INCONCLUSIVE: "var(--inconclusive)",
    ERROR: "var(--error)",
}
CANDIDATE, PRODUCTION = AFTER, BEFORE
STYLE: dict[Any, Any] = {
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "axes.labelpad": 2,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8,
    "path.simplify": False,
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "mlgate",
    "text.parse_math": False,  # names come from records, and a $ is a $
    **{
        f"{axis}tick.{key}": value
        for axis in "xy"
        for key, value in (
            ("color", LINE),
            ("labelcolor", INK),
            ("major.pad", 2),
            ("major.size", 2),
            ("major.width", 0.6),
        )
    },
}
LABEL = 300  # letters
SIZE = 3.2, 2.5  # inches
QUIET = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture with its title, and what a reader must know to read it."""

    title: str
    svg: Markup
    note: str = ""


def draw(
    label: str, paint: Callable[[Figure], None], *, size: tuple[float, float] = SIZE, kind: str = "figure"
) -> Markup:
    """Let `paint` draw on a figure of `size` inches; return it as SVG, `label` saying what is seen.

    Nothing comes back where matplotlib is missing; where it cannot draw the numbers of a record, a line that says so.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError:
        return Markup()
    written = io.StringIO()
    with rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters that its own font does not have: the page's are used
        figure = Figure(figsize=size)
        try:
            paint(figure)
            figure.savefig(written, format="svg", transparent=True, metadata=QUIET)
        except Exception as error:  # noqa: BLE001 (a report without a picture is still a report)
            return undrawn(error)
    return _inline(written.getvalue(), label, kind)


def undrawn(error: Exception) -> Markup:
    """Say in a picture's place why there is none."""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Markup('<p class="note">could not be drawn ({})</p>').format(visible(said, LABEL))


def _inline(drawn: str, label: str, kind: str) -> Markup:
    """Strip what only a file of its own needs, name the picture for those who do not see it, use the page's colours."""
    body = drawn[drawn.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<defs>\s*</defs>", "", body, flags=re.DOTALL)
    used = set(re.findall(r"#([\w-]+)[\")]", body))
    body = re.sub(r' id="([\w.-]+)"', lambda found: found[0] if found[1] in used else "", body)
    body = re.sub(r' d="[^"]*"', lambda found: re.sub(r"(\.\d\d)\d+", r"\1", " " + " ".join(found[0].split())), body)
    body = re.sub(r"(?<=>)\s+(?=<)", "", body)
    for sentinel, themed in THEMED.items():
        body = body.replace(sentinel, themed)
    opened = Markup('<svg class="{}" role="img" aria-label="{}" viewBox').format(kind, visible(label, LABEL))
    return Markup(re.sub(r"<svg .*?viewBox", lambda _: str(opened), body, count=1, flags=re.DOTALL))  # noqa: S704 (drawn by matplotlib, which escapes texts)
