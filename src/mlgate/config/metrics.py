"""The names of the metrics: for which task each is, and which keys of a rule it takes."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, WithJsonSchema

Task = Literal["binary", "multiclass", "regression", "ranking"]
CUSTOM = r"(scorer:[A-Za-z_][A-Za-z0-9_]*|function:[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*)"
ANY_TASK = frozenset({"binary", "multiclass", "regression", "ranking"})
CLASSES = frozenset({"binary", "multiclass"})
BINARY = frozenset({"binary"})
MULTICLASS = frozenset({"multiclass"})
REGRESSION = frozenset({"regression"})
RANKING = frozenset({"ranking"})


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a rule may say of a metric: its tasks, the keys it takes, and what kind of thing is measured.

    `of` is the models' rows one by one (`rows`), both models at once (`pair`), or what it costs to make and run
    them (`cost`).
    """

    tasks: frozenset[str]
    keys: tuple[str, ...] = ()
    of: Literal["rows", "pair", "cost", "custom"] = "rows"


AT_MOST_ONE = frozenset(
    ("accuracy", "balanced_accuracy", "precision", "recall", "specificity", "f1", "f_beta", "matthews_corrcoef",
     "cohen_kappa", "roc_auc", "average_precision", "expected_calibration_error", "top_k_accuracy", "r2", "ndcg", "mrr",
     "negative_flip_rate", "disagreement")
)  # fmt: skip


KNOWN: dict[str, Known] = {
    "accuracy": Known(tasks=CLASSES, keys=("threshold",)),
    "balanced_accuracy": Known(tasks=CLASSES, keys=("threshold",)),
    "precision": Known(tasks=CLASSES, keys=("threshold", "average")),
    "recall": Known(tasks=CLASSES, keys=("threshold", "average")),
    "specificity": Known(tasks=BINARY, keys=("threshold",)),
    "f1": Known(tasks=CLASSES, keys=("threshold", "average")),
    "f_beta": Known(tasks=CLASSES, keys=("threshold", "average", "beta")),
    "matthews_corrcoef": Known(tasks=CLASSES, keys=("threshold",)),
    "cohen_kappa": Known(tasks=CLASSES, keys=("threshold",)),
    "roc_auc": Known(tasks=CLASSES, keys=("average",)),
    "average_precision": Known(tasks=CLASSES, keys=("average",)),
    "log_loss": Known(tasks=CLASSES),
    "brier": Known(tasks=CLASSES),
    "expected_calibration_error": Known(tasks=CLASSES, keys=("bins",)),
    "top_k_accuracy": Known(tasks=MULTICLASS, keys=("k",)),
    "rmse": Known(tasks=REGRESSION),
    "mae": Known(tasks=REGRESSION),
    "mape": Known(tasks=REGRESSION),
    "median_absolute_error": Known(tasks=REGRESSION),
    "pinball_loss": Known(tasks=REGRESSION, keys=("quantile",)),
    "r2": Known(tasks=REGRESSION),
    "ndcg": Known(tasks=RANKING, keys=("k",)),
    "mrr": Known(tasks=RANKING),
    "negative_flip_rate": Known(tasks=CLASSES, keys=("threshold",), of="pair"),
    "disagreement": Known(tasks=CLASSES, keys=("threshold",), of="pair"),
    "latency_p50": Known(tasks=ANY_TASK, of="cost"),
    "latency_p95": Known(tasks=ANY_TASK, of="cost"),
    "model_size": Known(tasks=ANY_TASK, of="cost"),
    "training_time": Known(tasks=ANY_TASK, of="cost"),
}
CUSTOM_KNOWN = Known(tasks=ANY_TASK, keys=("direction", "threshold"), of="custom")
NEEDED = {"f_beta": "beta", "top_k_accuracy": "k", "pinball_loss": "quantile"}


def known(metric: str) -> Known:
    """Return what may be said of a metric that `known_metric` let through."""
    return KNOWN.get(metric, CUSTOM_KNOWN)


def known_metric(name: str) -> str:
    """Return the name; raises ValueError, with the nearest name, where it is none."""
    if name in KNOWN or re.fullmatch(CUSTOM, name):
        return name
    if name.startswith(("scorer:", "function:")):
        raise ValueError("a metric of your own is scorer:NAME (of scikit-learn) or function:MODULE:FUNCTION")
    near = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.5)
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    raise ValueError(f"there is no such metric{meant}; there are {', '.join(KNOWN)}, scorer:NAME, function:MOD:FUNC")


MetricName = Annotated[
    str,
    AfterValidator(known_metric),
    WithJsonSchema({"type": "string", "anyOf": [{"enum": list(KNOWN)}, {"pattern": f"^{CUSTOM}$"}]}),
]
