"""Which files a path means: one file, the files of a partitioned folder, or those that a pattern matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.errors import AbsentDataError, DataError

if TYPE_CHECKING:
    from pathlib import Path

PACKED = ("", ".gz", ".zst")
SUFFIXES = {
    ".parquet": "parquet",
    **{f".csv{packed}": "csv" for packed in PACKED},
    **{f"{suffix}{packed}": "jsonl" for suffix in (".jsonl", ".ndjson") for packed in PACKED},
    **dict.fromkeys((".arrow", ".feather", ".ipc"), "arrow"),
}
TYPELESS = {"csv"}
PATTERN = frozenset("*?[")


def kind_of_file(path: Path) -> str:
    """Return what a data file is by its name; raises DataError for a kind that mlgate does not read."""
    name = path.name.lower()
    found = next((kind for suffix, kind in SUFFIXES.items() if name.endswith(suffix)), None)
    if found is None:
        raise DataError(
            f"{path} is of a kind that mlgate does not read",
            hint=f"use one of {', '.join(SUFFIXES)}; Parquet keeps types and is the quickest",
        )
    return found


def has_types(file: str) -> bool:
    """Whether a file, by its name, says of which types its columns are; CSV is text."""
    name = file.lower()
    return not any(name.endswith(suffix) for suffix, kind in SUFFIXES.items() if kind in TYPELESS)


def is_typed(path: Path) -> bool:
    """Whether what a path means, a file, a folder or a pattern, says of which types its columns are."""
    return is_delta(path) or kind_of_file(members(path)[0]) not in TYPELESS


def is_pattern(path: Path) -> bool:
    """Whether a path is a pattern such as data/part-*.parquet, and no file by that very name."""
    return not path.exists() and any(PATTERN & set(part) for part in path.relative_to(start_of(path)).parts)


def start_of(path: Path) -> Path:
    """Return the folder that a folder or a pattern starts from: the longest part of the path that is one."""
    return next(parent for parent in (path, *path.parents) if parent.is_dir())


def is_delta(path: Path) -> bool:
    """Whether a path is the folder of a Delta table."""
    return (path / "_delta_log").is_dir()


def members(path: Path) -> tuple[Path, ...]:
    """List the data files that a path means, sorted; raises AbsentDataError for none, DataError for two kinds."""
    if path.is_file():
        return (path,)
    if path.is_dir():
        found = [file for file in path.rglob("*") if file.is_file() and not _hidden(file.relative_to(path))]
        what = f"{path} is a folder without data files in it"
    elif is_pattern(path):
        start = start_of(path)
        found = [file for file in start.glob(str(path.relative_to(start))) if file.is_file()]
        what = f"no file matches {path}"
    else:
        raise AbsentDataError(f"{path} does not exist", hint="correct the path, or make the file before this step")
    if not found:
        raise AbsentDataError(what, hint="correct the path, or make the files before this step")
    kinds = sorted({kind_of_file(file) for file in found})
    if len(kinds) > 1:
        raise DataError(f"{path} holds files of several kinds: {', '.join(kinds)}", hint="name the files of one kind")
    return tuple(sorted(found))


def _hidden(path: Path) -> bool:
    """Whether a file is one of those that writers leave beside the data, such as _SUCCESS and .crc files."""
    return any(part.startswith((".", "_")) for part in path.parts)
