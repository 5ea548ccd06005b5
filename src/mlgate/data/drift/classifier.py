"""A domain classifier: whether a small model can tell two sets of rows apart, and by which columns.

It sees what no column shows alone, such as two columns that no longer go together (Lopez-Paz and Oquab 2017,
Revisiting classifier two-sample tests).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from mlgate.data.profile.kinds import read_values
from mlgate.data.profile.profile import ORDERED
from mlgate.data.profile.shapes import shapes_of
from mlgate.errors import ConfigError, install
from mlgate.records import DomainClassifier, GiveAway

if TYPE_CHECKING:
    from mlgate.data.profile.profile import ColumnProfile

ROWS = 10_000  # of each set, at most
FOLDS = 3
JUDGED = 2_000  # rows of each fold that tell which columns give the sets away
FEWEST = 50  # rows of each set
SHOWN = 5
LEVEL = 0.95
LARGEST = 1e30  # of a number that trees are grown on; scikit-learn refuses infinities


def tell_apart(reference: pl.DataFrame, current: pl.DataFrame, *, seed: int = 0) -> DomainClassifier | None:
    """Fit gradient-boosted trees to tell the rows of two samples apart, cross-validated; None where there are too few.

    Only columns that both have, of one kind, take part. Raises ConfigError where scikit-learn is not installed.
    """
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.inspection import permutation_importance
        from sklearn.model_selection import StratifiedKFold
    except ImportError as error:
        raise ConfigError(
            "the domain classifier needs scikit-learn, which is not installed here", hint=install("drift")
        ) from error
    from mlgate.evaluation.curves import roc_auc
    from mlgate.evaluation.paired import Scores

    sides = [_drawn(side, seed) for side in (reference, current)]
    shapes = _common(*sides)
    if min(side.height for side in sides) < FEWEST or not shapes:
        return None
    features = np.vstack([_features(side, shapes) for side in sides])
    is_current = np.repeat([False, True], [side.height for side in sides])
    score = np.empty(len(is_current))
    drops = []
    for fitted, judged in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(features, is_current):
        model = HistGradientBoostingClassifier(max_iter=50, max_leaf_nodes=15, early_stopping=False, random_state=seed)
        model.fit(features[fitted], is_current[fitted])
        score[judged] = model.predict_proba(features[judged])[:, 1]
        asked = judged[:: -(-len(judged) // JUDGED)]
        drops.append(
            permutation_importance(
                model, features[asked], is_current[asked], scoring="roc_auc", n_repeats=1, random_state=seed
            ).importances_mean
        )
    area = roc_auc(Scores(label=is_current, score=score), LEVEL)
    found = sorted(zip(np.mean(drops, axis=0), shapes, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return DomainClassifier(
        auc=area.value,
        low=area.low,
        high=area.high,
        confidence_level=LEVEL,
        rows=len(is_current),
        columns=len(shapes),
        gives_away=tuple(GiveAway(column=name, drop=float(drop)) for drop, name in found[:SHOWN] if drop > 0.01),
    )


def _drawn(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    return rows.sample(ROWS, seed=seed) if rows.height > ROWS else rows


def _common(reference: pl.DataFrame, current: pl.DataFrame) -> dict[str, ColumnProfile]:
    theirs = shapes_of(current)
    return {
        name: shape
        for name, shape in shapes_of(reference).items()
        if shape.kind != "other" and name in theirs and (shape.kind == theirs[name].kind or shape.kind == "text")
    }


def _features(rows: pl.DataFrame, shapes: dict[str, ColumnProfile]) -> np.ndarray:
    """Make numbers (n, columns) of the values: categories by their rank in the reference, nulls as NaN."""
    return rows.select(_feature(name, rows.schema[name], shape) for name, shape in shapes.items()).to_numpy()


def _feature(name: str, dtype: pl.DataType, shape: ColumnProfile) -> pl.Expr:
    value = read_values(name, dtype, shape.kind)
    if shape.kind in ORDERED:
        number = value.cast(pl.Float64)
        return pl.when(number.is_finite()).then(number.clip(-LARGEST, LARGEST)).alias(name)
    ranks = {category: float(rank) for rank, category in enumerate(shape.categories)}
    others = pl.when(value.is_not_null()).then(float(len(ranks)))
    return value.replace_strict(ranks, default=others, return_dtype=pl.Float64).alias(name)
