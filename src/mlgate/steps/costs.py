"""What candidate and production cost: measured side by side on this machine, or read from their records."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np

from mlgate.adapters import files, process
from mlgate.errors import ToolError
from mlgate.evaluation.beside import Costs
from mlgate.records import TrainingRecord
from mlgate.steps.held_out import readable_file
from mlgate.steps.kept import TRAINING, read_kept
from mlgate.steps.score import require_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.config.gate import Gate
    from mlgate.steps.score import ToScore
    from mlgate.steps.workspace import Workspace

ROWS, WARMUP = 300, 30
LATENCIES = frozenset({"latency_p50", "latency_p95"})


def measure_costs(
    workspace: Workspace, name: str, targets: dict[str, ToScore], *, also: Gate | None = None
) -> dict[str, Costs]:
    """Measure what the rules of the gate, and of one more, ask about, by role; nothing is run that no rule asks for."""
    from mlgate.adapters.registry import versions

    gates = [workspace.model(name).gate, *([also] if also else [])]
    asked = {rule.metric for gate in gates for rule in gate.every_rule}
    if not asked & {*LATENCIES, "model_size", "training_time"}:
        return {}
    sizes: dict[str, int] = {}
    seconds: dict[str, list[float]] = {}
    if asked & {*LATENCIES, "model_size"}:
        with ExitStack() as stack, workspace.doing(f"{name}: measuring what {' and '.join(targets)} cost"):
            folders = {}
            for role, target in targets.items():
                downloaded = versions.version_files(workspace.registry, target.name, target.version)
                folders[role], manifest = stack.enter_context(downloaded)
                require_bytes(target, files.manifest_digest(manifest))
                sizes[role] = sum(size for size, _ in manifest.values())
            if asked & LATENCIES:
                seconds = _time(workspace, name, folders)
    return {
        role: Costs(
            latencies=np.array(seconds[role]) if role in seconds else None,
            bytes=sizes.get(role),
            seconds=_training_seconds(workspace, target) if "training_time" in asked else None,
        )
        for role, target in targets.items()
    }


def _time(workspace: Workspace, name: str, folders: dict[str, Path]) -> dict[str, list[float]]:
    model = workspace.model(name)
    python = process.find_python(model.train.python, workspace.folder, workspace.runner.environment)
    question: dict[str, Any] = {
        "jobs": {role: {"model": str(folder)} for role, folder in folders.items()},
        "not_features": model.data.about_rows,
        "task": model.evaluate.task,
        "predict": model.evaluate.predict,
        "rows": ROWS,
        "warmup": WARMUP,
    }
    with readable_file(workspace.data_file(name, "held_out")) as data:
        question["data"] = str(data)
        answer = process.call_worker(python, "latency.py", question, workspace.folder, workspace.runner.environment)
    if "problem" in answer:
        raise ToolError(
            f"the latency of {' and '.join(folders)} could not be measured: {str(answer['problem'])[:300]}",
            hint="the models were asked about one row at a time; see that they can answer that",
        )
    found: dict[str, list[float]] = answer["seconds"]
    return found


def _training_seconds(workspace: Workspace, target: ToScore) -> float | None:
    of = f"version {target.version} of {target.name}"
    record = read_kept(workspace.registry, target.run_id, TRAINING, TrainingRecord, of=of, warn=workspace.warn)
    return record.seconds if record else None
