"""Predictions of a model whose scores are odds of the truth, flattened, so that they need calibration."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from mlgate.config.policy import Policy
from mlgate.evaluation.monitoring.reading import Asked


def asked(*rules: dict[str, Any], task: str = "binary", min_rows: int = 30, level: float = 0.95) -> Asked:
    """Make what is asked of predictions with the columns id, score and y."""
    policy = Policy.model_validate(
        {
            "version": 1,
            "data": {"key": "id", "label": "y"},
            "evaluate": {"task": task, "min_rows": min_rows},
            "gate": {"rules": list(rules), "confidence_level": level},
        },
        strict=False,
    )
    return Asked(data=policy.data, evaluate=policy.evaluate, gate=policy.gate)


def rows(
    seed: int, n: int, *, easier: float = 0.0, scrambled: float = 0.0, labelled: float = 1.0, first: int = 0
) -> pl.DataFrame:
    """Draw binary predictions: `easier` moves the scores up, `scrambled` is the share of labels that are guesses."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(easier, 1.2, n)
    truth = rng.random(n) < 1 / (1 + np.exp(-odds))
    truth = np.where(rng.random(n) < scrambled, rng.random(n) < 0.5, truth)
    known = pl.Series(truth).cast(pl.Int8).set(pl.Series(rng.random(n) >= labelled), None)
    return pl.DataFrame({"id": np.arange(first, first + n), "score": 1 / (1 + np.exp(0.2 - 0.6 * odds)), "y": known})


def classes(seed: int, n: int, *, scrambled: float = 0.0) -> pl.DataFrame:
    """Draw predictions of three classes with their probabilities."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(size=(n, 3)) * 1.5
    shares = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    truth = (rng.random((n, 1)) > shares.cumsum(axis=1)).sum(axis=1).clip(0, 2)
    truth = np.where(rng.random(n) < scrambled, rng.integers(0, 3, n), truth)
    names = np.array(["a", "b", "c"])
    told = shares**0.7 / (shares**0.7).sum(axis=1, keepdims=True)
    probabilities = {f"probability:{name}": told[:, at] for at, name in enumerate(names)}
    return pl.DataFrame({"id": np.arange(n), "score": names[told.argmax(axis=1)], "y": names[truth], **probabilities})
