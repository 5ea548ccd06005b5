"""Formats that hold data only are told by their first bytes; everything else is unknown."""

from __future__ import annotations

import io
import json

import numpy as np
import polars as pl
import pytest

from tests.unit.promotion.formats.samples import judged, zipped

# The first bytes of files that these libraries wrote: onnx 1.23 and CatBoost's ONNX, xgboost 3.2, lightgbm 4.7,
# catboost 1.2. None of them is in the lock.
HEADS = {
    "model.onnx": b'\x08\x0e:\x9f\x01\n\x11\n\x01x\n\x01W\x12\x01y"\x06MatMul\x12\x01g*`\x08\x04\x08\x90\x03',
    "small.onnx": b"\x08\x0e:\x03\x12\x01eB\x02\x10\x1c",
    "catboost.onnx": b"\x08\x03\x12\x08CatBoost\x1a\xda\x02Git info:\n    Commit: b1bd2a6d772",
    "model.ubj": b"{L\x00\x00\x00\x00\x00\x00\x00\x07learner{L\x00\x00\x00\x00\x00\x00\x00\nattributes{}L",
    "model.xgb": b"{L\x00\x00\x00\x00\x00\x00\x00\x07learner{L\x00\x00\x00\x00\x00\x00\x00\nattributes{}L",
    "model.json": b'{"learner":{"attributes":{},"feature_names":[],"',
    "model.lgb": b"tree\nversion=v4\nnum_class=1\nnum_tree_per_iterati",
    "booster.txt": b"tree\nversion=v4\nnum_class=1\nnum_tree_per_iterati",
    "model.cbm": b"CBM1\x98&\x00\x00\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\n\x00\x10\x00\x04\x00\x08\x00\x0c\x00",
    "model.cb": b'{\n  "features_info":\n    {\n      "float_features',
}


def array(value: np.ndarray) -> bytes:
    """Return an array as NumPy saves it."""
    buffer = io.BytesIO()
    np.save(buffer, value, allow_pickle=True)
    return buffer.getvalue()


def tensors(header: bytes) -> bytes:
    """Return a safetensors file with this header."""
    return len(header).to_bytes(8, "little") + header + bytes(32)


@pytest.mark.parametrize("name", HEADS)
def test_native_formats_are_data(name: str) -> None:
    """As the libraries write them; under another's name they are not."""
    assert judged(name, HEADS[name]).loading == "safe"
    other = "model.ubj" if not name.endswith((".ubj", ".xgb")) else "model.onnx"
    assert judged(other, HEADS[name]).loading == "unknown"


def test_tables_and_arrays_are_data() -> None:
    """Parquet, NumPy's arrays of numbers and text, safetensors, text of several kinds."""
    parquet = io.BytesIO()
    pl.DataFrame({"a": [1]}).write_parquet(parquet)
    fields = np.zeros(2, dtype=[("a", "f8"), ("b", [("c", "U3"), ("d", "i4", (2,))])])
    samples = {
        "rows.parquet": parquet.getvalue(),
        "a.npy": array(np.zeros(3)),
        "b.npy": array(np.array(["a", "Object"])),
        "c.npy": array(fields),
        "d.npz": zipped({"a.npy": array(np.zeros(3)), "b.npy": array(fields)}),
        "e.safetensors": tensors(json.dumps({"w": {"dtype": "F64"}}).encode()),
        "f.csv": "\ufeffname,wert\nMüller,1\n".encode(),
        "g.json": b" [1]",
        "h.md": ("é" * 40_000).encode() + b"x" * 20_001,  # the head ends inside a character
        "input_example.json": b'{"columns": ["a"], "data": [[1]]}',
        "conda.yaml": b"name: x\ndependencies: [python=3.11, {pip: [mlflow]}]\n",
    }
    assert {name: judged(name, data).reason for name, data in samples.items()} == dict.fromkeys(samples, "")


@pytest.mark.parametrize(
    "value",
    [np.array([object()]), np.zeros(1, dtype=[("a", "f8"), ("b", "O")]), np.zeros(1, dtype=[("a", [("b", "O")])])],
    ids=["objects", "a field", "a nested field"],
)
def test_arrays_of_objects_are_pickles(value: np.ndarray) -> None:
    """Alone and in an archive."""
    for name, data in (("a.npy", array_of(value)), ("a.npz", zipped({"x.npy": array_of(value)}))):
        found = judged(name, data)
        assert (found.loading, "pickle" in found.reason) == ("code", True)


def array_of(value: np.ndarray) -> bytes:
    """Return the header that NumPy writes for such an array; its pickle is left out."""
    buffer = io.BytesIO()
    np.lib.format.write_array_header_2_0(buffer, np.lib.format.header_data_from_array_1_0(value))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.npy", b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65_535),
        ("a.npy", b"\x93NUMPY\x01\x00\x0a\x00{'descr':1"),
        ("a.npy", b"\x93NUMPY\x01\x00\x10\x00" + b"{'descr': ('O',)}"),
        ("a.npy", b"\x93NUMPY\x09\x00"),
        ("a.npz", zipped({"x.txt": b"a"})),
        ("a.npz", zipped({f"{i}.npy": b"" for i in range(10_001)})),
        ("a.safetensors", (1 << 40).to_bytes(8, "little") + b"{}"),
        ("a.safetensors", tensors(b"[]")),
        ("a.safetensors", tensors(b'{"a":' * 30_000)),
        ("a.parquet", b"PAR1"),
        ("a.parquet", b"PAR1" + bytes(20)),
        ("a.csv", "Müller".encode("latin-1")),
        ("a.csv", b"a\x00b"),
        ("a.json", b"import os"),
        ("a.json", b""),
        ("model.h5", b"\x89HDF\r\n\x1a\n"),
        ("model.keras", zipped({"config.json": b"{}"})),
        ("model.pb", b"\x08\x01"),
        ("weights", bytes(100)),
        ("model.ONNX.exe", b"\x08\x0e:"),
        ("0f0e0d0c-0b0a-0908-0706-050403020100", bytes(100)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_everything_else_is_flagged(name: str, data: bytes) -> None:
    """Broken, hostile, or of a format that is on no list."""
    found = judged(name, data)
    assert found.loading != "safe"
    assert found.reason


@pytest.mark.parametrize("name", ["train.py", "x/y.PY", "lib.so", "a.whl", "run.sh", "model.pkl", "code/data.csv"])
def test_programs_are_code_whatever_they_hold(name: str) -> None:
    """Their names are enough."""
    assert judged(name, b"").loading == "code"


def test_a_graphs_numbers_are_data_beside_the_graph_only() -> None:
    """MLflow has ONNX keep large tensors in a file that is named by a UUID."""
    name = "cc162360-e953-11f1-8c59-02fc00000001.data"
    assert judged(name, bytes(range(256)), "model.onnx").loading == "safe"
    assert judged(name, bytes(range(256))).loading == "unknown"
