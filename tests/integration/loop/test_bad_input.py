"""What goes wrong on the road ends in a named outcome or error, and leaves the registry as it was."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mlgate.adapters.registry import versions
from tests.integration.conftest import open_workspace
from tests.integration.loop.conftest import CONFIG, TRAIN, Project


def registered(project: Project) -> list[str]:
    """List the candidates in the registry."""
    workspace = open_workspace(project.folder)
    return [entry.version for entry in versions.read_versions(workspace.registry, "tumours-candidates")]


def test_bad_rows_are_named_before_any_training(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A value out of range refuses the data with its row and key; `train` then refuses to start."""
    lines = project.text("train.csv").splitlines()
    lines[3] = lines[3].replace(lines[3].split(",")[1], "-5", 1)
    project.commit({"train.csv": "\n".join(lines) + "\n"})
    assert project.mlgate("validate") == 1
    shown = capsys.readouterr().out
    assert "FAIL" in shown
    assert "row 2 (1004): -5" in shown
    assert project.mlgate("train") == 2
    assert "was refused" in capsys.readouterr().err


def without_column(lines: list[str], index: int) -> list[str]:
    """Drop one column of CSV lines."""
    cells = [line.split(",") for line in lines]
    return [",".join(row[:index] + row[index + 1 :]) for row in cells]


BROKEN: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "empty": (lambda lines: lines[:0], "train.csv"),
    "no rows": (lambda lines: lines[:1], "row"),
    "missing column": (lambda lines: without_column(lines, 1), "mean_radius"),
    "missing label": (lambda lines: [lines[0].replace("benign", "malignant"), *lines[1:]], "benign"),
    "no target": (lambda lines: [lines[0], lines[1].rpartition(",")[0] + ",", *lines[2:]], "benign"),
    "one class": (lambda lines: [line for line in lines if not line.endswith(",0")], "class"),
    "duplicate keys": (lambda lines: [*lines, lines[1]], "1000"),
    "text for a number": (lambda lines: [lines[0], "x" + lines[1], *lines[2:]], "x1000"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_data_is_refused(project: Project, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Each kind of broken file is refused by name: as a verdict (1), or as data that cannot be read (2)."""
    change, said = BROKEN[name]
    lines = change(project.text("train.csv").splitlines())
    project.commit({"train.csv": "\n".join(lines) + ("\n" if lines else "")})
    code = project.mlgate("validate")
    shown = capsys.readouterr()
    assert code in {1, 2}
    assert said in shown.out + shown.err
    assert "Traceback" not in shown.out + shown.err


def test_a_missing_column_is_told_once(project: Project) -> None:
    """Schema and configuration both want the label; a reader needs to hear of it once."""
    lines = BROKEN["missing label"][0](project.text("train.csv").splitlines())
    project.commit({"train.csv": "\n".join(lines) + "\n"})
    project.mlgate("validate")
    told = [one for one in project.record("validation")["violations"] if one["rule"] == "column_missing"]
    assert [(one["file"], one["column"]) for one in told] == [("train.csv", "benign")]


def test_three_held_out_rows_decide_nothing(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The verdict is not a pass, production stays empty, and the reason names the rows."""
    lines = project.text("held_out.csv").splitlines()
    ill, well = ([line for line in lines[1:] if line.endswith(end)] for end in (",0", ",1"))
    project.commit({"held_out.csv": "\n".join([lines[0], *ill[:2], well[0]]) + "\n"})
    assert project.mlgate("validate") == 0
    assert project.mlgate("train") == 0
    assert project.mlgate("compare") == 1
    assert project.record("comparison")["verdict"]["outcome"] == "INCONCLUSIVE"
    assert "3 rows, and the gate judges from 30" in capsys.readouterr().out
    assert project.mlgate("promote") == 1


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("raise SystemExit('no convergence')\n", "no convergence"),
        ("print('done')\n", "logged no model"),
        ("import time; time.sleep(60)\n", "was stopped after 0.02 minutes"),
    ],
    ids=["crash", "no model", "time-out"],
)
def test_a_training_that_fails_is_an_outcome(
    project: Project, capsys: pytest.CaptureFixture[str], script: str, said: str
) -> None:
    """A crash, a training without a model and one without an end: ERROR, its last lines, nothing registered."""
    project.commit({"train.py": script, "mlgate.yaml": CONFIG.replace("inputs:", "timeout_minutes: 0.02, inputs:")})
    assert project.mlgate("run") == 1
    shown = capsys.readouterr().out
    assert said in shown
    assert "Traceback" not in shown
    assert project.record("training")["verdict"]["outcome"] == "ERROR"
    assert said in project.record("training")["verdict"]["sentence"]
    assert said.split(maxsplit=1)[0] in project.text(".mlgate/report.md")
    assert registered(project) == []


def test_a_model_that_no_promotion_would_take_is_no_candidate(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the merge would refuse is refused in the pull request, with the way to save it as data."""
    script = TRAIN.replace('name="model"', 'name="model", serialization_format="cloudpickle"')
    config = CONFIG + "promotion: {formats: refuse}\n"
    project.commit({"train.py": script, "mlgate.yaml": config})
    assert project.mlgate("run") == 1
    assert 'serialization_format="skops"' in capsys.readouterr().out
    verdict = project.record("training")["verdict"]
    assert (verdict["outcome"], verdict["decided_by"]) == ("FAIL", "promotion.formats")
    assert "a pickle, which runs code when loaded" in project.text(".mlgate/report.md")
    assert registered(project) == []


def test_a_training_s_last_words_command_nothing(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a job, what a crashed training printed is shown again, and the runner obeys none of it."""
    project.commit({"train.py": "print('::error::forged\\n  ::add-mask::a\\n##[error]x')\nraise SystemExit(3)\n"})
    assert project.mlgate("validate") == 0
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert project.mlgate("train") == 1
    printed = capsys.readouterr().out
    _, told, after = re.split(r"^::(?:stop-commands::)?[0-9a-f]{32}(?:::)?$", printed, flags=re.MULTILINE)
    assert "::error::forged" in told
    assert "\\::error::forged" in after
    obeyed = [line for line in after.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    assert obeyed == ["::endgroup::"]


def test_a_cancelled_job_ends_its_training(project: Project) -> None:
    """SIGTERM ends mlgate, what it started, and the run; the same command works again."""
    project.commit({"train.py": "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(60)\n"})
    assert project.mlgate("validate") == 0
    command = [sys.executable, "-m", "mlgate", "train"]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    started = subprocess.Popen(command, cwd=project.folder, env=environment, stderr=subprocess.PIPE, text=True)
    pid = project.folder / "pid"
    end = time.monotonic() + 60
    while not (pid.is_file() and pid.read_text(encoding="utf-8")) and time.monotonic() < end:
        time.sleep(0.1)
    started.terminate()
    _, said = started.communicate(timeout=30)
    assert started.returncode == 130
    assert "run the same command again" in said
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text(encoding="utf-8")), 0)
    project.commit({"train.py": TRAIN})
    assert project.mlgate("train") == 0


def test_an_unreachable_registry_is_the_outside(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that is away: exit 3, its address without the password, and what to check."""
    project.commit({"mlgate.yaml": CONFIG.replace("sqlite:///mlflow.db", "http://ci:hunter2@127.0.0.1:9")})
    assert project.mlgate("validate") == 3
    said = capsys.readouterr().err
    assert "http://127.0.0.1:9" in said
    assert "MLFLOW_TRACKING_URI" in said
    assert "hunter2" not in said


def test_an_error_is_in_the_report_until_it_is_gone(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """What ended the run stands where the verdict would; the report of a run before it does not stay."""
    assert project.mlgate("run", "--operation", "check") == 0
    project.commit(
        {"mlgate.yaml": CONFIG.replace("command: python train.py", "command: python train.py, python: gone")}
    )
    assert project.mlgate("run", "--operation", "check") == 2
    capsys.readouterr()
    told = project.text(".mlgate/report.md")
    assert "**ERROR** · `tumours`: an error ended the run before it could decide" in told
    assert "gone" in told
    assert "**Next**" in told
    project.commit({"mlgate.yaml": CONFIG})
    assert project.mlgate("validate") == 0
    assert project.mlgate("report") == 0
    assert "an error" not in project.text(".mlgate/report.md")


def test_no_registry_is_a_configuration_error(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """MLflow's default would quietly make a database; mlgate asks for a name."""
    project.commit({"mlgate.yaml": CONFIG.rpartition("registry:")[0]})
    assert project.mlgate("validate") == 0
    assert project.mlgate("train") == 2
    assert "MLFLOW_TRACKING_URI" in capsys.readouterr().err


NAN_MODEL = TRAIN.replace(
    "mlflow.sklearn.log_model(model, ",
    """
class Broken(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [float("nan")] * len(model_input)

mlflow.pyfunc.log_model(python_model=Broken(), """,
)


@pytest.mark.parametrize(
    ("script", "said"),
    [(NAN_MODEL, "finite"), (NAN_MODEL.replace("* len(model_input)", "* 3"), "3 predictions for 284 rows")],
    ids=["NaN", "three rows"],
)
def test_a_model_that_answers_nonsense_never_passes(
    project: Project, capsys: pytest.CaptureFixture[str], script: str, said: str
) -> None:
    """NaN and the wrong number of rows are an ERROR; promotion refuses."""
    project.commit({"train.py": script})
    assert project.mlgate("run") == 1
    assert said in capsys.readouterr().out
    assert project.record("comparison")["verdict"]["outcome"] == "ERROR"
    assert project.mlgate("promote") == 1
    assert "did not pass its gate" in capsys.readouterr().out
