"""Actions, options, README and examples say the same."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from mlgate.cli.main import main
from tests.actions.support import ACTIONS, EXAMPLES, EXPRESSION, OWN, ROOT, read, steps

ALL = [*ACTIONS.values(), *EXAMPLES, *OWN]
NOT_INPUTS = {"as_json", "open_page"}  # for people at a terminal: an action has outputs and files
# the step's own; what becomes MLFLOW_TRACKING_URI; what suite.sh adds to mlgate's environment
NO_OPTION = {"working-directory", "tracking-uri", "extras"}


def options(command: str) -> set[str]:
    """List a command's options as inputs are written."""
    found = main.get_command(click.Context(main), command)
    assert found is not None
    given = [option for option in found.params if isinstance(option, click.Option) and option.name not in NOT_INPUTS]
    return {max(option.opts, key=len).removeprefix("--") for option in given}


@pytest.mark.parametrize("command", ACTIONS)
def test_inputs_are_the_commands_options(command: str) -> None:
    """Each option is an input of the command's action, and the other way round."""
    inputs = set(read(ACTIONS[command])["inputs"])
    assert inputs - NO_OPTION == options(command)


@pytest.mark.parametrize("command", ACTIONS)
def test_every_input_reaches_its_option(command: str) -> None:
    """Inputs cross into the program through the variable that click derives, and through nothing else."""
    content = read(ACTIONS[command])
    last = content["runs"]["steps"][-1]
    expected = {
        f"MLGATE_{command.upper()}_{name.upper().replace('-', '_')}": f"${{{{ inputs.{name} }}}}"
        for name in content["inputs"]
        if name not in NO_OPTION
    }
    assert {name: value for name, value in last["env"].items() if not name.startswith("MLGATE_SUITE_")} == expected


@pytest.mark.parametrize("command", ACTIONS)
def test_descriptions_are_sentences(command: str) -> None:
    """Every input and output is described by a sentence; every input has a default or is required."""
    content = read(ACTIONS[command])
    for name, value in [*content["inputs"].items(), *content["outputs"].items()]:
        assert value["description"].rstrip().endswith((".", ")", "'.")), name
    for name, value in content["inputs"].items():
        assert name == name.lower()
        assert ("default" in value) != (value["required"] == "true"), name


@pytest.mark.parametrize("command", ACTIONS)
def test_references_exist(command: str) -> None:
    """Every `inputs.x` is declared, every `steps.x` exists: no static checker sees these in an action."""
    content = read(ACTIONS[command])
    ids = {step["id"] for step in content["runs"]["steps"]}
    for expression in EXPRESSION.findall(ACTIONS[command].read_text(encoding="utf-8")):
        if expression.startswith("inputs."):
            assert expression.removeprefix("inputs.") in content["inputs"]
        elif expression.startswith("steps."):
            assert expression.split(".")[1] in ids


def test_the_actions_set_up_alike() -> None:
    """The step that finds a Python for the suite is the same everywhere."""
    first = [steps(path)[0] for path in ACTIONS.values()]
    assert all(step == first[0] for step in first)
    assert first[0]["with"]["update-environment"] == "false"


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_expression_stands_in_a_script(path: Path) -> None:
    """`run:` lines are constant, so no input or event can become a command."""
    for step in steps(path):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_pinned_actions_are_used(path: Path) -> None:
    """`actions/*` by commit with the version beside it, mlgate itself, and nobody else."""
    for line in path.read_text(encoding="utf-8").splitlines():
        used = re.search(r"\buses: (\S+)", line)
        if used and not used[1].startswith("./"):
            assert re.fullmatch(r"(actions/[a-z-]+|mlgate/mlgate(/actions/[a-z]+)?)@[0-9a-f]{40}", used[1])
            assert not used[1].startswith("actions/") or re.search(r"# v\d+\.\d+\.\d+$", line)


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_cache_is_restored(path: Path) -> None:
    """What a pull request's job left in a cache must not reach a job that may promote."""
    text = path.read_text(encoding="utf-8")
    assert "actions/cache" not in text
    assert not re.search(r"^\s+cache: ", text, flags=re.MULTILINE)


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_left_in_the_jobs_environment(path: Path) -> None:
    """Neither GITHUB_ENV nor GITHUB_PATH is written, and pull_request_target is nowhere."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"GITHUB_(ENV|PATH)\b", text)
    assert "pull_request_target" not in text


@pytest.mark.parametrize("path", [*EXAMPLES, *OWN], ids=lambda path: str(path.relative_to(ROOT)))
def test_workflows_ask_for_little_and_say_why(path: Path) -> None:
    """No permission at the top, each one below explained, every job bounded in time."""
    content = read(path)
    assert content["permissions"] in ({}, "{}")
    for job in content["jobs"].values():
        assert int(job["timeout-minutes"]) <= 180
        assert job["permissions"]
    for line in path.read_text(encoding="utf-8").splitlines():
        if re.match(r"\s+[a-z-]+: (read|write)\b", line):
            assert "#" in line, line


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_use_declared_inputs(path: Path) -> None:
    """An example passes only inputs that the action declares."""
    for step in steps(path):
        match = re.match(r"mlgate/mlgate(?:/actions/([a-z]+))?@", step.get("uses", ""))
        if match:
            assert set(step.get("with", {})) <= set(read(ACTIONS[match[1] or "run"])["inputs"])


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("promote-on-merge.yml", "mlgate-production"),
        ("promote-manually.yml", "mlgate-production"),
        ("retrain.yml", "mlgate-production"),
        ("rollback.yml", "mlgate-rollback-${{ inputs.model }}"),
    ],
)
def test_promotions_wait_for_each_other(name: str, group: str) -> None:
    """What promotes shares one concurrency group, rollbacks have their own; none is cancelled once it has begun.

    All run in production's environment. The job's own deployment is switched off: it would take the place of the one
    that says what was promoted.
    """
    content = read(ROOT / "workflows-examples" / name)
    assert content["concurrency"] == {"group": group, "cancel-in-progress": "false"}
    for job in content["jobs"].values():
        assert job["environment"] == {"name": "production", "deployment": "false"}
        assert job["permissions"]["deployments"] == "write"


def test_attesting_is_promoting_and_one_job_more() -> None:
    """The promotion is that of promote-on-merge.yml; the job that signs holds no secret and runs no code of anybody."""
    merge, attest = (read(ROOT / "workflows-examples" / f"promote-{name}.yml") for name in ("on-merge", "and-attest"))
    signing = attest["jobs"].pop("attest")
    assert {**attest, "name": merge["name"]} == merge
    assert "environment" not in signing
    assert "secrets." not in str(signing)
    assert set(signing["permissions"]) == {"id-token", "attestations"}


def test_the_readme_shows_the_smallest_workflow() -> None:
    """The workflow in the README is the file of the examples, to the letter."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- example: (\S+) -->\n```yaml\n(.*?)```\n<!-- end -->", readme, re.DOTALL)
    assert shown
    assert shown[2] == (ROOT / "workflows-examples" / shown[1]).read_text(encoding="utf-8")


def test_the_readme_names_every_input_and_action() -> None:
    """The README's tables name each action, and each input in the order of the actions."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command, path in ACTIONS.items():
        assert f"mlgate/mlgate{'' if command == 'run' else '/actions/' + command}`" in readme
        for name in [*read(path)["inputs"], *read(path)["outputs"]]:
            assert f"`{name}`" in readme, name
    for path in EXAMPLES:
        assert path.name in readme, path.name
