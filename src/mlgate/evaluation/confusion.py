"""Metrics of a confusion matrix, of any number of classes, as contributions of its rows.

Each is a smooth function of how often which class is true and predicted, so that what a row contributes is the
function's derivative in the row's cell (delta method). Models that differ on few rows would get an interval of hardly
any width: for the error, and not for the value, made-up rows that either model gets right or wrong are added, four in
all and as many of each class (for two classes those of Bonett and Price 2012, J. Educ. Behav. Stat. 37:479-488).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation import linear
from mlgate.evaluation.estimate import Estimate
from mlgate.evaluation.linear import Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.estimate import Difference
    from mlgate.evaluation.paired import Codes, Floats, Scores

    Formula = Callable[..., Terms]

METHOD = "delta method on the confusion matrix"
TWO = ("0", "1")
NEGATIVE, POSITIVE = TWO


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """True class, predicted class and weight of each row, (n,), and the names of the K classes."""

    true: Codes
    predicted: Codes
    weight: Floats
    classes: tuple[str, ...]

    @property
    def count(self) -> int:
        """K, how many classes there are."""
        return len(self.classes)

    def sums(self, of: Codes, *, right: bool = False) -> Floats:
        """Add up the weights by class (K,), of all rows or of those predicted right."""
        weight = self.weight * (self.true == self.predicted) if right else self.weight
        return linear.sums(of, weight, self.count)


def accuracy(table: Table) -> Terms:
    """Share of rows predicted right."""
    total = float(table.weight.sum())
    right = table.true == table.predicted
    value = float(np.dot(table.weight, right)) / total
    return Terms(value=value, rows=table.weight * (right - value) / total)


def f_beta(table: Table, *, beta: float = 1.0, average: str = "macro") -> Terms:
    """Weighted harmonic mean of precision and recall (van Rijsbergen 1979), of one class or averaged over classes."""
    return _of_classes(table, average, actual=beta**2, predicted=1.0)


def precision(table: Table, *, average: str = "macro") -> Terms:
    """Share of the rows predicted to be of a class that are."""
    return _of_classes(table, average, actual=0.0, predicted=1.0)


def recall(table: Table, *, average: str = "macro") -> Terms:
    """Share of the rows of a class that are predicted to be."""
    return _of_classes(table, average, actual=1.0, predicted=0.0)


def specificity(table: Table) -> Terms:
    """Of two classes, the share of the negatives that are predicted negative."""
    return _of_classes(table, NEGATIVE, actual=1.0, predicted=0.0)


def balanced_accuracy(table: Table) -> Terms:
    """Mean over the classes that occur of their recall."""
    return _of_classes(table, "true", actual=1.0, predicted=0.0)


def matthews_corrcoef(table: Table) -> Terms:
    """Correlation of truth and prediction (Gorodkin 2004, Comput. Biol. Chem. 28:367-374); 0 if either is constant."""
    margins = _Margins.of(table)
    spread = math.sqrt(max(margins.true_spread * margins.predicted_spread, 0.0))
    if not spread > 0:
        return Terms(value=0.0, rows=np.zeros(len(table.true)))
    value = margins.gain / spread
    shrink = margins.true_rows / margins.true_spread + margins.predicted_rows / margins.predicted_spread
    return Terms(value=value, rows=table.weight * (margins.gain_rows / spread - value / 2 * shrink))


def cohen_kappa(table: Table) -> Terms:
    """Agreement of truth and prediction beyond what their shares give (Cohen 1960); NaN where they give it all."""
    margins = _Margins.of(table)
    most = margins.total * margins.total - margins.chance
    if not most > 0:
        return Terms(value=math.nan, rows=np.zeros(len(table.true)))
    value = margins.gain / most
    most_rows = 2 * margins.total - margins.chance_rows
    return Terms(value=value, rows=table.weight * (margins.gain_rows - value * most_rows) / most)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Margins:
    """What Matthews' correlation and kappa are made of, and its derivative in each row's weight, `..._rows` (n,)."""

    total: float
    chance: float
    chance_rows: Floats
    gain: float
    gain_rows: Floats
    true_spread: float
    true_rows: Floats
    predicted_spread: float
    predicted_rows: Floats

    @classmethod
    def of(cls, table: Table) -> _Margins:
        true, predicted = table.sums(table.true), table.sums(table.predicted)
        right = table.true == table.predicted
        total, hits = float(table.weight.sum()), float(np.dot(table.weight, right))
        chance = float(np.dot(true, predicted))
        chance_rows = true[table.predicted] + predicted[table.true]
        return cls(
            total=total,
            chance=chance,
            chance_rows=chance_rows,
            gain=hits * total - chance,
            gain_rows=right * total + hits - chance_rows,
            true_spread=total * total - float(np.dot(true, true)),
            true_rows=2 * (total - true[table.true]),
            predicted_spread=total * total - float(np.dot(predicted, predicted)),
            predicted_rows=2 * (total - predicted[table.predicted]),
        )


def _of_classes(table: Table, average: str, *, actual: float, predicted: float) -> Terms:
    """Return hits over (actual x true + predicted x predicted), over both factors' sum, averaged over classes.

    `average` is macro (over the classes that occur or are predicted), weighted (by how often they occur), micro (over
    all rows), `true` (over the classes that occur), or the name of one class. What is 0/0 counts as 0 in a mean, as in
    scikit-learn, and is NaN as the only class.
    """
    if average == "micro":
        return accuracy(table)
    true, guessed, hits = table.sums(table.true), table.sums(table.predicted), table.sums(table.true, right=True)
    bottom = (actual * true + predicted * guessed) / (actual + predicted)
    share = np.divide(hits, bottom, out=np.zeros(table.count), where=bottom > 0)
    over = np.divide(1.0, bottom, out=np.zeros(table.count), where=bottom > 0)
    weight = _class_weights(table, average, true, guessed)
    value = float(np.dot(weight, share))
    if average not in {"macro", "weighted", "true"} and not bottom[table.classes.index(average)] > 0:
        value = math.nan
    right = table.true == table.predicted
    part, both = weight * over, actual + predicted
    rows = part[table.true] * (right - actual / both * share[table.true])
    rows -= part[table.predicted] * predicted / both * share[table.predicted]
    if average == "weighted":
        rows += (share[table.true] - value) / float(table.weight.sum())
    return Terms(value=value, rows=table.weight * rows)


def _class_weights(table: Table, average: str, true: Floats, guessed: Floats) -> Floats:
    if average == "weighted":
        shares: Floats = true / float(true.sum())
        return shares
    if average in {"macro", "true"}:
        there = (true > 0) if average == "true" else (true > 0) | (guessed > 0)
        even: Floats = there / max(int(np.count_nonzero(there)), 1)
        return even
    chosen = np.zeros(table.count)
    chosen[table.classes.index(average)] = 1.0
    return chosen


def estimate(scores: Scores, level: float, *, formula: Formula, **keys: object) -> Estimate:
    """Measure one model."""
    terms, unit = padded(scores, formula=formula, **keys)
    reach = linear.spread(terms.rows, unit, units=real_units(scores)).reach(level)
    return Estimate(value=terms.value, low=terms.value - reach, high=terms.value + reach)


def compare(ours: Scores, theirs: Scores, level: float, *, formula: Formula, **keys: object) -> Difference:
    """Compare two models, the error with made-up rows that exactly one of them gets right."""
    keys = _averaged(ours, keys)
    value = formula(_table(ours), **keys).value - formula(_table(theirs), **keys).value
    extra = _made_up(ours)
    wrong = np.roll(extra, -1)
    mine = formula(_table(ours, [extra, wrong]), **keys)
    other = formula(_table(theirs, [wrong, extra]), **keys)
    rows = mine.rows - other.rows
    return linear.difference(value, rows, _units(ours), level, method=METHOD, units=real_units(ours))


def padded(scores: Scores, *, formula: Formula, **keys: object) -> tuple[Terms, Codes | None]:
    """Return the value, what each row and each made-up one (right or wrong) contributes to its error, and the units."""
    keys = _averaged(scores, keys)
    extra = _made_up(scores)
    rows = formula(_table(scores, [extra, np.roll(extra, -1)]), **keys).rows
    return Terms(value=formula(_table(scores), **keys).value, rows=rows), _units(scores)


def _averaged(scores: Scores, keys: dict[str, object]) -> dict[str, object]:
    """Look at the positives where there are two classes, and at the mean over classes where nothing else is said."""
    if "average" not in keys:
        return keys
    return {**keys, "average": (keys["average"] or "macro") if scores.classes else POSITIVE}


def _made_up(scores: Scores) -> Codes:
    return np.arange(scores.class_count, dtype=np.intp)


def _table(scores: Scores, guesses: list[Codes] | None = None) -> Table:
    """Lay the rows down as a table, with `guesses` about a made-up row of each class, twice."""
    true, predicted, weight = scores.label_class, scores.predicted_class, scores.weights
    if guesses is not None:
        extra = _made_up(scores)
        each = 2 / len(extra) * float(weight.mean())
        true = np.concatenate([true, extra, extra])
        predicted = np.concatenate([predicted, *guesses])
        weight = np.concatenate([weight, np.full(2 * len(extra), each)])
    return Table(true=true, predicted=predicted, weight=weight, classes=scores.classes or TWO)


def real_units(scores: Scores) -> int:
    """Count what was sampled, without what was made up."""
    return scores.n if scores.unit is None else len(np.unique(scores.unit))


def _units(scores: Scores) -> Codes | None:
    """Give the units numbers, each made-up row one of its own."""
    if scores.unit is None:
        return None
    more = np.arange(1, 2 * scores.class_count + 1, dtype=np.intp)
    return np.concatenate([scores.unit, scores.unit.max() + more])
