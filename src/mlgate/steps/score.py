"""Predictions of candidate and production on the held-out rows, each made once and kept with its version."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from mlgate.adapters import files, process
from mlgate.data.files.trouble import TROUBLE, first_line
from mlgate.errors import RegistryError, StaleError
from mlgate.steps.held_out import readable_file
from mlgate.training.identity import scoring_digest

if TYPE_CHECKING:
    from mlgate.records import DataFile, Version
    from mlgate.steps.workspace import Workspace


IMPORTANCE = "importance.json"


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One model's predictions (columns: the key, `score`) with the sha256 of their file, or why there are none."""

    frame: pl.DataFrame | None
    digest: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class ToScore:
    """A version to score, and the run that keeps its predictions."""

    name: str
    version: str
    run_id: str
    manifest: str = ""  # digest of the files that it must have, where that is known
    predictions: str = ""  # digest of the kept ones, where it is known and only those count
    anew: bool = False  # whether its predictions are made again, whatever was kept


def score(
    workspace: Workspace, name: str, held_out: DataFile, targets: dict[str, ToScore], *, kept_only: bool = False
) -> dict[str, Scored]:
    """Return the predictions by role; those kept from an earlier comparison are read instead of made again.

    With `kept_only` no model is loaded: raises StaleError where predictions were not kept.
    """
    kept_as = f"predictions/{held_out.sha256[:32]}-{scoring_digest(workspace.model(name))[:16]}.parquet"
    with tempfile.TemporaryDirectory(prefix="mlgate-") as scratch:
        for role in targets:
            Path(scratch, role).mkdir()
        found = {
            role: None if target.anew else _kept(workspace, target, kept_as, Path(scratch, role))
            for role, target in targets.items()
        }
        missing = {role: targets[role] for role, scored in found.items() if scored is None}
        if kept_only and missing:
            raise StaleError(
                f"no predictions of {' and '.join(missing)} on these held-out rows were kept with {name}",
                hint="`mlgate run` scores the models and compares them in full",
            )
        made = _make(workspace, name, missing, Path(scratch), kept_as) if missing else {}
        return {role: scored or made[role] for role, scored in found.items()}


def _kept(workspace: Workspace, target: ToScore, kept_as: str, folder: Path) -> Scored | None:
    """Read what was kept, by its digest first: whoever may write the run may have put anything there."""
    from mlgate.adapters.registry import runs

    path = runs.fetch_file(workspace.registry, target.run_id, kept_as, folder)
    if path is None:
        return None
    digest, of = files.sha256_of(path), f"{target.name} version {target.version}"
    if target.predictions not in {"", digest}:
        raise StaleError(
            f"the predictions kept with {of} are not those that were compared",
            hint="find out who changed them; then train and compare again",
        )
    try:
        return Scored(frame=pl.read_parquet(path), digest=digest)
    except TROUBLE as error:
        workspace.warn(f"the predictions kept with {of} cannot be read, and are not used: {first_line(error)}")
        return None


def _make(
    workspace: Workspace, name: str, targets: dict[str, ToScore], scratch: Path, kept_as: str
) -> dict[str, Scored]:
    from mlgate.adapters.registry import versions

    model = workspace.model(name)
    python = process.find_python(model.train.python, workspace.folder, workspace.runner.environment)
    with ExitStack() as stack, workspace.doing(f"{name}: scoring {' and '.join(targets)} on the held-out rows"):
        jobs = {}
        for role, target in targets.items():
            downloaded = versions.version_files(workspace.registry, target.name, target.version)
            path, entries = stack.enter_context(downloaded)
            require_bytes(target, files.manifest_digest(entries))
            out = scratch / role / Path(kept_as).name
            jobs[role] = {"model": str(path), "out": str(out)}
            if role == "candidate":
                jobs[role]["importance"] = str(scratch / IMPORTANCE)
        data = stack.enter_context(readable_file(workspace.data_file(name, "held_out")))
        question = {
            "jobs": jobs,
            "data": str(data),
            "key": model.data.key,
            "label": model.data.label,
            "not_features": model.data.about_rows,
            "task": model.evaluate.task,
            "predict": model.evaluate.predict,
        }
        answer = process.call_worker(python, "score.py", question, workspace.folder, workspace.runner.environment)
        if "candidate" in targets:
            _keep_importance(workspace, targets["candidate"], scratch / IMPORTANCE, answer.get("importance"))
        return {role: _read(workspace, targets[role], Path(job["out"]), answer.get(role)) for role, job in jobs.items()}


def require_bytes(target: ToScore, digest: str) -> None:
    """Raise StaleError where a version's files are not those that its digest names."""
    if target.manifest and digest != target.manifest:
        raise StaleError(
            f"the files of {target.name} version {target.version} are not those that were registered",
            hint="find out who changed them; then train and compare again, or roll production back",
        )


def require_compared(candidate: Version, entries: dict[str, tuple[int, str]]) -> None:
    """Raise StaleError where a candidate's downloaded files are not those that its comparison names."""
    if files.manifest_digest(entries) != candidate.manifest_digest:
        raise StaleError(
            f"the files of candidate version {candidate.version} are not those that were compared",
            hint="find out who changed them; then train and compare again",
        )


def _keep_importance(workspace: Workspace, target: ToScore, path: Path, problem: object) -> None:
    """Keep beside the candidate what its predictions rest on; the next data's shift is weighted by it."""
    from mlgate.adapters.registry import runs

    if path.is_file():
        try:
            runs.save_text(workspace.registry, target.run_id, IMPORTANCE, path.read_text(encoding="utf-8"))
        except RegistryError as error:
            problem = error.message
    if problem:
        workspace.warn(f"what {target.name} version {target.version} rests on is not known: {str(problem)[:300]}")


def _read(workspace: Workspace, target: ToScore, path: Path, problem: dict[str, object] | None) -> Scored:
    from mlgate.adapters.registry import runs

    if problem is not None:
        return Scored(frame=None, problem=str(problem.get("message", "it could not be scored"))[:500])
    try:
        scored = Scored(frame=pl.read_parquet(path), digest=files.sha256_of(path))
    except TROUBLE as error:
        return Scored(frame=None, problem=f"its predictions cannot be read: {first_line(error)}")
    try:
        runs.save_file(workspace.registry, target.run_id, "predictions", path)
    except RegistryError as error:  # a pull request's credential may not write beside production: score again next time
        workspace.warn(f"the predictions of {target.name} version {target.version} were not kept: {error.message}")
    return scored
