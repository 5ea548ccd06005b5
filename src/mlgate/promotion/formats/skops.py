"""Judge a skops file: an archive of arrays, and a schema.json that names a type and its loader for every object.

skops imports what the schema names, and trusts what the model's own MLmodel lists. So each pair of loader and type is
held against a list of ours; what is not on it is code. Loaders that call what a file names (methods, operators,
partial functions, constructors) are on no list.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mlgate.promotion.formats.archives import array_problem, open_zip, read_member
from mlgate.promotion.formats.sklearn_types import (
    ARRAY_FUNCTIONS,
    BIT_GENERATORS,
    ESTIMATORS,
    LOSSES,
    PLAIN,
    SCALARS,
    SCORES,
    SPECIAL_FUNCTIONS,
    is_sklearn,
)
from mlgate.promotion.formats.values import Format

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator

    from mlgate.promotion.formats.values import ModelFile

KIND = "skops"
MAX_SCHEMA = 32 * 1024 * 1024
_SHOWN = 3
_MEMBER = re.compile(r"schema\.json|[\w-]+\.(npy|npz|bin)")
_MARKS = frozenset({"__loader__", "__class__", "__module__"})
_EXACT = {
    "DTypeNode": {"numpy.dtype"},
    "MaskedArrayNode": {"numpy.ma.MaskedArray", "numpy.ma.core.MaskedArray"},
    "RandomStateNode": {"numpy.random.RandomState", "numpy.random.mtrand.RandomState"},
    "RandomGeneratorNode": {"numpy.random.Generator", "numpy.random._generator.Generator"},
    "TreeNode": {"sklearn.tree._tree.Tree"},
    "DictNode": {"builtins.dict", "collections.OrderedDict", "sklearn.utils.Bunch", "sklearn.utils._bunch.Bunch"},
    "DefaultDictNode": {"collections.defaultdict"},
    "ListNode": {"builtins.list"},
    "TupleNode": {"builtins.tuple"},
    "SetNode": {"builtins.set", "builtins.frozenset"},
    "BytesNode": {"builtins.bytes"},
    "BytearrayNode": {"builtins.bytearray"},
    "SliceNode": {"builtins.slice"},
}


def judge_skops(file: ModelFile) -> Format:
    """Judge the file by its members and by every type that its schema names."""
    with open_zip(file) as archive:
        strange = next((name for name in archive.namelist() if not _MEMBER.fullmatch(name)), None)
        if strange is not None:
            return Format.unknown(KIND, f"holds {strange[:80]}, which skops does not write")
        problem = _objects(archive)
        if problem:
            return problem
        schema = json.loads(read_member(archive, "schema.json", MAX_SCHEMA))
    if not isinstance(schema, dict) or "__loader__" not in schema:
        return Format.unknown(KIND, "its schema.json describes no object")
    foreign = sorted(set(_foreign(schema)))
    if foreign:
        more = f" and {len(foreign) - _SHOWN:,} more" if len(foreign) > _SHOWN else ""
        names = ", ".join(name[:80] for name in foreign[:_SHOWN])
        return Format.code(KIND, f"names what is not on mlgate's list: {names}{more}")
    return Format.safe(KIND)


def _objects(archive: zipfile.ZipFile) -> Format | None:
    """Find an array that holds Python objects: skops refuses it, and somebody else might not."""
    for name in archive.namelist():
        if name.endswith(".npy"):
            with archive.open(name) as member:
                problem = array_problem(member.read(10_012))
            if problem:
                return problem
    return None


def _foreign(schema: dict[str, Any]) -> Iterator[str]:
    """List what the schema names beyond our list, wherever it stands; nothing recurses, however deep the schema is."""
    waiting: list[Any] = [schema]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting += found
        elif isinstance(found, dict):
            waiting += found.values()
            if _MARKS & found.keys():
                yield from _node(found)
            if "bit_generator" in found and not _is_bit_generator(found["bit_generator"]):
                yield "a bit generator"


def _node(node: dict[str, Any]) -> Iterator[str]:
    loader, module, name = (node.get(key) for key in ("__loader__", "__module__", "__class__"))
    if loader == "CachedNode":  # an object that was named before
        return
    if not (isinstance(loader, str) and isinstance(module, str) and isinstance(name, str)):
        yield "an object without a type"
    elif not _allowed(loader, module, name) or (loader == "FunctionNode" and "content" in node):
        yield f"{module}.{name}" if loader in _EXACT or loader in _CHECKS else f"{loader} {module}.{name}"


def _allowed(loader: str, module: str, name: str) -> bool:
    if loader in _EXACT:
        return f"{module}.{name}" in _EXACT[loader]
    check = _CHECKS.get(loader)
    return check is not None and check(module, name)


def _is_function(module: str, name: str) -> bool:
    if module in {"numpy", "numpy.core._multiarray_umath", "numpy._core._multiarray_umath"}:
        return name in ARRAY_FUNCTIONS
    if module in {"scipy.special", "scipy.special._ufuncs"}:
        return name in SPECIAL_FUNCTIONS
    return is_sklearn(module, name, SCORES)


def _is_loss(module: str, name: str) -> bool:
    return is_sklearn(module, name, LOSSES) or (module == "_loss" and name in LOSSES["_loss"])


def _is_array(module: str, name: str) -> bool:
    return module == "numpy" and (name == "ndarray" or name in SCALARS)


def _is_type(module: str, name: str) -> bool:
    return (module == "builtins" and name in PLAIN) or (module == "numpy" and name in SCALARS)


_CHECKS: dict[str, Callable[[str, str], bool]] = {
    "ObjectNode": lambda module, name: is_sklearn(module, name, ESTIMATORS),
    "LossNode": _is_loss,
    "NdArrayNode": _is_array,
    "SparseMatrixNode": lambda module, _: re.fullmatch(r"scipy\.sparse\.\w+", module) is not None,
    "TypeNode": _is_type,
    "FunctionNode": _is_function,
    "JsonNode": lambda _module, _name: True,  # text, whatever type it names
}


def _is_bit_generator(node: object) -> bool:
    """Whether what stands under that key is the state of a generator, or the name of one that NumPy has."""
    if not isinstance(node, dict):
        return False
    if node.get("__loader__") != "JsonNode":
        return node.get("__loader__") == "DictNode"
    return json.loads(node["content"]) in BIT_GENERATORS
