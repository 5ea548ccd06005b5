"""Formats that hold data only, told by their first bytes: text, tables, tensors, graphs and boosters."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import yaml

from mlgate.config.position import MAX_BYTES, read_positions
from mlgate.promotion.formats.values import Format

if TYPE_CHECKING:
    from mlgate.promotion.formats.values import ModelFile

MAX_HEADER = 16 * 1024 * 1024
MAX_BRACKETS = 100
_BRACKETS = re.compile(r"[\[\]{}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_JSON = re.compile(r"\s*[\[{\"\-0-9tfn]")
_ONNX = re.compile(rb"\x08[\x01-\x20][\x12\x1a\x22\x28\x32\x3a\x42\x72]")  # ir_version, then a later field's tag


def judge_text(file: ModelFile) -> Format:
    """Judge text: UTF-8 without control characters, as far as the head goes."""
    found = _text(file)
    if found is None:
        return Format.unknown("text", "not UTF-8 text")
    return Format.safe("LightGBM" if found.startswith("tree\n") else "text")


def judge_json(file: ModelFile) -> Format:
    """Judge JSON by its first characters, as far as the head goes."""
    found = _text(file)
    return Format.safe("JSON") if found and _JSON.match(found) else Format.unknown("JSON", "not JSON")


def judge_yaml(file: ModelFile) -> Format:
    """Judge a small YAML document: it must be one, of a sane size once its aliases are expanded."""
    try:
        read_positions(read_small(file))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Format.unknown("YAML", f"not readable as YAML: {getattr(error, 'problem', None) or error}")
    return Format.safe("YAML")


def read_small(file: ModelFile) -> str:
    """Read a document that is small and shallow where it is honest; raises ValueError where it is not."""
    if file.size > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1024} KiB")
    text = file.head(MAX_BYTES).decode("utf-8")
    depth = 0
    for bracket in _BRACKETS.finditer(text):  # the time that YAML takes grows with the square of their depth
        depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
        if depth > MAX_BRACKETS:
            raise ValueError(f"brackets nested deeper than {MAX_BRACKETS} levels")
    return text


def judge_lightgbm(file: ModelFile) -> Format:
    """Judge LightGBM's text."""
    found = _text(file)
    known = found is not None and found.startswith("tree\n")
    return Format.safe("LightGBM") if known else _other("LightGBM")


def judge_xgboost(file: ModelFile) -> Format:
    """Judge XGBoost's UBJSON (JSON is judged as such): an object whose first key is `learner`."""
    key = b"{L" + len(b"learner").to_bytes(8, "big") + b"learner"
    return Format.safe("XGBoost") if file.head(len(key)) == key else _other("XGBoost")


def judge_catboost(file: ModelFile) -> Format:
    """Judge CatBoost's binary form, or its JSON or ONNX under the same name."""
    if file.head(4) == b"CBM1":
        return Format.safe("CatBoost")
    found = _text(file)
    if (found and _JSON.match(found)) or _ONNX.match(file.head(3)):
        return Format.safe("CatBoost")
    return _other("CatBoost")


def judge_onnx(file: ModelFile) -> Format:
    """Judge an ONNX graph: its operators are the runtime's, and it names no code."""
    return Format.safe("ONNX") if _ONNX.match(file.head(3)) else _other("ONNX")


def judge_safetensors(file: ModelFile) -> Format:
    """Judge safetensors by the JSON header that says where each tensor lies."""
    kind = "safetensors"
    length = int.from_bytes(file.head(8), "little")
    if not 2 <= length <= min(file.size - 8, MAX_HEADER):
        return _other(kind)
    header = json.loads(file.head(8 + length)[8:])
    return Format.safe(kind) if isinstance(header, dict) else _other(kind)


def judge_parquet(file: ModelFile) -> Format:
    """Judge Parquet by the mark at both of its ends."""
    with file.open() as stream:
        first = stream.read(4)
        stream.seek(max(0, file.size - 4))
        last = stream.read(4)
    return Format.safe("Parquet") if first == last == b"PAR1" and file.size > 8 else _other("Parquet")


def judge_tensors(file: ModelFile) -> Format:
    """Judge the numbers that an ONNX graph keeps in a file of their own: only the graph reads them."""
    del file
    return Format.safe("ONNX tensors")


def _other(kind: str) -> Format:
    return Format.unknown(kind, f"not what its name says: {kind} begins in another way")


def _text(file: ModelFile) -> str | None:
    """Decode the head; a character that it cuts in two is left out."""
    head = file.head()
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if file.size <= len(head) or error.start < len(head) - 3:
            return None
        text = head[: error.start].decode("utf-8-sig")
    return None if _CONTROL.search(text) else text
