"""What makes two trainings the same: digests of the configuration that changes a model or its judgement."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlgate.config.model import Model
    from mlgate.config.section import Section


def config_digest(model: Model) -> str:
    """Return the sha256 over data, train and evaluate: what the candidate and its predictions depend on."""
    return _digest({name: _plain(getattr(model, name)) for name in ("data", "train", "evaluate")})


def gate_digest(model: Model) -> str:
    """Return the sha256 over the gate: what the verdict depends on besides the predictions."""
    return _digest(_plain(model.gate))


def policy_digest(model: Model) -> str:
    """Return the sha256 over all that decides what is compared and how it is judged; the training is not in it."""
    data = model.data.model_dump(mode="json", by_alias=True, exclude={"train", "examples"})
    gate = model.gate.model_dump(mode="json", by_alias=True, exclude={"when", "hints", "show_rows"})
    return _digest({"data": data, "evaluate": _plain(model.evaluate), "gate": gate})


def scoring_digest(model: Model) -> str:
    """Return the sha256 over what predictions depend on besides the model's and the held-out file's bytes."""
    data = {"key": model.data.key, "not_features": model.data.about_rows}
    return _digest({**data, "task": model.evaluate.task, "predict": model.evaluate.predict})


def _plain(section: Section) -> object:
    return section.model_dump(mode="json", by_alias=True)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
