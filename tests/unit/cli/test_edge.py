"""Every failure at the edge is one message that ends with the next step, and one exit code."""

from __future__ import annotations

import json
from pathlib import Path

import click
import jsonschema
import pytest
import yaml

from mlgate import __main__ as edge
from mlgate.cli.main import COMMANDS, main
from mlgate.errors import ConfigError, GitHubError, MlgateError, RegistryError, StaleError
from tests.integration.loop.conftest import CONFIG


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("wrong", hint="correct it"), 2),
        (RegistryError("away", hint="look"), 3),
        (GitHubError("away", hint="look"), 3),
        (StaleError("old", hint="compare"), 4),
    ],
)
def test_expected_failures_have_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: MlgateError, code: int
) -> None:
    """Message, arrow, next step; nothing else."""
    monkeypatch.setattr(main, "main", lambda *_, **__: (_ for _ in ()).throw(error))
    assert edge.run(["validate"]) == code
    assert capsys.readouterr().err == f"error: {error.message}\n  → {error.hint}\n"


def test_a_bug_is_no_verdict(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An unexpected exception shows its traceback and exits 70, which no gate reads as a no."""
    monkeypatch.setattr(main, "main", lambda *_, **__: 1 / 0)
    assert edge.run(["validate"]) == 70
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "a bug in mlgate" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["valdate"], "did you mean 'validate'?"),
        (["validate", "--modle", "x"], "--model"),
        (["run", "--operation", "promte"], "promte"),
        (["rollback"], "--reason"),
        ([], "Commands"),
    ],
)
def test_wrong_usage_is_two(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    """A mistyped command, option or value exits 2 and names what is meant."""
    assert edge.run(arguments) == 2
    shown = capsys.readouterr()
    assert said in shown.err + shown.out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name: str) -> None:
    """Every command has a help text of more than its first line, and every option a sentence."""
    context = click.Context(main)
    command = main.get_command(context, name)
    assert command is not None
    assert len((command.help or "").strip()) > 80
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert (parameter.help or "").endswith((".", ": all.", ": here.")), parameter.name


def test_the_printed_schema_accepts_what_loads(capsys: pytest.CaptureFixture[str]) -> None:
    """`mlgate schema` is a JSON Schema that the tests' own configuration satisfies, and a mistyped key does not."""
    assert edge.run(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    config = yaml.safe_load(CONFIG)
    jsonschema.validate(config, schema)
    config["models"]["tumours"]["data"]["heldout"] = "x"
    with pytest.raises(jsonschema.ValidationError, match="heldout"):
        jsonschema.validate(config, schema)


def test_an_empty_variable_means_unset(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An action passes every input; one that was not given is an empty string and keeps the default."""
    monkeypatch.setenv("MLGATE_VALIDATE_CONFIG", "")
    monkeypatch.setenv("MLGATE_VALIDATE_MODEL", "")
    monkeypatch.setenv("MLGATE_VALIDATE_JSON", "")
    monkeypatch.chdir("/")
    assert edge.run(["validate"]) == 2
    assert "there is no mlgate.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["validate", "--data", "data.csv", "--schema", "schema.yaml", "--json"], ["profile", "data.csv"]],
    ids=["validate", "profile"],
)
def test_json_in_a_job_holds_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """A column's name or a value is an escape where the runner would obey it, and the same to a reader of JSON."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    Path("data.csv").write_text("id,##[error]forged\n1,2\n###[group]x,2\n", encoding="utf-8")
    Path("schema.yaml").write_text("columns:\n  id: {dtype: int64}\n", encoding="utf-8")
    edge.run(arguments)
    said = capsys.readouterr().out
    assert "##[" not in said
    assert "##[" in json.dumps(json.loads(said))


def test_a_drafted_schema_in_a_job_holds_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it is printed; a file has it as it is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    Path("data.csv").write_text("id,##[error]forged\n1,2\n", encoding="utf-8")
    assert edge.run(["infer-schema", "data.csv"]) == 0
    assert "##[" not in capsys.readouterr().out
    assert edge.run(["infer-schema", "data.csv", "--output", "schema.yaml"]) == 0
    assert "##[error]forged" in Path("schema.yaml").read_text(encoding="utf-8")
