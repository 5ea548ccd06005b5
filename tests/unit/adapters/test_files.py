"""Records are whole or absent; a manifest names every byte."""

from __future__ import annotations

import json
import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mlflow.utils.yaml_utils import write_yaml

from mlgate import __version__
from mlgate.adapters import files
from mlgate.errors import OutsideError, RecordError
from mlgate.records import Code, ComparisonRecord, Figures, ModelFigures, PromotionRecord, ValidationRecord
from mlgate.verdict import Finding, Outcome, Verdict

RECORD = ValidationRecord(
    model="churn",
    mlgate="0",
    code=Code(commit="c", inputs_digest="d", inputs=(".",)),
    verdict=Verdict(outcome=Outcome.PASS, decided_by="x", sentence="y"),
    findings=(),
)


DEEP = '{"model":' * 100_000


def test_a_record_comes_back_equal(tmp_path: Path) -> None:
    """What was written is read."""
    files.write_record(tmp_path, RECORD)
    assert files.read_record(tmp_path, "churn", ValidationRecord) == RECORD
    assert files.recorded_models(tmp_path) == ["churn"]


def findings(number: int) -> ValidationRecord:
    """Make a record of so many KiB, most of it findings."""
    finding = Finding(rule="x", outcome=Outcome.PASS, reason="holds", sentence="s" * 930)
    return RECORD.model_copy(update={"findings": (finding,) * number})


def test_a_record_of_twenty_megabytes_comes_back(tmp_path: Path) -> None:
    """Forty metrics on five hundred slices have as much to say; of a stranger's as much is not read."""
    record = findings(20 * 1024)
    path = files.write_record(tmp_path, record)
    assert path.stat().st_size > 20_000_000
    assert files.read_record(tmp_path, "churn", ValidationRecord) == record
    with pytest.raises(RecordError, match="has more than the 16 MiB that are read of a record here"):
        files.find_record(tmp_path, "churn", ValidationRecord, most=files.MAX_CLAIM_BYTES)


def test_a_record_that_could_not_be_read_is_not_written(tmp_path: Path) -> None:
    """The step that makes it says so, and not the one that needs it."""
    with pytest.raises(RecordError, match="record of churn would have 33 MiB, and 32 MiB of one can be read") as error:
        files.write_record(tmp_path, findings(34 * 1024))
    assert "fewer slices" in error.value.hint
    assert list(tmp_path.iterdir()) == []


def test_no_half_file_is_left(tmp_path: Path) -> None:
    """Writing leaves the record and nothing beside it."""
    files.write_record(tmp_path, RECORD)
    assert [path.name for path in (tmp_path / "churn").iterdir()] == ["validation.json"]


FULL = """
import resource, signal, sys
from pathlib import Path
from mlgate.adapters.files import write_text
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
write_text(Path(sys.argv[1]), "x" * 5000)
"""


def test_a_full_disk_leaves_the_old_file_alone(tmp_path: Path) -> None:
    """What could be written of the new one is taken away again."""
    path = tmp_path / "report.md"
    path.write_text("old", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", FULL, path], capture_output=True, text=True, check=False)
    assert f"OutsideError: {path} cannot be written: [Errno 27] File too large" in done.stderr
    assert [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize("ending", [KeyboardInterrupt, OSError("gone"), ValueError("a bug")])
def test_whatever_ends_the_writing_leaves_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: BaseException | type[BaseException]
) -> None:
    """A runner that cancels the job interrupts, as Ctrl-C does."""

    def end(*_: object) -> None:
        raise ending

    monkeypatch.setattr(Path, "replace", end)
    with pytest.raises((KeyboardInterrupt, OutsideError, ValueError)):
        files.write_text(tmp_path / "report.md", "new")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_record_says_which_command_makes_it(tmp_path: Path) -> None:
    """The hint is the command of the step before."""
    with pytest.raises(RecordError) as error:
        files.read_record(tmp_path, "churn", ValidationRecord)
    assert error.value.hint == "run `mlgate validate --model churn` first"
    assert files.find_record(tmp_path, "churn", ValidationRecord) is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"format": 2}', '{"format": 1, "model": 5}', "\x00" * 100, pytest.param(DEEP, id="deep")],
)
def test_a_broken_record_is_named(tmp_path: Path, text: str) -> None:
    """Half a record, or one of another format, is never taken for one."""
    (tmp_path / "churn").mkdir()
    (tmp_path / "churn" / "validation.json").write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match="is not a validation record"):
        files.read_record(tmp_path, "churn", ValidationRecord)


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        (
            {"mlgate": "9.1", "fairness": 1},
            f"it was written by mlgate 9.1, and this is {__version__}: use the same version in all jobs",
        ),
        ({"mlgate": "9.1", "format": 2}, "it was written by mlgate 9.1"),
        ({"mlgate": "9\n" * 999, "format": 2}, r"it was written by mlgate 9\n9\n"),
        ({"mlgate": __version__, "fairness": 1}, "run `mlgate validate --model churn` first"),
        ({"mlgate": 9, "fairness": 1}, "run `mlgate validate --model churn` first"),
    ],
)
def test_a_record_of_another_version_says_so(tmp_path: Path, changes: dict[str, object], hint: str) -> None:
    """Where the versions differ, to run the step again would not help."""
    path = files.write_record(tmp_path, RECORD)
    path.write_text(json.dumps({**RECORD.model_dump(mode="json"), **changes}), encoding="utf-8")
    with pytest.raises(RecordError, match="is not a validation record") as error:
        files.read_record(tmp_path, "churn", ValidationRecord)
    assert error.value.hint.startswith(hint)
    assert len(error.value.hint) < 200


LONG = "x" * 3_000_000


@pytest.mark.parametrize(
    "changes",
    [
        {LONG: 1},
        {"model": LONG},
        {"mlgate": LONG, "fairness": 1},
        {"verdict": {"outcome": LONG, "decided_by": "", "sentence": ""}},
        {"created_at": LONG},
        {"\n::error::\x1b[31m": 1},
    ],
    ids=["key", "model", "version", "outcome", "moment", "command"],
)
def test_a_fault_is_told_in_a_line(tmp_path: Path, changes: dict[str, object]) -> None:
    """However long and strange what is wrong is, since the error becomes an annotation."""
    path = files.write_record(tmp_path, RECORD)
    path.write_text(json.dumps({**RECORD.model_dump(mode="json"), **changes}), encoding="utf-8")
    with pytest.raises(RecordError) as error:
        files.read_record(tmp_path, "churn", ValidationRecord)
    said = error.value.message + error.value.hint
    assert len(said) < len(str(path)) + 700
    assert said.isprintable()


def test_a_record_of_another_model_is_refused(tmp_path: Path) -> None:
    """A record that lies in the wrong folder is not believed."""
    path = files.write_record(tmp_path, RECORD)
    (tmp_path / "fraud").mkdir()
    (tmp_path / "fraud" / path.name).write_bytes(path.read_bytes())
    with pytest.raises(RecordError, match="is a record of 'churn', not of 'fraud'"):
        files.read_record(tmp_path, "fraud", ValidationRecord)


def test_forgetting_removes_only_what_is_named(tmp_path: Path) -> None:
    """A step forgets the records of the steps after it, also when there are none."""
    files.write_record(tmp_path, RECORD)
    files.forget_records(tmp_path, "churn", (PromotionRecord,))
    assert files.find_record(tmp_path, "churn", ValidationRecord) == RECORD
    files.forget_records(tmp_path, "churn", (ValidationRecord,))
    assert files.find_record(tmp_path, "churn", ValidationRecord) is None


def test_more_records_than_a_report_reads_are_refused_before_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All files together count, whatever is in them; at the limit they are taken, a byte above it they are not."""
    for model in ("churn", "fraud"):
        (tmp_path / model).mkdir()
        for name in ("validation", "training"):
            (tmp_path / model / f"{name}.json").write_bytes(bytes(512))
    monkeypatch.setattr(files, "MAX_RECORDS_BYTES", 2048)
    assert files.recorded_models(tmp_path) == ["churn", "fraud"]
    with (tmp_path / "fraud" / "training.json").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(RecordError, match="holds more than 1000 models or 0 MiB of records"):
        files.recorded_models(tmp_path)


def test_what_a_link_leads_to_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link is as long as its words; it is refused when it is read."""
    (tmp_path / "big").write_bytes(bytes(4096))
    (tmp_path / "records" / "churn").mkdir(parents=True)
    (tmp_path / "records" / "churn" / "validation.json").symlink_to(tmp_path / "big")
    monkeypatch.setattr(files, "MAX_RECORDS_BYTES", 2048)
    assert files.recorded_models(tmp_path / "records") == ["churn"]
    with pytest.raises(RecordError, match="is a link"):
        files.read_record(tmp_path / "records", "churn", ValidationRecord)


FIGURES = Figures(model="churn", task="binary", confidence_level=0.95, candidate=ModelFigures())


def test_figures_stand_beside_the_record_and_go_with_it(tmp_path: Path) -> None:
    """They come back equal, and who forgets the comparison forgets them; without them nothing is said."""
    doubts: list[str] = []
    files.keep_figures(tmp_path, "churn", FIGURES)
    assert files.find_figures(tmp_path, "churn", doubts.append) == FIGURES
    files.forget_records(tmp_path, "churn", (ComparisonRecord,))
    assert files.find_figures(tmp_path, "churn", doubts.append) is None
    assert not doubts


@pytest.mark.parametrize(
    "text", ["", "{", '{"format": 2}', pytest.param(DEEP, id="deep"), "x" * (files.MAX_FIGURES_BYTES + 1)]
)
def test_what_is_not_figures_is_doubted(tmp_path: Path, text: str) -> None:
    """A fork's file that is broken or huge takes the pictures away, and not the report."""
    (tmp_path / "churn").mkdir()
    (tmp_path / "churn" / f"{files.FIGURES}.json").write_text(text, encoding="utf-8")
    doubts: list[str] = []
    assert files.find_figures(tmp_path, "churn", doubts.append) is None
    assert "the report has no pictures" in doubts[0]


def no_plain_files(path: Path) -> dict[str, Callable[[], object]]:
    """Make what is no file, each at `path`."""
    return {
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "device": lambda: os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5)),
        "link": lambda: path.symlink_to("/etc/hostname"),
        "dangling link": lambda: path.symlink_to(path.parent / "nothing"),
    }


@pytest.mark.parametrize("name", ["validation", files.FIGURES])
@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "link", "dangling link"])
def test_what_is_no_plain_file_is_refused_at_once(tmp_path: Path, name: str, kind: str) -> None:
    """A pipe, which would be waited for without an end; a device, which has no size; a folder; and links."""
    (tmp_path / "churn").mkdir()
    try:
        no_plain_files(tmp_path / "churn" / f"{name}.json")[kind]()
    except PermissionError:
        pytest.skip(f"only root makes a {kind}")
    reads: dict[str, Callable[[], object]] = {
        files.FIGURES: lambda: files.find_figures(tmp_path, "churn", print),
        "validation": lambda: files.find_record(tmp_path, "churn", ValidationRecord),
    }
    with pytest.raises(RecordError, match="plain file"):
        reads[name]()


def test_a_file_that_says_it_is_empty_is_read_to_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is what is read, and not what it was when it was opened."""
    monkeypatch.setattr(files, "record_path", lambda *_: Path("/proc/self/status"))
    with pytest.raises(RecordError, match="has more than the 0 MiB that are read of a record here"):
        files.read_record(tmp_path, "churn", ValidationRecord, most=10)


def test_the_manifest_digest_names_path_and_bytes(tmp_path: Path) -> None:
    """Equal folders have equal digests; another byte or another name changes it."""

    def digest(names: dict[str, str]) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        for name, text in names.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return files.manifest_digest(files.manifest(folder))

    first = digest({"MLmodel": "a", "data/model.skops": "b"})
    assert first == digest({"data/model.skops": "b", "MLmodel": "a"})
    assert first != digest({"MLmodel": "a", "data/model.skops": "c"})
    assert first != digest({"MLmodel": "a", "model.skops": "b"})


def test_loading_a_model_does_not_change_its_manifest(tmp_path: Path) -> None:
    """MLflow's note of having loaded a model is left out; a file of that name deeper inside is not."""
    (tmp_path / "code").mkdir()
    (tmp_path / "MLmodel").touch()
    before = files.manifest(tmp_path)
    note = {"model_name": "churn", "model_version": "3"}
    write_yaml(str(tmp_path), "registered_model_meta", note, ensure_yaml_extension=False)
    assert files.manifest(tmp_path) == before
    (tmp_path / "code" / "registered_model_meta").touch()
    assert files.manifest(tmp_path) != before


NOTE = b"model_name: churn\nmodel_version: '3'\n"


@pytest.mark.parametrize("note", [NOTE, b"model_name: a.b-c d\nmodel_version: 3\n", b""])
def test_the_note_alone_is_left_out(tmp_path: Path, note: bytes) -> None:
    """Two plain words as MLflow writes them; nothing yet, while it does."""
    (tmp_path / "registered_model_meta").write_bytes(note)
    assert files.manifest(tmp_path) == {}


@pytest.mark.parametrize(
    "other",
    [
        pickle.dumps("a model"),
        NOTE + b"more: 1\n",
        b"# " + NOTE,
        NOTE + pickle.dumps("a model"),
        b"model_name: __import__('os').getcwd()\nmodel_version: 1\n",
        b"model_name: !!python/name:os.getcwd\nmodel_version: 1\n",
        b"model_version: 1\n",
        b"model_name: " + 5000 * b"a" + b"\nmodel_version: 1\n",
    ],
)
def test_what_only_has_the_note_s_name_is_a_file_of_the_model(tmp_path: Path, other: bytes) -> None:
    """A model may name it as its own, so that its bytes are among those that are judged."""
    (tmp_path / "registered_model_meta").write_bytes(other)
    assert list(files.manifest(tmp_path)) == ["registered_model_meta"]


def test_a_link_in_a_model_is_refused(tmp_path: Path) -> None:
    """A model's folder may not point elsewhere."""
    (tmp_path / "model.pkl").symlink_to("/etc/hostname")
    with pytest.raises(OutsideError, match="is not a plain file"):
        files.manifest(tmp_path)
