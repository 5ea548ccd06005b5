"""MLflow runs: opened by mlgate, filled by the user's training, read back."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlgate.adapters.files import sha256_of
from mlgate.adapters.registry.connection import answering, is_missing, is_there_already, store_of
from mlgate.config.address import scheme
from mlgate.errors import RegistryError
from mlgate.tag_names import SHA256

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlflow.store.artifact.artifact_repo import ArtifactRepository

    from mlgate.adapters.registry.connection import Registry
    from mlgate.records import DataFile

DEFAULT_EXPERIMENT = "0"  # which every server has
_NO_NAME = re.compile(r"[^A-Za-z0-9_. -]")
FOLDER = "mlgate"  # where mlgate's own artifacts live inside a run
MIB = 2**20
MOST_TEXT = 64 * MIB  # a record of ten thousand slices has a tenth of that
MOST_PREDICTIONS = 4096 * MIB  # a hundred million rows


@dataclass(frozen=True, kw_only=True)
class LoggedModel:
    """A model that a run logged: `source` is what a version is registered from, `location` where its files are."""

    name: str
    source: str
    location: str
    model_id: str | None


def open_run(
    registry: Registry, experiment: str, tags: Mapping[str, str], params: Mapping[str, str]
) -> tuple[str, str]:
    """Start a run and return (experiment id, run id); the experiment is made when it is missing."""
    client = registry.client
    with answering(f"start a run in the experiment {experiment}", registry.uri):
        experiment_id = _experiment_id(registry, experiment)
        run_id: str = client.create_run(experiment_id, tags=dict(tags)).info.run_id
        for name, value in params.items():
            client.log_param(run_id, name, value)
    return experiment_id, run_id


def unfinished_runs(registry: Registry, experiment: str) -> list[tuple[str, datetime]]:
    """List the runs of an experiment that were opened and not closed: (run id, when it began), oldest first."""
    with answering(f"list the runs of the experiment {experiment}", registry.uri):
        found: Any = registry.client.get_experiment_by_name(experiment)
        if found is None:
            return []
        runs = registry.client.search_runs([found.experiment_id], "attributes.status = 'RUNNING'", max_results=100)
        return sorted(
            ((run.info.run_id, datetime.fromtimestamp(run.info.start_time / 1000, UTC)) for run in runs),
            key=lambda one: one[1],
        )


def log_metrics(registry: Registry, run_id: str, metrics: Mapping[str, float]) -> None:
    """Show metrics in MLflow's own pages, under names that it takes: a metric of the user's own has others in it."""
    from mlflow.entities import Metric

    now = int(datetime.now(UTC).timestamp() * 1000)
    named = {_NO_NAME.sub("_", name)[:250].strip("./ ") or "_": value for name, value in metrics.items()}
    with answering("show the metrics", registry.uri):
        registry.client.log_batch(run_id, [Metric(name, value, now, 0) for name, value in named.items()])


def close_run(registry: Registry, run_id: str, *, finished: bool) -> None:
    """Give the run its final status."""
    with answering("finish the run", registry.uri):
        registry.client.set_terminated(run_id, "FINISHED" if finished else "FAILED")


def log_datasets(registry: Registry, run_id: str, files: Mapping[str, DataFile]) -> None:
    """Record data files by context (`training`, `evaluation`): MLflow's digest holds 32 hex digits, a tag the rest."""
    from mlflow.entities import Dataset, DatasetInput, InputTag

    inputs = [
        DatasetInput(
            Dataset(
                name=file.path,
                digest=file.sha256[:32],
                source_type=scheme(file.path) or "local",
                source=json.dumps({"uri": file.path}),
                profile=json.dumps({"num_rows": file.rows, "num_columns": file.columns}),
            ),
            [InputTag("mlflow.data.context", context), InputTag(SHA256, file.sha256)],
        )
        for context, file in files.items()
    ]
    with answering("record the data", registry.uri):
        registry.client.log_inputs(run_id, inputs)


def store_of_run(registry: Registry, run_id: str) -> str | None:
    """Return which store the artifacts of a run are in, as `scheme://host`; None where there is no such run."""
    if not run_id:
        return None
    with answering("find the run's artifacts", registry.uri):
        try:
            return store_of(_root(registry, run_id))
        except Exception as error:
            if is_missing(error):
                return None
            raise


def store_of_experiment(registry: Registry, name: str) -> str:
    """Return which store an experiment keeps artifacts in, or would if it were there, as `scheme://host`."""
    with answering(f"find the artifacts of the experiment {name}", registry.uri):
        experiment = registry.client.get_experiment_by_name(name) or registry.client.get_experiment(DEFAULT_EXPERIMENT)
        return store_of(experiment.artifact_location)


def set_run_tags(registry: Registry, run_id: str, tags: Mapping[str, str]) -> None:
    """Tag a run."""
    with answering("tag the run", registry.uri):
        for name, value in tags.items():
            registry.client.set_tag(run_id, name, value[:5000])


def read_run(registry: Registry, run_id: str) -> tuple[dict[str, float], dict[str, str]]:
    """Return the last value of every metric, and the parameters."""
    with answering("read the run", registry.uri):
        data = registry.client.get_run(run_id).data
        return dict(data.metrics), dict(data.params)


def read_tags(registry: Registry, run_id: str) -> dict[str, str]:
    """Return the tags of a run."""
    with answering("read the run", registry.uri):
        return dict(registry.client.get_run(run_id).data.tags)


def logged_models(registry: Registry, run_id: str, tag: str) -> list[LoggedModel]:
    """List the models that a training logged: in the run, or outside any run, with the run's id as their `tag`.

    MLflow 3 keeps logged models, MLflow 2 artifacts of the run.
    """
    with answering("find the model that the training logged", registry.uri):
        run = registry.client.get_run(run_id)
        outputs = run.outputs.model_outputs if run.outputs else []
        found = {output.model_id: registry.client.get_logged_model(output.model_id) for output in outputs}
        found |= {model.model_id: model for model in _tagged_models(registry, run.info.experiment_id, tag, run_id)}
        if found:
            return [
                LoggedModel(
                    name=model.name, source=model.model_uri, location=model.artifact_location, model_id=model.model_id
                )
                for model in found.values()
            ]
        history = json.loads(run.data.tags.get("mlflow.log-model.history", "[]"))
        return [
            LoggedModel(name=entry["artifact_path"], source=uri, location=uri, model_id=None)
            for entry in history
            for uri in [f"{run.info.artifact_uri}/{entry['artifact_path']}"]
        ]


def _tagged_models(registry: Registry, experiment_id: str, tag: str, run_id: str) -> list[Any]:
    try:
        return list(registry.client.search_logged_models([experiment_id], f"tags.`{tag}` = '{run_id}'"))
    except Exception as error:
        if getattr(error, "error_code", "") == "ENDPOINT_NOT_FOUND" or is_missing(error):
            return []  # a server of MLflow 2 has no logged models
        raise


def save_text(registry: Registry, run_id: str, name: str, text: str) -> None:
    """Keep `text` as the artifact `mlgate/<name>` of the run."""
    with tempfile.TemporaryDirectory() as folder, answering(f"save {name}", registry.uri):
        path = Path(folder, name.rpartition("/")[2])
        path.write_text(text, encoding="utf-8")
        _artifacts(registry, run_id).log_artifact(str(path), "/".join([FOLDER, *name.split("/")[:-1]]))


def save_file(registry: Registry, run_id: str, name: str, path: Path) -> None:
    """Keep a file as the artifact `mlgate/<name>/<its own name>` of the run."""
    with answering(f"save {path.name}", registry.uri):
        _artifacts(registry, run_id).log_artifact(str(path), f"{FOLDER}/{name}")


def save_folder(registry: Registry, run_id: str, name: str, folder: Path) -> str:
    """Copy a folder's files into the run and return their address."""
    with answering("copy the model's files", registry.uri):
        _artifacts(registry, run_id).log_artifacts(str(folder), name)
        return f"{_root(registry, run_id)}/{name}"


def copy_file(registry: Registry, from_run: str, to_run: str, folder: str, digest: str) -> None:
    """Copy the artifact of `mlgate/<folder>/` whose sha256 is `digest` into another run; none is fine."""
    if not digest:
        return
    left = MOST_PREDICTIONS  # of all that is looked at: whoever may write the run may put any number of files there
    with tempfile.TemporaryDirectory() as scratch, answering(f"copy the {folder}", registry.uri):
        kept = _artifacts(registry, from_run)
        for entry in kept.list_artifacts(f"{FOLDER}/{folder}"):
            if entry.is_dir or (entry.file_size or 0) > left:
                continue
            left -= entry.file_size or 0
            file = Path(kept.download_artifacts(entry.path, scratch))
            if sha256_of(file) == digest:
                _artifacts(registry, to_run).log_artifact(str(file), f"{FOLDER}/{folder}")
                return


def fetch_file(registry: Registry, run_id: str, name: str, folder: Path, most: int = MOST_PREDICTIONS) -> Path | None:
    """Download the artifact `mlgate/<name>` of the run into `folder`, or return None when there is none.

    Raises RegistryError for one of more than `most` bytes, before it is downloaded.
    """
    if not run_id:  # a version that was added by hand may have none
        return None
    with answering(f"read {name}", registry.uri):
        try:
            kept = _artifacts(registry, run_id)
            listed = kept.list_artifacts("/".join(filter(None, [FOLDER, name.rpartition("/")[0]])))
        except Exception as error:
            if is_missing(error):
                return None
            raise
        found = next((entry for entry in listed if entry.path == f"{FOLDER}/{name}" and not entry.is_dir), None)
        if found is None:
            return None
        if (found.file_size or 0) > most:
            raise RegistryError(
                f"{FOLDER}/{name} of the run {run_id} has {found.file_size:,} bytes; "
                f"one of more than {most:,} is not read",
                hint="find out who wrote it; then train and compare again",
            )
        return Path(kept.download_artifacts(f"{FOLDER}/{name}", str(folder)))


def fetch_text(registry: Registry, run_id: str, name: str) -> str | None:
    """Read the artifact `mlgate/<name>` of the run, or None."""
    with tempfile.TemporaryDirectory() as folder:
        path = fetch_file(registry, run_id, name, Path(folder), MOST_TEXT)
        return path.read_text(encoding="utf-8", errors="replace") if path else None


def _artifacts(registry: Registry, run_id: str) -> ArtifactRepository:
    """Return the artifacts of a run, without those of its logged models.

    The client's own functions read any failure as "there is none", let a logged model's file stand for the run's of the
    same name, and ask the server four times for each file.
    """
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
    from mlflow.utils.uri import add_databricks_profile_info_to_artifact_uri

    root = add_databricks_profile_info_to_artifact_uri(_root(registry, run_id), registry.uri)
    return get_artifact_repository(root, tracking_uri=registry.uri)


def _root(registry: Registry, run_id: str) -> str:
    """Return where a run's artifacts are, which never changes."""
    if run_id not in registry.roots:
        registry.roots[run_id] = registry.client.get_run(run_id).info.artifact_uri
    return registry.roots[run_id]


def _experiment_id(registry: Registry, name: str) -> str:
    client = registry.client
    existing: Any = client.get_experiment_by_name(name)
    if existing is not None:
        return str(existing.experiment_id)
    folder = registry.embedded_folder
    location = Path(folder, "mlartifacts", *_segments(name)).as_uri() if folder else None
    try:
        return str(client.create_experiment(name, artifact_location=location))
    except Exception as error:
        if is_there_already(error):  # another job was faster
            return str(client.get_experiment_by_name(name).experiment_id)
        raise


def _segments(name: str) -> Iterator[str]:
    return (part for part in name.split("/") if part not in {"", ".", ".."})
