"""Zip archives and NumPy's files, read by their indexes and heads only."""

from __future__ import annotations

import ast
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mlgate.promotion.formats.values import Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlgate.promotion.formats.values import ModelFile

LOCAL = b"PK\x03\x04"
_END = b"PK\x05\x06"
_LARGE = b"PK\x06\x07"
_END_SIZE = 22
MAX_INDEX = 8 * 1024 * 1024
MAX_ARRAYS = 10_000
MAX_HEADER = 10_000  # NumPy's own limit
NUMPY = b"\x93NUMPY"
PICKLED = "holds Python objects, which NumPy keeps as a pickle"


@contextmanager
def open_zip(file: ModelFile) -> Iterator[zipfile.ZipFile]:
    """Open an archive that is nothing but an archive, with an index of sane size; raises ValueError otherwise."""
    with file.open() as stream:
        first = stream.read(len(LOCAL))
        stream.seek(max(0, file.size - _END_SIZE - 20))
        tail = stream.read(_END_SIZE + 20)
        end = tail[-_END_SIZE:]
        size, start = (int.from_bytes(end[at : at + 4], "little") for at in (12, 16))
        # other bytes before, between or behind could be something else to another reader
        if first != LOCAL or not end.startswith(_END) or start + size + _END_SIZE != file.size:
            raise ValueError("a broken zip archive, or one with other bytes around it")
        if size > MAX_INDEX or tail.startswith(_LARGE):
            raise ValueError("a zip archive with too many members")
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if len(set(names)) < len(names):
                raise ValueError("a zip archive that holds a name twice")
            if {info.compress_type for info in archive.infolist()} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise ValueError("a zip archive compressed in an uncommon way")
            yield archive


def read_member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Read a member of at most `limit` bytes, whatever size it claims; raises ValueError for a larger one."""
    with archive.open(name) as member:
        data = member.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{name} is larger than {limit // 1024 // 1024} MiB")
    return data


def judge_npz(file: ModelFile) -> Format:
    """Judge an archive of arrays by each array's header."""
    kind = "NumPy archive"
    with open_zip(file) as archive:
        if len(archive.namelist()) > MAX_ARRAYS:
            return Format.unknown(kind, f"holds more than {MAX_ARRAYS:,} arrays")
        for name in archive.namelist():
            if not name.endswith(".npy"):
                return Format.unknown(kind, f"holds {name[:80]}, which is no array")
            with archive.open(name) as member:
                problem = array_problem(member.read(MAX_HEADER + 12))
            if problem:
                return problem
    return Format.safe(kind)


def judge_npy(file: ModelFile) -> Format:
    """Judge one array by its header."""
    return array_problem(file.head(MAX_HEADER + 12)) or Format.safe("NumPy array")


def array_problem(head: bytes) -> Format | None:
    """Say what is wrong with an array, by its header; None when it holds numbers or text only."""
    kind = "NumPy array"
    wide = 2 if head[6:7] == b"\x01" else 4
    length = int.from_bytes(head[8 : 8 + wide], "little")
    if not head.startswith(NUMPY) or head[6:7] not in {b"\x01", b"\x02", b"\x03"} or length > MAX_HEADER:
        return Format.unknown(kind, "not an array that NumPy wrote")
    header = ast.literal_eval(head[8 + wide : 8 + wide + length].decode("utf-8").strip())
    if any("O" in part for part in _texts(header["descr"])):
        return Format.code(kind, PICKLED)
    return None


def _texts(described: object) -> Iterator[str]:
    """List the types in a description: `<f8`, or fields `[("name", "<f8"), …]`, of which any may be nested."""
    if isinstance(described, str):
        yield described
    elif isinstance(described, list):
        for entry in described:
            yield from _texts(entry[1])
    else:
        raise ValueError("an array of a type that cannot be read")  # noqa: TRY004 (the file is wrong, not a caller)
