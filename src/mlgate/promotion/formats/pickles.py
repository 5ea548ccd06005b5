"""Tell a pickle by what Python's unpickler would do with the bytes, under whatever name and compression.

A pickle is a program that needs no magic bytes: a text file can be one. So the bytes are walked as the unpickler walks
them, operation by operation, with the depth of its stack and nothing else. Where it would end or stop with an error
before it calls anything, no code runs; wherever that is not certain, the file counts as a pickle.
"""

from __future__ import annotations

import bz2
import lzma
import pickletools
import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from mlgate.promotion.formats.values import HEAD

if TYPE_CHECKING:
    from collections.abc import Callable

Walked = Literal["no", "yes", "open"]

_OPERATIONS = {ord(operation.code): operation for operation in pickletools.opcodes}
_NAMES = frozenset({"GLOBAL", "STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4"})
_CALLS = frozenset({"REDUCE", "BUILD", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX"})
_STORES = frozenset({"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"})
_FETCHES = frozenset({"GET", "BINGET", "LONG_BINGET"})
_ASKS = frozenset({"PERSID", "BINPERSID"})  # plain unpicklers refuse these
_LENGTHS = {
    pickletools.TAKEN_FROM_ARGUMENT1: 1,
    pickletools.TAKEN_FROM_ARGUMENT4: 4,
    pickletools.TAKEN_FROM_ARGUMENT4U: 4,
    pickletools.TAKEN_FROM_ARGUMENT8U: 8,
}
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class _FailsError(Exception):
    """The unpickler would stop here with an error."""


class _EndsError(Exception):
    """The file goes on, but not what was read of it."""


@dataclass
class _Walk:
    """Where an unpickler stands in the first bytes of a file, and how deep its stack is above each mark."""

    data: bytes
    size: int
    place: int = 0
    depths: list[int] = field(default_factory=lambda: [0])
    named: bool = False
    stored: bool = False

    def step(self) -> str:
        """Do one operation and return its name."""
        operation = _OPERATIONS.get(self._take(1)[0])
        if operation is None or operation.name in _ASKS:
            raise _FailsError
        if operation.name in {"GLOBAL", "INST"}:
            self._name()
        elif operation.arg is not None:
            self._skip(operation.arg.n)
        self.named |= operation.name in _NAMES
        self._move(operation)
        return operation.name

    def _take(self, count: int) -> bytes:
        if self.place + count > self.size:
            raise _FailsError
        taken = self.data[self.place : self.place + count]
        if len(taken) < count:
            raise _EndsError
        self.place += count
        return taken

    def _line(self) -> bytes:
        end = self.data.find(b"\n", self.place)
        if end < 0:
            raise _EndsError if len(self.data) < self.size else _FailsError
        line = self.data[self.place : end]
        self.place = end + 1
        return line

    def _name(self) -> None:
        for line in (self._line(), self._line()):
            if not _DOTTED.fullmatch(line.decode(errors="replace")):
                raise _FailsError

    def _skip(self, size: int) -> None:
        if size == pickletools.UP_TO_NEWLINE:
            self._line()
        else:
            self._take(int.from_bytes(self._take(_LENGTHS[size]), "little") if size in _LENGTHS else size)

    def _move(self, operation: pickletools.OpcodeInfo) -> None:
        before = list(operation.stack_before)
        if operation.name == "POP" and not self.depths[-1]:
            before = [pickletools.markobject]
        if pickletools.markobject in before:
            least = len(before) - before.index(pickletools.markobject) - 1 - before.count(pickletools.stackslice)
            if len(self.depths) < 2 or self.depths.pop() < least:
                raise _FailsError
            before = before[: before.index(pickletools.markobject)]
        needed = 1 if operation.name in _STORES else len(before)
        if self.depths[-1] < needed or (operation.name in _FETCHES and not self.stored):
            raise _FailsError
        self.stored |= operation.name in _STORES
        self.depths[-1] -= len(before)
        for after in operation.stack_after:
            if after is pickletools.markobject:
                self.depths.append(0)
            else:
                self.depths[-1] += 1


def walk(head: bytes, size: int) -> Walked:
    """Say whether an unpickler would call something in a file of `size` bytes; `open` where its head does not tell.

    A pickle that names nothing calls nothing: it is numbers and text, and so is a text that happens to read as one.
    """
    unpickler = _Walk(head, size)
    try:
        while True:
            name = unpickler.step()
            if unpickler.named and (name in _CALLS or name == "STOP"):
                return "yes"
            if name == "STOP":
                return "no"
    except _FailsError:
        return "no"
    except _EndsError:
        return "open"


def _zlib(data: bytes) -> bytes:
    return zlib.decompressobj(wbits=47).decompress(data, HEAD)  # gzip's header or its own


def _lzma(data: bytes) -> bytes:
    return lzma.LZMADecompressor(memlimit=256 * 1024 * 1024).decompress(data, HEAD)


def _bz2(data: bytes) -> bytes:
    return bz2.BZ2Decompressor().decompress(data, HEAD)


# What joblib and others put around a pickle, by its first bytes; None where the standard library cannot look inside.
_WRAPPERS: tuple[tuple[bytes, str, Callable[[bytes], bytes] | None], ...] = (
    (b"\x1f\x8b", "gzip", _zlib),
    (b"x\x01", "zlib", _zlib),
    (b"x\x5e", "zlib", _zlib),
    (b"x\x9c", "zlib", _zlib),
    (b"x\xda", "zlib", _zlib),
    (b"BZh", "bzip2", _bz2),
    (b"\xfd7zXZ", "xz", _lzma),
    (b"]\x00\x00", "lzma", _lzma),
    (b"\x04\x22\x4d\x18", "lz4", None),
    (b"\x28\xb5\x2f\xfd", "zstandard", None),
)


def unwrap(head: bytes) -> tuple[str, bytes] | None:
    """Name the compression of a file by its head, and give the first bytes that it holds; None for any other file."""
    for magic, kind, decompress in _WRAPPERS:
        if head.startswith(magic):
            try:
                return kind, decompress(head) if decompress else b""
            except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
                return None if kind == "zlib" else (kind, b"")  # text may begin as zlib does
    return None
