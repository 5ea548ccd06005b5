"""Records and reports on disk, written atomically; digests of files."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from mlgate import __version__
from mlgate.errors import OutsideError, RecordError
from mlgate.escape import visible
from mlgate.records import ComparisonRecord, Figures, Record

if TYPE_CHECKING:
    from collections.abc import Callable

AnyRecord = TypeVar("AnyRecord", bound=Record)
MIB = 1024 * 1024
MAX_RECORD_BYTES = 32 * MIB  # some 48,000 answers of rules; indented, as the registry keeps them, twice that at most
MAX_CLAIM_BYTES = 16 * MIB  # of a record that a stranger may have written
MAX_FIGURES_BYTES = MIB
FIGURES = "figures"
MAX_RECORDS_BYTES = 256 * MIB
MAX_MODELS, MAX_ENTRIES = 1000, 10_000
MOST_STEPS = 8  # of the way to a fault in a record
LARGE = "let it hold less: fewer slices (raise min_rows of gate.slices, or cut by fewer columns), rules or parameters"
REMAKE = "make the records again"
LOADED_NOTE = "registered_model_meta"
MAX_NOTE_BYTES = 4096
_NOTE = re.compile(rb"(model_name: '?\w[\w .-]*'?\nmodel_version: ('?\d+'?|null)\n)?")  # empty while it is written


def write_text(path: Path, text: str) -> None:
    """Write `text` so that a reader sees the old file or the new one, never a half; raises OutsideError.

    Whatever ends the writing, no half is left beside it. Only a process that is killed at once leaves one. Nothing
    reads it, and the next writing leaves it alone, since it may be another process's that is at work.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        half = Path(name)
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(text)
            half.chmod(0o666 & ~_umask())
            half.replace(path)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutsideError(f"{path} cannot be written: {error}", hint="check the disk and the permissions") from error


@cache
def _umask() -> int:
    """Read what new files may not be; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def write_record(folder: Path, record: Record, name: str = "") -> Path:
    """Write `record` to `folder/<model>/<step>.json` (or `<name>.json`) and return that path.

    Raises RecordError for one that is too large to be read again.
    """
    path = folder / record.model / f"{name or record.step}.json"
    text = record.model_dump_json() + "\n"
    size = len(text.encode())
    if size > MAX_RECORD_BYTES:
        raise RecordError(
            f"the {record.step} record of {record.model} would have {size // MIB} MiB, "
            f"and {MAX_RECORD_BYTES // MIB} MiB of one can be read again",
            hint=LARGE,
        )
    write_text(path, text)
    return path


def read_record(
    folder: Path, model: str, kind: type[AnyRecord], name: str = "", *, most: int = MAX_RECORD_BYTES
) -> AnyRecord:
    """Read the record that an earlier step left (as `name`).

    Raises RecordError when it is missing, not one, or has more than `most` bytes.
    """
    path = record_path(folder, model, name or kind.step)
    verb = {"validation": "validate", "training": "train", "comparison": "compare"}.get(kind.step, "promote")
    hint = f"run `mlgate {verb} --model {model}` first"
    try:
        text = _read_plain(path, most)
        if text is None:
            raise RecordError(f"{path} has more than the {most // MIB} MiB that are read of a record here", hint=LARGE)
        record = kind.model_validate_json(text)
    except FileNotFoundError as error:
        raise RecordError(f"there is no {kind.step} record of {model} ({path})", hint=hint) from error
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error}", hint=hint) from error
    except ValidationError as error:
        message = f"{path} is not a {kind.step} record: {_first_fault(error)}"
        raise RecordError(message, hint=_other_version(text or b"") or hint) from error
    if record.model != model:
        raise RecordError(f"{path} is a record of {record.model[:80]!r}, not of {model!r}", hint=hint)
    return record


def _first_fault(error: ValidationError) -> str:
    """Say where and what the first fault is: a key or a value may be as long as the record."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = "".join(f"{visible(part, 60)}: " for part in first["loc"][:MOST_STEPS])
    return f"{where}{visible(first['msg'], 200)}"


def _other_version(text: bytes) -> str:
    """Say which mlgate wrote what cannot be read, where it was another one; else nothing."""
    try:
        document = from_json(text)
    except ValueError:
        return ""
    told = document.get("mlgate") if isinstance(document, dict) else None
    if not isinstance(told, str) or told == __version__:
        return ""
    return f"it was written by mlgate {visible(told, 40)}, and this is {__version__}: use the same version in all jobs"


def find_record(
    folder: Path, model: str, kind: type[AnyRecord], name: str = "", *, most: int = MAX_RECORD_BYTES
) -> AnyRecord | None:
    """Read a record of at most `most` bytes, or None when that step has not run."""
    there = os.path.lexists(record_path(folder, model, name or kind.step))
    return read_record(folder, model, kind, name, most=most) if there else None


def _read_plain(path: Path, most: int) -> bytes | None:
    """Read a plain file, or return None where it has more than `most` bytes; raises RecordError for anything else."""
    with open(path, "rb", opener=_open_plain) as file:
        text = file.read(most + 1)
    return text if len(text) <= most else None


def _open_plain(path: str, flags: int) -> int:
    """Open what somebody may have uploaded: no link is followed, and no pipe or device waited for."""
    aside = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK"))  # Windows has neither
    descriptor = os.open(path, flags | sum(aside))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RecordError(f"{path} is not a plain file, as records are", hint=REMAKE)
    return descriptor


def keep_figures(folder: Path, model: str, figures: Figures | None) -> None:
    """Write the figures of a comparison beside its record, or remove those of an older one."""
    path = record_path(folder, model, FIGURES)
    if figures is None:
        path.unlink(missing_ok=True)
    else:
        write_text(path, figures.model_dump_json() + "\n")


def find_figures(folder: Path, model: str, doubt: Callable[[str], None]) -> Figures | None:
    """Read the figures of a comparison; what is there and cannot be read is told to `doubt`, since nothing needs it.

    Raises RecordError for what is not a plain file.
    """
    path = record_path(folder, model, FIGURES)
    try:
        text = _read_plain(path, MAX_FIGURES_BYTES)
        if text is None:
            doubt(f"{path} is larger than any figures; the report has no pictures")
            return None
        figures = Figures.model_validate_json(text)
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        doubt(f"{path} does not hold figures of this version of mlgate; the report has no pictures")
        return None
    return figures if figures.model == model else None


def record_path(folder: Path, model: str, name: str) -> Path:
    """Name a record's file; raises RecordError for a link, since a folder that somebody uploaded may hold one."""
    path = folder / model / f"{name}.json"
    if path.is_symlink() or path.parent.is_symlink():
        raise RecordError(f"{path} is a link, and records are plain files", hint=REMAKE)
    return path


def recorded_models(folder: Path) -> list[str]:
    """List the models that have at least one record in `folder`, by name; raises RecordError for a flood of them."""
    if not folder.is_dir():
        return []
    names = sorted(entry.name for entry in islice(folder.iterdir(), MAX_ENTRIES) if any(entry.glob("*.json")))
    sizes = (path.lstat().st_size for name in names for path in islice((folder / name).glob("*.json"), MAX_ENTRIES))
    if len(names) > MAX_MODELS or sum(sizes) > MAX_RECORDS_BYTES:
        raise RecordError(
            f"{folder} holds more than {MAX_MODELS} models or {MAX_RECORDS_BYTES // MIB} MiB of records",
            hint="name the models to report on: --model NAME",
        )
    return names


def is_recorded(folder: Path, model: str) -> bool:
    """Whether a model has at least one record in `folder`."""
    return any((folder / model).glob("*.json"))


def forget_records(folder: Path, model: str, kinds: tuple[type[Record], ...]) -> None:
    """Remove what later steps wrote before, so that no step reads the result of an older run."""
    for kind in kinds:
        (folder / model / f"{kind.step}.json").unlink(missing_ok=True)
        if kind is ComparisonRecord:
            keep_figures(folder, model, None)


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def manifest(folder: Path) -> dict[str, tuple[int, str]]:
    """Map each file below `folder` to its size in bytes and sha256; links are not followed, other kinds refused.

    Left out is the note that MLflow writes beside a model when it loads one from a local store: it says under which
    name the model was loaded, and nothing reads code from it. A file of that name with anything else in it is a file
    like others, since a model may name it as its own.
    """
    entries: dict[str, tuple[int, str]] = {}
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root, name)
            if path.is_symlink() or not path.is_file():
                raise OutsideError(f"{path} is not a plain file", hint="a model may hold files and folders only")
            if path == folder / LOADED_NOTE and _is_note(path):
                continue
            if not str(path).isascii() and str(path).encode(errors="replace").decode() != str(path):
                raise OutsideError(f"{path!r} is not a name in UTF-8", hint="name the model's files in UTF-8")
            digest = sha256_of(path)
            entries[path.relative_to(folder).as_posix()] = (path.stat().st_size, digest)
    return entries


def _is_note(path: Path) -> bool:
    """Whether a file is MLflow's YAML of a model's name and version, to the letter, and nothing that could be more."""
    return path.stat().st_size < MAX_NOTE_BYTES and _NOTE.fullmatch(path.read_bytes()) is not None


def manifest_digest(entries: dict[str, tuple[int, str]]) -> str:
    """Return the sha256 over the sorted lines `path NUL size NUL sha256`."""
    lines = [f"{path}\0{size}\0{digest}\n" for path, (size, digest) in sorted(entries.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
