"""What passes between mlgate and the runner cannot be forged by a value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgate.adapters import runner
from mlgate.errors import RequestError
from mlgate.verdict import Place


def parse_outputs(text: str) -> dict[str, str]:
    """Read GITHUB_OUTPUT as the runner does: NAME<<DELIMITER, lines, DELIMITER."""
    lines, found, index = text.split("\n"), {}, 0
    while index < len(lines) - 1:
        name, _, delimiter = lines[index].partition("<<")
        end = lines.index(delimiter, index + 1)
        found[name] = "\n".join(lines[index + 1 : end])
        index = end + 1
    return found


@given(values=st.dictionaries(st.sampled_from(["verdict", "json", "passed"]), st.text(), max_size=3))
def test_any_value_comes_back_as_one_output(tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]) -> None:
    """No value ends early, names another output, or loses more than its carriage returns."""
    file = tmp_path_factory.mktemp("outputs") / "output"
    runner.write_outputs(runner.Runner(output_file=file), values)
    written = file.read_bytes().decode() if file.exists() else ""
    assert parse_outputs(written) == {name: value.replace("\r", "") for name, value in values.items()}


def test_a_laptop_has_no_outputs() -> None:
    """Outside a workflow nothing is written."""
    runner.write_outputs(runner.Runner(), {"verdict": "PASS"})
    runner.write_summary(runner.Runner(), "text")


def test_annotations_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A line break in a message cannot start another workflow command."""
    runner.annotate(runner.Runner(on_actions=True), "warning", "a\n::error::b 100%")
    assert capsys.readouterr().out == "::warning::a%0A::error::b 100%25\n"


def test_an_annotation_names_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The runner reads file, line and title; no value can end its property, name another one or begin the message."""
    around = runner.Runner(on_actions=True)
    runner.annotate(around, "error", "too low", title="auc: 100%\n,line=9", place=Place(path="a,b::c.yaml", line=3))
    assert capsys.readouterr().out == (
        "::error file=a%2Cb%3A%3Ac.yaml,line=3,title=auc%3A 100%25%0A%2Cline=9::too low\n"
    )
    runner.annotate(around, "error", "too low", place=Place(path="schema.py"))
    assert capsys.readouterr().out == "::error file=schema.py::too low\n"


@given(text=st.text())
def test_any_text_comes_back_as_the_runner_reads_it(text: str) -> None:
    """Nothing that ends a property or the line is left in it, and the runner undoes what was escaped."""
    written = runner._property(text)  # noqa: SLF001 (the one place that escapes)
    assert not set(written) & set("\r\n:,")
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        written = written.replace(code, character)
    assert written == text


def test_a_laptop_reads_the_place_in_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    """As compilers write it."""
    runner.annotate(runner.Runner(), "error", "too low", title="auc", place=Place(path="mlgate.yaml", line=3))
    assert capsys.readouterr().err == "error: mlgate.yaml:3: auc: too low\n"


def test_a_training_cannot_speak_to_the_runner(capsys: pytest.CaptureFixture[str]) -> None:
    """What a user's program prints stands between stop-commands and its random token."""
    with runner.untrusted_output(runner.Runner(on_actions=True)):
        print("::error::forged")  # noqa: T201 (the program's own output)
    first, forged, last = capsys.readouterr().out.splitlines()
    assert first == f"::stop-commands::{last.strip(':')}"
    assert forged == "::error::forged"


def test_pull_request_target_is_refused() -> None:
    """The event that hands secrets to strangers' code ends in an error that names the safe way."""
    with pytest.raises(RequestError) as error:
        runner.read_runner({"GITHUB_EVENT_NAME": "pull_request_target"})
    assert "workflow_run" in error.value.hint


def test_the_event_is_read(tmp_path: Path) -> None:
    """Number and head of the pull request come from the event."""
    event = {"pull_request": {"number": 7, "head": {"sha": "abc"}}, "repository": {"default_branch": "trunk"}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    read = runner.read_runner(
        {
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_SHA": "merge",
            "GITHUB_REF": "refs/heads/trunk",
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_RUN_ID": "5",
        }
    )
    assert (read.pull_request, read.head_sha, read.on_default_branch) == (7, "abc", True)
    assert read.run_url == "https://github.com/o/r/actions/runs/5"


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"pull_request": {"number": "7"}}'])
def test_a_broken_event_names_no_pull_request(tmp_path: Path, text: str) -> None:
    """Half an event is refused; one without a number names no pull request."""
    (tmp_path / "event.json").write_text(text, encoding="utf-8")
    environment = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(tmp_path / "event.json")}
    try:
        assert runner.read_runner(environment).pull_request is None
    except RequestError as error:
        assert "is not JSON" in error.message  # noqa: PT017 (either answer is right, by the text)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000], ids=["list", "object"])
def test_an_event_that_is_nested_too_deeply_is_refused(tmp_path: Path, text: str) -> None:
    """The error names the file, as for other things that are no event."""
    (tmp_path / "event.json").write_text(text, encoding="utf-8")
    with pytest.raises(RequestError, match="event.json is nested too deeply"):
        runner.read_runner({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")})


def test_secrets_are_not_shown() -> None:
    """The address of the registry, which may hold a password, and the environment are not in the repr."""
    read = runner.read_runner({"MLFLOW_TRACKING_URI": "http://u:hunter2@h", "TOKEN": "hunter2"})
    assert "hunter2" not in repr(read)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["pull_request", "number", "head", "sha", "repository", "workflow_run"]), inner
        )
    ),
)


@given(event=ODD, name=st.sampled_from(["pull_request", "push", "workflow_run"]))
def test_an_event_of_any_shape_is_read(tmp_path_factory: pytest.TempPathFactory, event: Any, name: str) -> None:
    """What is not there, or not what it should be, is absent."""
    path = tmp_path_factory.mktemp("event") / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    around = runner.read_runner({"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(path), "GITHUB_SHA": "a"})
    assert around.pull_request is None or isinstance(around.pull_request, int)
    assert isinstance(around.head_sha, str)
    assert around.on_default_branch is False
    assert (around.reported_head is None) == (name != "workflow_run")


A, B, NO_COMMIT = "a" * 40, "b" * 40, "0" * 40
ON_MAIN = {"repository": {"default_branch": "main"}}
QUEUED = {"merge_group": {"base_sha": A, "head_ref": f"refs/heads/gh-readonly-queue/main/pr-42-{B}"}}


@pytest.mark.parametrize(
    ("name", "event", "ref", "expected"),
    [
        ("pull_request", {"pull_request": {"base": {"sha": A}}, "before": B}, "refs/pull/7/merge", A),
        ("merge_group", QUEUED, f"refs/heads/gh-readonly-queue/main/pr-42-{B}", A),
        ("push", {"before": A, **ON_MAIN}, "refs/heads/main", A),
        ("push", {"before": A, **ON_MAIN}, "refs/heads/topic", None),
        ("push", {"before": NO_COMMIT, **ON_MAIN}, "refs/heads/main", None),
        ("push", {"before": "--upload-pack=sh", **ON_MAIN}, "refs/heads/main", None),
        ("schedule", {"before": A, **ON_MAIN}, "refs/heads/main", None),
    ],
)
def test_the_base_of_an_event(name: str, event: dict[str, Any], ref: str, expected: str | None) -> None:
    """Where a change starts: the pull request's base, the queue's, or what the default branch was before the push."""
    assert runner.Runner(event_name=name, event=event, ref=ref).base_commit == expected


@pytest.mark.parametrize(
    ("head_ref", "expected"),
    [
        (QUEUED["merge_group"]["head_ref"], 42),
        (f"refs/heads/gh-readonly-queue/pr-1-x/pr-42-{B}", 42),
        ("refs/heads/pr-7-beef/topic", None),
        (None, None),
    ],
)
def test_the_pull_request_of_a_merge_queue(head_ref: str | None, expected: int | None) -> None:
    """GitHub writes its number last into the name of the queue's branch."""
    event = {"merge_group": {"head_ref": head_ref}}
    assert runner.Runner(event_name="merge_group", event=event).queued_pull == expected
    assert runner.Runner(event_name="push", event=event).queued_pull is None


def test_labels_are_those_of_the_pull_request() -> None:
    """By name; of an event of another shape there are none."""
    event: dict[str, Any] = {"pull_request": {"labels": [{"name": "bug"}, {"name": 7}, "odd", {"name": "a: b"}]}}
    assert runner.Runner(event_name="pull_request", event=event).labels == ("bug", "a: b")
    assert runner.Runner(event={"pull_request": {"labels": "all"}}).labels == ()
