"""Rankings: how good the order of the answers to each query is, averaged over the queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.linear import Terms, sums

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Codes, Floats, Scores

METHOD = "paired t interval over the queries"


def ndcg(scores: Scores, *, k: int | None = None) -> Terms:
    """Return the mean over queries of the normalised discounted gain of the k first (Jarvelin and Kekalainen 2002).

    The gain is the label, the discount log2(1 + place); rows of one score share the mean gain of their places, and a
    query without any gain counts 0, both as in scikit-learn (McSherry and Najork 2008, ECIR 30).
    """
    return _mean(ndcg_by_query(scores, k=k), scores)


def ndcg_by_query(scores: Scores, *, k: int | None = None) -> Floats:
    """Return each query's normalised discounted gain, (Q,)."""
    query, label = _queries(scores), np.asarray(scores.label, dtype=np.float64)
    found = _gain(query, scores.score, label, k)
    best = _gain(query, label, label, k)
    return np.divide(found, best, out=np.zeros(len(best)), where=best > 0)


def mrr(scores: Scores) -> Terms:
    """Return the mean over queries of 1 over the place of the first relevant row, 0 where none is (label above 0).

    Rows of one score stand at the mean of their places.
    """
    return _mean(mrr_by_query(scores), scores)


def mrr_by_query(scores: Scores) -> Floats:
    """Return 1 over the place of each query's first relevant row, (Q,)."""
    query = _queries(scores)
    order = np.lexsort((-scores.score, query))
    place, tie = _places(query[order], scores.score[order])
    middle = np.bincount(tie, weights=place) / np.bincount(tie)
    relevant = np.asarray(scores.label, dtype=np.float64)[order] > 0
    reciprocal = np.zeros(int(query.max()) + 1)
    np.maximum.at(reciprocal, query[order][relevant], 1 / middle[tie][relevant])
    return reciprocal


def _queries(scores: Scores) -> Codes:
    """Give the rows' queries numbers from 0 without gaps, (n,)."""
    if scores.query is None:
        raise ValueError("a ranking needs queries")
    return np.unique(scores.query, return_inverse=True)[1].reshape(-1)


def _gain(query: Codes, score: Floats, label: Floats, k: int | None) -> Floats:
    """Return the discounted gain of each query (Q,), its rows ordered by score."""
    order = np.lexsort((-score, query))
    place, tie = _places(query[order], score[order])
    discount = 1 / np.log2(1 + place)
    if k is not None:
        discount[place > k] = 0
    shared = np.bincount(tie, weights=label[order]) / np.bincount(tie)
    return sums(query[order], shared[tie] * discount)


def _places(query: Codes, score: Floats) -> tuple[Floats, Codes]:
    """Return the place of ordered rows within their query, from 1, (n,), and a number for each run of ties, (n,)."""
    starts = np.concatenate([[True], query[1:] != query[:-1]])
    first = np.flatnonzero(starts)
    place = np.arange(len(query)) - first[np.cumsum(starts) - 1] + 1.0
    changes = starts.copy()
    changes[1:] |= score[1:] != score[:-1]
    return place, np.cumsum(changes) - 1


def _mean(values: Floats, scores: Scores) -> Terms:
    """Return the mean over queries (Q,), each query's contribution laid on its first row."""
    rows = np.zeros(scores.n)
    first = np.unique(_queries(scores), return_index=True)[1]
    rows[first] = (values - values.mean()) / len(values)
    return Terms(value=float(values.mean()), rows=rows)
