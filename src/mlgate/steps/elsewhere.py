"""Metrics of the user's own, measured in their Python."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mlgate.adapters import process
from mlgate.errors import ToolError
from mlgate.evaluation.beside import Drawn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.config.rule import Rule
    from mlgate.evaluation.paired import Floats, Paired

RESAMPLES = 1000
# at a million rows a resample takes the time of many thousand small ones
CELLS = 200_000_000
FEWEST = 200


@dataclass(frozen=True, kw_only=True)
class UsersPython:
    """The Python that has the user's libraries, resolved when it is first asked."""

    configured: str
    folder: Path
    environment: Mapping[str, str]
    key: str = "train.python"

    def __call__(self, rule: Rule, paired: Paired, seed: int) -> Drawn | str:
        """Measure a rule's metric on all rows and on resamples; a sentence where that fails.

        Raises ConfigError where there is no such Python.
        """
        python = process.find_python(self.configured, self.folder, self.environment, key=self.key)
        with tempfile.TemporaryDirectory(prefix="mlgate-") as scratch:
            rows = Path(scratch, "rows.npz")
            np.savez(rows, **_arrays(paired))
            question = {
                "rows": str(rows),
                "metric": rule.metric,
                "threshold": paired.threshold if paired.label.dtype == np.bool_ else None,
                "classes": list(paired.classes),
                "seed": seed % 2**63,
                "resamples": min(RESAMPLES, max(FEWEST, CELLS // max(paired.n, 1))),
            }
            try:
                answer = process.call_worker(python, "measure.py", question, self.folder, self.environment)
            except ToolError as error:  # a function that ends the process is one that fails
                return " ".join(error.message.split())[:300]
        if "problem" in answer:
            return str(answer["problem"])[:300]
        ours, theirs = answer["candidate"], answer.get("production")
        return Drawn(
            candidate=_number(ours["value"]),
            production=_number(theirs["value"]) if theirs else None,
            candidate_draws=_numbers(ours["draws"]),
            production_draws=_numbers(theirs["draws"]) if theirs else None,
        )


def _arrays(paired: Paired) -> dict[str, Any]:
    found = {
        "label": paired.label,
        "candidate": paired.candidate,
        "production": paired.production,
        "candidate_probabilities": paired.candidate_probabilities,
        "production_probabilities": paired.production_probabilities,
        "weight": paired.weight,
        "unit": paired.unit,
    }
    return {name: array for name, array in found.items() if array is not None}


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _numbers(values: list[float | None]) -> Floats:
    return np.array([_number(value) for value in values])
