"""Make a candidate: run the user's training inside an MLflow run and register what it logged."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.adapters import files, process, runner
from mlgate.adapters.secrets import hiding
from mlgate.config.address import shown
from mlgate.errors import RecordError
from mlgate.escape import visible
from mlgate.promotion.tags import candidate_tags
from mlgate.promotion.values import Refusal
from mlgate.records import ComparisonRecord, TrainingRecord, ValidationRecord, Version
from mlgate.steps.formats import check_formats
from mlgate.steps.kept import TRAINING
from mlgate.tag_names import ACTOR, HEAD_SHA, PREFIX, PULL_REQUEST, REPOSITORY, RUN_TAG, RUN_URL
from mlgate.training import identity, request
from mlgate.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from mlgate.adapters.process import Finished
    from mlgate.adapters.registry.runs import LoggedModel
    from mlgate.records import Code, DataFile
    from mlgate.steps.workspace import Workspace

LAST_WORDS = 200  # letters


def train(workspace: Workspace, name: str) -> TrainingRecord:
    """Train model `name` on the data that was validated, and register the candidate."""
    from mlgate.adapters.registry import curves, runs

    model, registry = workspace.model(name), workspace.registry
    code, data = workspace.code(name), workspace.data_files(name)
    _require_validated(workspace, name, data)
    if code.dirty:
        changed = ", ".join(code.dirty[:3])
        workspace.warn(f"{name}: {changed} differ from the commit: this candidate can be compared, and not promoted")
    files.forget_records(workspace.records, name, (TrainingRecord, ComparisonRecord))
    python = process.find_python(model.train.python, workspace.folder, workspace.runner.environment)
    environment = process.describe_python(python, workspace.folder, workspace.runner.environment)
    experiment_id, run_id = _open(workspace, name, code)
    candidate = None
    try:
        runs.log_datasets(registry, run_id, {"training": data["train"], "evaluation": data["held_out"]})
        finished = _run(workspace, name, python, experiment_id, run_id)
        candidate, verdict = _judge(workspace, name, finished, run_id, code)
        if candidate is not None:
            _keep_context(workspace, name, run_id, environment.packages)
    finally:
        runs.close_run(registry, run_id, finished=candidate is not None)
    metrics, params = runs.read_run(registry, run_id)
    hide = hiding(workspace.runner.environment)
    record = TrainingRecord(
        model=name,
        mlgate=__version__,
        code=code,
        verdict=verdict,
        candidate=candidate,
        run_id=run_id,
        experiment=experiment_id,
        config_digest=identity.config_digest(model),
        data=tuple(data.values()),
        seed=model.train.seed,
        params={name: hide(value) for name, value in params.items()},
        metrics=metrics,
        curves=curves.read_curves(registry, run_id),
        environment=environment,
        seconds=finished.seconds,
        log_tail=finished.tail,
        run_url=registry.run_url(experiment_id, run_id),
    )
    workspace.write(record)
    if candidate is not None:
        runs.save_text(registry, run_id, TRAINING, record.model_dump_json(indent=2))
    return record


def describe_training(workspace: Workspace, name: str) -> str:
    """Say what `train` would run, on what, and where the candidate would go; nothing is run."""
    model, code = workspace.model(name), workspace.code(name)
    python = process.find_python(model.train.python, workspace.folder, workspace.runner.environment)
    words = " ".join(request.command(model.train, python, process.WORKER / "fit.py"))
    dirty = f" with uncommitted changes in {', '.join(code.dirty[:3])}" if code.dirty else ""
    return (
        f"{name}: would run `{words}` on {shown(model.data.train)}, at commit {code.commit[:12]}{dirty}, "
        f"and register a version of {workspace.candidates(name)}"
    )


def _require_validated(workspace: Workspace, name: str, data: dict[str, DataFile]) -> None:
    record = files.read_record(workspace.records, name, ValidationRecord)
    if {file.sha256 for file in record.files} != {file.sha256 for file in data.values()}:
        raise RecordError(
            f"the data of {name} changed since it was validated", hint=f"run `mlgate validate --model {name}` again"
        )
    if not record.verdict.passed:
        raise RecordError(
            f"the data of {name} was refused: {record.verdict.sentence}",
            hint="mend the data, or the schema if the data is right, then validate again",
        )


def _open(workspace: Workspace, name: str, code: Code) -> tuple[str, str]:
    """Open the run that the training logs to, and return its experiment and its own id."""
    from mlgate.adapters.registry import runs

    train = workspace.model(name).train
    tags = request.run_tags(name, code, __version__, _run_context(workspace))
    asked = {"seed": train.seed, **train.params}
    return runs.open_run(workspace.registry, name, tags, {f"{PREFIX}{key}": str(asked[key]) for key in asked})


def _run(workspace: Workspace, name: str, python: str, experiment_id: str, run_id: str) -> Finished:
    train = workspace.model(name).train
    variables = request.variables(
        train,
        data=workspace.data_file(name, "train"),
        tracking_uri=workspace.registry.uri,
        experiment_id=experiment_id,
        run_id=run_id,
    )
    words = request.command(train, python, process.WORKER / "fit.py")
    echo = sys.stderr if workspace.console.stderr else sys.stdout
    with (
        runner.group(workspace.runner, f"{name}: training"),
        workspace.doing(f"{name}: training with {' '.join(words)}"),
        runner.untrusted_output(workspace.runner),
    ):
        return process.run(
            words,
            workspace.folder,
            process.child_environment(workspace.runner.environment, variables),
            timeout=train.timeout_minutes * 60,
            echo=echo if workspace.runner.on_actions else None,
        )


def _judge(
    workspace: Workspace, name: str, finished: Finished, run_id: str, code: Code
) -> tuple[Version | None, Verdict]:
    """Register the one model that a training logged; or say what is wrong with the training, or with the model."""
    from mlgate.adapters.registry import runs

    logged = runs.logged_models(workspace.registry, run_id, RUN_TAG) if finished.code == 0 else []
    problem = _problem(finished, logged, workspace.model(name).train.timeout_minutes)
    if problem:
        return None, Verdict(outcome=Outcome.ERROR, decided_by="training", sentence=problem)
    made = _register(workspace, name, logged[-1], run_id, code)
    if isinstance(made, Refusal):
        return None, Verdict(outcome=Outcome.FAIL, decided_by="promotion.formats", sentence=made.sentence)
    return made, Verdict(outcome=Outcome.PASS, decided_by="training", sentence="a candidate was trained")


def _problem(finished: Finished, logged: list[LoggedModel], minutes: float) -> str:
    if finished.code is None:
        return f"the training was stopped after {minutes:g} minutes (train.timeout_minutes)"
    if finished.code != 0:
        last = next((line.strip() for line in reversed(finished.tail) if line.strip()), "it printed nothing")
        return f"the training ended with code {finished.code}: {visible(last, LAST_WORDS)}"
    if not logged:
        return (
            "the training ended well but logged no model: call mlflow.<flavor>.log_model once, "
            "and leave the tracking URI and the experiment to mlgate"
        )
    if len(logged) > 1:
        names = ", ".join(model.name for model in logged[:5])
        return f"the training logged {len(logged)} models ({names}): log exactly one"
    return ""


def _register(workspace: Workspace, name: str, model: LoggedModel, run_id: str, code: Code) -> Version | Refusal:
    """Register what was logged, unless no promotion would take its files."""
    from mlgate.adapters.registry import versions

    registry, target = workspace.registry, workspace.candidates(name)
    with workspace.doing(f"{name}: registering the candidate"):
        with versions.model_files(registry, model.location) as (folder, entries):
            digest = files.manifest_digest(entries)
            refusal = check_formats(workspace, name, folder, entries)
        if refusal:
            return refusal
        number = versions.create_version(
            registry,
            target,
            source=model.source,
            run_id=run_id,
            model_id=model.model_id,
            tags=candidate_tags(workspace.model(name), code, digest, workspace.runner.pull_request),
        )
    return Version(
        name=target,
        version=number,
        run_id=run_id,
        manifest_digest=digest,
        files=len(entries),
        bytes=sum(size for size, _ in entries.values()),
    )


def _keep_context(workspace: Workspace, name: str, run_id: str, packages: dict[str, str]) -> None:
    """Keep beside the model what it was made from: a profile of its data, its configuration, its packages."""
    from mlgate.adapters.registry import runs
    from mlgate.data.files.read import scan
    from mlgate.data.profile.profiling import profile

    model = workspace.model(name)
    summary = profile(scan(workspace.data_file(name, "train")), ignore=model.data.measured_shift.ignore)
    runs.save_text(workspace.registry, run_id, "profile.json", summary.model_dump_json())
    runs.save_text(workspace.registry, run_id, "config.json", model.model_dump_json(by_alias=True, indent=2))
    locked = "".join(f"{package}=={version}\n" for package, version in packages.items())
    runs.save_text(workspace.registry, run_id, "packages.txt", locked)


def _run_context(workspace: Workspace) -> dict[str, str]:
    around = workspace.runner
    facts = {
        REPOSITORY: around.repository,
        PULL_REQUEST: str(around.pull_request or ""),
        HEAD_SHA: around.head_sha,
        RUN_URL: around.run_url or "",
        ACTOR: around.actor,
    }
    return {key: value for key, value in facts.items() if value}
