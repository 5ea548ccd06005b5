"""Say of each file of a model version whether loading it runs code that came with it: an allow-list, by content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlgate.promotion.formats.archives import LOCAL, judge_npy, judge_npz, open_zip
from mlgate.promotion.formats.mlmodel import judge_mlmodel
from mlgate.promotion.formats.native import (
    judge_catboost,
    judge_json,
    judge_lightgbm,
    judge_onnx,
    judge_parquet,
    judge_safetensors,
    judge_tensors,
    judge_text,
    judge_xgboost,
    judge_yaml,
)
from mlgate.promotion.formats.pickles import unwrap, walk
from mlgate.promotion.formats.skops import judge_skops
from mlgate.promotion.formats.values import Format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlgate.promotion.formats.values import ModelFile

PICKLE = "a pickle, which runs code when loaded"
UNKNOWN = "an unknown format"
_ZIP_ENDINGS = (".skops", ".npz")
_BY_NAME: dict[str, Callable[[ModelFile], Format]] = {
    "registered_model_meta": judge_yaml,
    "conda.yaml": judge_yaml,
    "python_env.yaml": judge_yaml,
}
_BY_SUFFIX: dict[str, Callable[[ModelFile], Format]] = {
    ".cb": judge_catboost,
    ".cbm": judge_catboost,
    ".csv": judge_text,
    ".json": judge_json,
    ".jsonl": judge_json,
    ".lgb": judge_lightgbm,
    ".md": judge_text,
    ".npy": judge_npy,
    ".npz": judge_npz,
    ".onnx": judge_onnx,
    ".parquet": judge_parquet,
    ".safetensors": judge_safetensors,
    ".skops": judge_skops,
    ".tsv": judge_text,
    ".txt": judge_text,
    ".ubj": judge_xgboost,
    ".xgb": judge_xgboost,
    ".yaml": judge_text,
    ".yml": judge_text,
}
_PROGRAMS = {
    **dict.fromkeys((".py", ".pyw", ".ipynb"), ("Python", "Python source")),
    **dict.fromkeys((".pyc", ".pyo", ".so", ".pyd", ".dll", ".dylib"), ("binary", "compiled code")),
    **dict.fromkeys((".whl", ".egg", ".jar"), ("package", "a package of code")),
    **dict.fromkeys((".sh", ".bash", ".bat", ".ps1", ".exe"), ("program", "a program")),
    **dict.fromkeys((".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle"), ("pickle", PICKLE)),
    **dict.fromkeys((".pt", ".pth"), ("PyTorch", PICKLE)),
    **dict.fromkeys((".keras", ".h5", ".hdf5"), ("Keras", "may hold layers made of Python")),
}
# Where ONNX keeps the numbers of a large graph: MLflow names that file by a UUID.
_TENSORS = re.compile(r".*\.onnx[._]data|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.data)?")


def judge_files(files: Iterable[ModelFile]) -> dict[str, Format]:
    """Judge every file of a model's folder, by its path; nothing is loaded, and no content raises."""
    listed = sorted(files, key=lambda file: file.path)
    paths = frozenset(file.path for file in listed)
    return {file.path: judge(file, paths) for file in listed}


def judge(file: ModelFile, paths: frozenset[str] = frozenset()) -> Format:
    """Judge one file among those at `paths`."""
    try:
        return _judge(file, paths)
    except Exception as error:  # noqa: BLE001 (whatever a hostile file makes a reader raise: it is not known as safe)
        said = " ".join(str(error).split())[:120] or type(error).__name__
        return Format.unknown(
            file.suffix.removeprefix(".")[:20] or "unknown", f"cannot be read as what it is named: {said}"
        )


def _judge(file: ModelFile, paths: frozenset[str]) -> Format:
    if file.path.split("/")[0] == "code" and "/" in file.path:
        return Format.code("code", "lies in the folder of the model's own Python")
    if file.suffix in _PROGRAMS:
        return Format.code(*_PROGRAMS[file.suffix])
    hidden = _hidden(file)
    if hidden is not None and hidden.loading == "code":
        return hidden
    return _by_name(file, paths) or hidden or Format.unknown("unknown", UNKNOWN)


def _by_name(file: ModelFile, paths: frozenset[str]) -> Format | None:
    if file.name == "MLmodel":
        folder = file.path[: -len("MLmodel")]
        return judge_mlmodel(file, frozenset(path.removeprefix(folder) for path in paths if path.startswith(folder)))
    if _TENSORS.fullmatch(file.name) and any(path.endswith(".onnx") for path in paths):
        return judge_tensors(file)
    known = _BY_NAME.get(file.name) or _BY_SUFFIX.get(file.suffix)
    return known(file) if known else None


def _hidden(file: ModelFile) -> Format | None:
    """Look behind the name: for a pickle as it is, compressed, or in an archive; None where nothing is found."""
    head = file.head()
    wrapped = unwrap(head)
    if wrapped is not None:
        kind, inside = wrapped
        if inside and walk(inside, len(inside) + 1) != "no":
            return Format.code(kind, f"holds {PICKLE}")
        return Format.unknown(kind, "a compressed file")
    if head.startswith(LOCAL):
        return _in_archive(file)
    match walk(head, file.size):
        case "yes":
            return Format.code("pickle", PICKLE)
        case "open":
            return Format.code("pickle", "cannot be told from a pickle, which runs code when loaded")
    return None


def _in_archive(file: ModelFile) -> Format:
    if file.suffix in _ZIP_ENDINGS:  # judged member by member
        return Format.unknown("zip", UNKNOWN)
    with open_zip(file) as archive:
        for name in archive.namelist()[:10_000]:
            with archive.open(name) as member:
                inside = member.read(4096)
            if name.endswith(".pkl") or walk(inside, archive.getinfo(name).file_size) == "yes":
                return Format.code("zip", f"holds {name[:80]}, {PICKLE}")
    return Format.unknown("zip", UNKNOWN)
