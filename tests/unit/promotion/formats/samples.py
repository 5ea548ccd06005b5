"""Files of models made in memory: harmless ones by real libraries, hostile ones by the standard library."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Mapping

from mlgate.promotion.formats import Format, ModelFile, judge

# One name for each reader: whatever stands in such a file must be told apart by its bytes.
NAMES = (
    "MLmodel", "conda.yaml", "python_env.yaml", "registered_model_meta", "requirements.txt", "input_example.json",
    "data.csv", "data.tsv", "notes.md", "rows.jsonl", "model.yaml", "model.yml", "model.json", "model.skops",
    "model.onnx", "model.ubj", "model.xgb", "model.lgb", "model.cb", "model.cbm", "model.safetensors", "data.parquet",
    "array.npy", "arrays.npz", "data.dat", "noending", "0f0e0d0c-0b0a-0908-0706-050403020100",
)  # fmt: skip


class Calls:
    """Pickles as a call of `named` with `arguments`."""

    def __init__(self, named: object, *arguments: object) -> None:
        """Keep what is to be called."""
        self.named, self.arguments = named, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Let the unpickler call it."""
        return self.named, self.arguments


def calling(module: str, name: str, argument: str = "x", protocol: int = 0) -> bytes:
    """Write a pickle that calls any function with one argument, whether that function is installed here or not."""
    if protocol < 2:
        return f"c{module}\n{name}\n(V{argument}\ntR.".encode()
    words = b"".join(b"\x8c" + bytes([len(word)]) + word.encode() for word in (module, name))
    return b"\x80\x04" + words + b"\x93\x8c" + bytes([len(argument)]) + argument.encode() + b"\x85R."


def stored(name: str, data: bytes) -> ModelFile:
    """Return a file that holds `data`."""
    return ModelFile(path=name, size=len(data), open=lambda: io.BytesIO(data))


def judged(name: str, data: bytes, *beside: str) -> Format:
    """Judge a file that stands beside others."""
    return judge(stored(name, data), frozenset({name, *beside}))


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def pickled(value: object, protocol: int | None = None) -> bytes:
    """Return a pickle."""
    return pickle.dumps(value, protocol)
