"""Numbers as figures keep them: as fine as a picture can show, and none that it cannot."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, SupportsFloat

import numpy as np

from mlgate.records.figures import LARGEST

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Floats


def number(value: SupportsFloat, digits: int = 6) -> float:
    """Round to significant digits."""
    return float(f"{float(value):.{digits}g}")


def drawable(*values: Floats) -> bool:
    """Whether there are numbers, and all of them can be drawn."""
    return all(len(one) > 0 and isfinite(most) and most < LARGEST for one in values for most in [_largest(one)])


def _largest(values: Floats) -> float:
    return float(np.abs(values).max()) if len(values) else 0.0
