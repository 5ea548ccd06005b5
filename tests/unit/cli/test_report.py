"""`mlgate report`: which models it knows, and what it takes from a configuration beside the records."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from mlgate.__main__ import run
from mlgate.adapters.runner import Runner
from mlgate.steps import report as steps
from mlgate.steps.report import Published, Telling, publish
from tests.bed.reporting import CASES, report
from tests.integration.loop.conftest import CONFIG

LOCK = Path(__file__).parents[3] / "requirements" / "report.txt"
MODEL: str = CASES["MODEL"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(folder: Path, more: str = "") -> None:
    """Write a configuration of the recorded model and of one whose steps left nothing."""
    first = CONFIG.replace("  tumours:", f"  {MODEL}:", 1)
    second = "".join(CONFIG.partition("  tumours:")[1:]).partition("registry:")[0]
    text = first.replace("registry:", f"{second}registry:")
    (folder / "mlgate.yaml").write_text(text + more, encoding="utf-8")


def test_an_unknown_model_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It exits 2, names those there are, and leaves the report that is there as it is."""
    report(folder, monkeypatch, "push")
    before = (folder / ".mlgate" / "report.md").read_bytes()
    capsys.readouterr()
    assert report(folder, monkeypatch, "push", "--model", "nope") == 2
    assert (
        f"there is no model 'nope' in {folder / '.mlgate'} or the configuration; there are: {MODEL}"
        in capsys.readouterr().err
    )
    configure(folder)
    assert report(folder, monkeypatch, "push", "--model", "nope") == 2
    assert f"there are: {MODEL}, tumours" in capsys.readouterr().err
    assert (folder / ".mlgate" / "report.md").read_bytes() == before


def test_a_model_without_records_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the configuration has it, where nothing is known of any, and where a second workflow names it."""
    assert run(["report", "--model", "tumours"]) == 0
    assert "nothing to show" in (folder / ".mlgate" / "report.md").read_text(encoding="utf-8")
    assert report(folder, monkeypatch, "workflow_run", "--model", "tumours", GITHUB_REPOSITORY="") == 0
    configure(folder)
    assert report(folder, monkeypatch, "push", "--model", "tumours") == 0
    assert "nothing to show" in (folder / ".mlgate" / "report.md").read_text(encoding="utf-8")


def told(folder: Path, around: pytest.MonkeyPatch, *options: str, event: str = "push") -> Telling:
    """Run the command, and return what is told to whom."""
    seen: list[Telling] = []

    def note(runner: Runner, records: Path, telling: Telling) -> Published:
        seen.append(telling)
        return publish(runner, records, replace(telling, check=False))

    around.setattr(steps, "publish", note)
    assert report(folder, around, event, *options, GITHUB_REPOSITORY="") == 0
    return seen[0]


SECTION = "report: {comment: on-failure, template: ours.md.j2, check: true}\n"


def test_the_configuration_says_what_no_option_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `mlgate run` does; an option goes before it, and an action's empty input is none."""
    configure(folder, SECTION)
    (folder / "ours.md.j2").write_text("{% block hints %}ours{% endblock %}", encoding="utf-8")
    for name in ("COMMENT", "TEMPLATE", "CHECK"):
        monkeypatch.setenv(f"MLGATE_REPORT_{name}", "")
    found = told(folder, monkeypatch)
    assert (found.comment, found.template, found.check) == ("on-failure", Path("ours.md.j2"), True)
    (folder / "theirs.md.j2").write_text("{% block hints %}theirs{% endblock %}", encoding="utf-8")
    found = told(folder, monkeypatch, "--comment", "off", "--template", "theirs.md.j2", "--no-check")
    assert (found.comment, found.template, found.check) == ("off", Path("theirs.md.j2"), False)
    assert "theirs" in (folder / ".mlgate" / "report.md").read_text(encoding="utf-8")


def test_after_a_workflow_run_no_configuration_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was checked out there, and an artifact may hold a file of that name."""
    configure(folder, SECTION + "no: key\n")
    found = told(folder, monkeypatch, event="workflow_run")
    assert (found.comment, found.template, found.check, found.known) == ("always", None, False, ())


def test_records_from_elsewhere_have_no_configuration(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only that of the working directory counts, and there a wrong key is an error as everywhere."""
    configure(folder, SECTION.replace("check", "chekc"))
    (folder / "sub").mkdir()
    assert told(folder / "sub", monkeypatch).comment == "always"
    assert report(folder, monkeypatch, "push") == 2
    assert "report.chekc" in capsys.readouterr().err


def test_reading_a_configuration_is_light(folder: Path) -> None:
    """It needs nothing that the report action does not install."""
    configure(folder, SECTION)
    code = (
        "import sys\nfrom pathlib import Path\nbefore = set(sys.modules)\n"
        "from mlgate.config.load import load\nload(Path('mlgate.yaml'))\n"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    installed = set(re.findall(r"(?m)^([a-z][^ =]+)==", LOCK.read_text(encoding="utf-8")))
    outside = set(done.stdout.split()) & set(packages_distributions())
    needed = {name for module in outside for name in packages_distributions()[module]}
    assert {canonicalize_name(name) for name in needed} <= installed | {"mlgate"}


def test_the_page_is_opened_when_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the browser that the system names, and only then."""
    opened: list[str] = []
    monkeypatch.setattr("click.launch", opened.append)
    assert report(folder, monkeypatch, "push") == 0
    assert opened == []
    assert report(folder, monkeypatch, "push", "--open") == 0
    assert opened == [str(folder / ".mlgate" / "report.html")]
