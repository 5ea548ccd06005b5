"""What the commands share: options, the workspace, and how a result becomes output and an exit code."""

from __future__ import annotations

import json
import math
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mlgate.config.address import is_url, plain_path
from mlgate.errors import ConfigError, ExitCode, MlgateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import Console
    from rich.text import Text

    from mlgate.adapters.runner import Runner
    from mlgate.config.report import CommentMode
    from mlgate.records import FilesComparison, FileValidation, Record
    from mlgate.steps.workspace import Workspace
    from mlgate.verdict import Verdict

Done = TypeVar("Done")
Kept = TypeVar("Kept", bound="Record")
Command = Any  # click's decorators return what they are given
STYLE = {"PASS": "green", "INCONCLUSIVE": "yellow", "FAIL": "red", "ERROR": "red"}

config_option: Callable[[Command], Command] = click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path("mlgate.yaml"),
    show_default=True,
    help="The configuration file.",
)
model_option: Callable[[Command], Command] = click.option(
    "--model", "model", multiple=True, help="A model of the configuration; repeatable; default: all."
)


def token_option(does: str) -> Callable[[Command], Command]:
    """Add --github-token, whose holder `does` something."""
    option: Callable[[Command], Command] = click.option(
        "--github-token", show_envvar=True, help=f"Token that {does}; without one, what that needs is left out."
    )
    return option


READS = "reads the base's mlgate.yaml and the pull request's labels, where the checkout does not tell"
WRITES = f"writes deployments, and {READS}"
json_option: Callable[[Command], Command] = click.option(
    "--json", "as_json", is_flag=True, help="Print the records as JSON on standard output, the rest on standard error."
)
dry_run_option: Callable[[Command], Command] = click.option(
    "--dry-run", is_flag=True, help="Say what would be done, and change nothing."
)


def data_name(value: str) -> str | Path:
    """Read the name of data: a URL stays as it is written, since a path would take it apart."""
    return value if is_url(value) else Path(plain_path(value))


def local(data: str | Path, console: Console, runner: Runner) -> Path:
    """Return a path as it is, and of a URL the path of its copy."""
    if isinstance(data, Path):
        return data
    from mlgate.adapters.remote import Progress, fetch

    return fetch(data, runner.data_cache, Progress(console, on_actions=runner.on_actions))


def finite(ctx: click.Context, param: click.Parameter, value: float) -> float:
    """Refuse "nan" for a number, which no range excludes."""
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is not a finite number.", ctx, param)
    return value


def common_options(command: Command) -> Command:
    """Add --config, --model and --json."""
    for option in (json_option, model_option, config_option):
        command = option(command)
    return command


def open_workspace(config: Path, *, as_json: bool, token: str | None = None) -> Workspace:
    """Load the configuration and look around; `token` is what a job may speak to GitHub with."""
    from mlgate.adapters.log import open_console
    from mlgate.adapters.runner import read_runner
    from mlgate.config.load import load
    from mlgate.steps.workspace import Workspace

    loaded, around = load(config), read_runner()
    return Workspace(loaded, around, open_console(on_actions=around.on_actions, as_json=as_json), token)


@contextmanager
def telling_stops(folder: Path, token: str | None, comment: CommentMode | None = None) -> Iterator[None]:
    """Tell the pull request of a configuration that cannot be used; its error still ends the command."""
    try:
        yield
    except ConfigError as error:
        from mlgate.adapters.runner import read_runner
        from mlgate.steps.stop import tell_stop

        with suppress(MlgateError):  # whatever keeps it from being told, the first error counts
            tell_stop(read_runner(), folder, error, token, comment)
        raise


def line(text: str, style: str = "") -> Text:
    """Make a line to print of text that may hold anything: hidden characters are shown, none acts."""
    from rich.text import Text

    from mlgate.adapters.log import LINE_LIMIT
    from mlgate.escape import visible

    return Text(visible(text, LINE_LIMIT), style=style)


def say(console: Console, name: str, step: str, verdict: Verdict) -> None:
    """Print a verdict on one line, its word in colour, and the rule that decided where one did."""
    from rich.text import Text

    word = Text(f"{verdict.outcome.value:<12}", style=f"bold {STYLE[verdict.outcome.value]}")
    named = verdict.passed or verdict.decided_by == step or verdict.names_its_place
    decided = "" if named else f"{verdict.decided_by}: "
    console.print(word, line(f"{name} · {step}: {decided}{verdict.sentence}"))


def for_each(
    workspace: Workspace, names: Iterable[str], do: Callable[[str], Done]
) -> tuple[list[Done], list[MlgateError]]:
    """Do something for every model; one that meets an error does not keep the others from being done and told."""
    from mlgate.steps.failure import forget_failure, keep_failure

    done, errors = [], []
    for name in names:
        forget_failure(workspace, name)
        try:
            done.append(do(name))
        except MlgateError as error:
            keep_failure(workspace, name, error)
            errors.append(error)
    for other in errors[1:]:  # the first is raised in the end
        workspace.warn(f"{other.message}; {other.hint}")
    return done, errors


def take_step(
    workspace: Workspace,
    names: Iterable[str],
    step: Callable[[Workspace, str], Kept],
    show: Callable[[Workspace, Kept], None],
    *,
    as_json: bool,
) -> ExitCode:
    """Take one step of every model, show and publish what came of it; then raise the first error that was met."""
    records, errors = for_each(workspace, names, partial(step, workspace))
    for record in records:
        show(workspace, record)
    if records:
        publish(workspace, records, as_json=as_json)
    if errors:
        raise errors[0]
    return exit_code(records)


def publish(workspace: Workspace, records: Sequence[Record], *, as_json: bool) -> None:
    """Give the records to machines: as the action's outputs, and on standard output if asked for."""
    from mlgate.adapters.runner import write_outputs
    from mlgate.steps.outputs import step_outputs

    write_outputs(workspace.runner, step_outputs(records))
    print_records(records, as_json=as_json)


def publish_alone(runner: Runner, found: FilesComparison | FileValidation, *, as_json: bool) -> ExitCode:
    """Give what was found in files alone to machines, as `publish` gives records; return its exit code."""
    from mlgate.adapters.runner import write_outputs

    passed = str(found.verdict.passed).lower()
    write_outputs(runner, {"verdict": found.verdict.outcome.value, "passed": passed, "json": found.model_dump_json()})
    if as_json:
        echo_json(found.model_dump_json(indent=2))
    return ExitCode.PASSED if found.verdict.passed else ExitCode.REFUSED


def echo_json(text: str) -> None:
    """Print JSON on standard output, where a job's runner may read it."""
    from mlgate.adapters.log import harmless_json

    click.echo(harmless_json(text.rstrip("\n")))


def print_records(records: Iterable[Record], *, as_json: bool) -> None:
    """Print the records for machines, if they were asked for."""
    if as_json:
        echo_json(json.dumps([record.model_dump(mode="json") for record in records], indent=2))


def exit_code(records: Iterable[Record]) -> ExitCode:
    """Return one exit code for several models; a stale refusal stands out, since comparing again may help."""
    failed = [record for record in records if not record.verdict.passed]
    if any(getattr(record, "stale", False) for record in failed):
        return ExitCode.STALE
    return ExitCode.REFUSED if failed else ExitCode.PASSED
