"""A pickle is found under every name, in every protocol and compression; text is not taken for one."""

from __future__ import annotations

import bz2
import cProfile
import gzip
import importlib
import io
import lzma
import os
import pickle
import pydoc
import runpy
import timeit
import zlib
from collections import OrderedDict
from pathlib import Path
from typing import Any, Self

import joblib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlgate.promotion.formats.pickles import walk
from tests.unit.promotion.formats.samples import NAMES, Calls, calling, judged, pickled, zipped

ATTACKS = {
    "os.system": Calls(os.system, "true"),
    "timeit": Calls(timeit.timeit, "1"),
    "runpy": Calls(runpy.run_path, "x.py"),
    "importlib": Calls(importlib.import_module, "this"),
    "pydoc": Calls(pydoc.pipepager, "x", "true"),
    "cProfile": Calls(cProfile.run, "1"),
    "eval": Calls(eval, "1"),
    "an object": OrderedDict(a=1),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_name_makes_a_pickle_safe(name: str, attack: str) -> None:
    """Under a name of the allow-list, or under none, a pickle that calls something is code, in each protocol."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        found = judged(name, pickled(ATTACKS[attack], protocol), "model.onnx")
        assert (found.loading, "pickle" in found.reason) == ("code", True)


@pytest.mark.parametrize("name", ["requirements.txt", "data.parquet", "model.cbm"])
def test_a_function_that_no_scanner_lists_is_found_too(name: str) -> None:
    """What is called does not matter: an allow-list has no list of bad functions."""
    for protocol in (0, 4):
        data = calling("numpy.testing._private.utils", "runstring", protocol=protocol)
        assert judged(name, data).loading == "code"


@pytest.mark.parametrize("junk", [b"I0x10\n0", b"V" + b"x" * 70_000 + b"\n0", b"N0" * 10, b"}(dp0\n0"])
def test_what_stands_before_the_call_hides_nothing(junk: bytes) -> None:
    """Values that the unpickler reads and throws away, even more than is looked at."""
    assert judged("notes.txt", junk + calling("os", "system")).loading == "code"


@pytest.mark.parametrize(
    "squeeze",
    [gzip.compress, zlib.compress, bz2.compress, lzma.compress, lambda data: lzma.compress(data, lzma.FORMAT_ALONE)],
    ids=["gzip", "zlib", "bzip2", "xz", "lzma"],
)
@pytest.mark.parametrize("name", ["model.pkl.gz", "model.dat", "data.csv", "model.skops", "MLmodel"])
def test_compression_hides_no_pickle(squeeze: Any, name: str) -> None:
    """The first bytes are looked at as they will be read."""
    assert judged(name, squeeze(pickled(ATTACKS["os.system"]))).loading == "code"
    assert judged(name, squeeze(b"a,b\n1,2\n")).loading == "unknown"


@pytest.mark.parametrize("compress", [0, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)], ids=str)
def test_joblib_is_found_without_its_name(tmp_path: Path, compress: Any) -> None:
    """What joblib writes is a pickle, however it is compressed."""
    joblib.dump({"model": OrderedDict(a=1)}, tmp_path / "m", compress=compress)
    assert judged("notes.txt", (tmp_path / "m").read_bytes()).loading == "code"


def test_a_bomb_is_not_inflated() -> None:
    """A gigabyte of nothing in a megabyte is looked at by its first bytes."""
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    assert judged("data.csv", bomb).loading == "unknown"


def test_archives_of_pickles_are_found() -> None:
    """PyTorch's form, under its own name and under others."""
    torch = zipped({"archive/data.pkl": pickled(ATTACKS["os.system"]), "archive/data/0": bytes(8)})
    assert judged("model.pt", torch).loading == "code"
    for name in ("model.bin", "notes.txt", "model.ckpt"):
        found = judged(name, torch)
        assert (found.loading, "data.pkl" in found.reason) == ("code", True)
    assert judged("model.skops", torch).loading == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "Git v2.31.7 Release Notes\n=========\n",
        "cat\ndog\nbird\n",
        "catboost==1.2\ncloudpickle==3.1\nnumpy==2.0\n",
        "carrier,origin\nAA,JFK\n",
        "column\nname\nidentity\n",
        "Price,Value\n1,2\n",
        "I0\nI1\n",
        "N.\n",
        "(c) the authors\n",
        "",
    ],
)
def test_text_is_text(text: str) -> None:
    """Words that begin as operations of a pickle do are not one, since nothing would be called."""
    assert judged("notes.txt", text.encode()).loading == "safe"


class Called(BaseException):
    """The unpickler called something."""


class Trap:
    """Stands for whatever a pickle names, and says when it is called."""

    def __new__(cls, *_: object) -> Self:
        """Be called as a class or a function is."""
        raise Called

    @classmethod
    def __setstate__(cls, _: object) -> None:
        """Be given a state."""
        raise Called


class Watched(pickle.Unpickler):
    """Python's own unpickler, which imports nothing."""

    def find_class(self, module: str, name: str) -> type[Trap]:
        """Find any importable name, as it would on a machine that has it."""
        if not all(part.isidentifier() for part in f"{module}.{name}".split(".")):
            raise ImportError(module)
        return Trap


def calls_something(data: bytes) -> bool:
    """Whether the real unpickler calls what the pickle names."""
    try:
        Watched(io.BytesIO(data)).load()
    except Called:
        return True
    except Exception:  # noqa: BLE001 (any error means that it stopped)
        return False
    return False


TOKENS = [
    *(bytes([code]) for code in b"(.012N)]}tlduaesboRI\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98"),
    *(b"cos\nsystem\n", b"ios\nsystem\n", b"I0x1\n", b"I01\n", b"L3L\n", b"F1\n", b"S'a'\n", b"Va\n", b"p0\n", b"g0\n"),
    *(b"q\x00", b"h\x00", b"r\x00\x00\x00\x00", b"j\x00\x00\x00\x00", b"K\x01", b"M\x01\x01", b"J\x01\x01\x01\x01"),
    *(b"\x8c\x02os", b"\x8c\x06system", b"U\x01a", b"X\x01\x00\x00\x00a", b"C\x01a", b"\x8a\x01\x01", b"\x80\x04"),
    *(b"\x95\x00\x00\x00\x00\x00\x00\x00\x00", b"G12345678", b"P1\n", b"Q", b"\x82\x01", b"c\nx\n", b"cos system\nx\n"),
]


@given(st.lists(st.sampled_from(TOKENS), max_size=25).map(b"".join), st.binary(max_size=10))
@example(b"cos\nsystem\n(tR.", b"")
@example(b"(cos\nsystem\nI0x1\no", b"")
@example(b"(ios\nsystem\n", b"")
@example(b"\x8c\x02os\x8c\x06system\x93)\x81", b"")
@example(b"cos\nsystem\nNb", b"")
@example(b"(0cos\nsystem\n(tR.", b"")
def test_whatever_the_real_unpickler_calls_is_seen(program: bytes, rest: bytes) -> None:
    """Python's own unpickler is the judge: where it calls something, the walk does not say no."""
    data = program + rest
    if calls_something(data):
        assert walk(data, len(data)) == "yes"
        assert walk(data[: len(data) // 2], len(data)) != "no"
        assert judged("notes.txt", data).loading == "code"


@given(
    st.sampled_from(NAMES), st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"{"])
)
def test_no_bytes_raise(name: str, data: bytes, start: bytes) -> None:
    """Whatever a file holds, there is an answer, and a reason where it is not safe."""
    found = judged(name, start + data, "model.onnx")
    assert bool(found.reason) == (found.loading != "safe")
    if calls_something(start + data):
        assert found.loading != "safe"


def test_what_cannot_be_read_is_not_safe() -> None:
    """A file that is gone or unreadable is unknown."""
    from mlgate.promotion.formats import ModelFile, judge

    def gone() -> io.BytesIO:
        raise OSError("gone")

    found = judge(ModelFile(path="data.csv", size=3, open=gone))
    assert (found.loading, "gone" in found.reason) == ("unknown", True)
