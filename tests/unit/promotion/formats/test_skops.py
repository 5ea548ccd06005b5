"""A skops file is safe when every type that it names is on the list, and only what skops writes is in it."""

from __future__ import annotations

import functools
import io
import json
import operator
import os
import warnings
import zipfile
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.utils import all_estimators
from threadpoolctl import threadpool_limits

from mlgate.promotion.formats import ModelFile, judge
from mlgate.promotion.formats.sklearn_types import ESTIMATORS, is_sklearn
from tests.unit.promotion.formats.samples import judged, pickled, zipped

X = np.abs(np.random.default_rng(0).normal(size=(60, 3)))
Y = (X[:, 0] > 0.7).astype(int)
MODELS = {
    "logistic": LogisticRegression(),
    "pipeline": Pipeline([("fill", SimpleImputer()), ("scale", StandardScaler()), ("fit", SGDClassifier())]),
    "columns": make_pipeline(
        ColumnTransformer([("a", OneHotEncoder(), [0])], remainder="passthrough"), SVC(probability=False)
    ),
    "forest": RandomForestClassifier(3),
    "boosting": GradientBoostingClassifier(n_estimators=3),
    "histograms": HistGradientBoostingClassifier(max_iter=3, early_stopping=True),
    "neighbours": KNeighborsClassifier(),
    "network": MLPClassifier(max_iter=3),
    "selection": make_pipeline(SelectKBest(k=2), FunctionTransformer(np.log1p), LogisticRegression()),
    "calibrated": CalibratedClassifierCV(LogisticRegression(), cv=2),
}


def fitted(name: str) -> bytes:
    """Fit a model on next to nothing and save it as skops."""
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")
        return bytes(skops.io.dumps(MODELS[name].fit(X, Y)))


def changed(change: Any, data: bytes | None = None) -> bytes:
    """Return a skops file whose schema `change` has edited."""
    with zipfile.ZipFile(io.BytesIO(data or fitted("logistic"))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(members["schema.json"])
    change(schema)
    return zipped({**members, "schema.json": json.dumps(schema).encode()})


@pytest.mark.parametrize("name", MODELS)
def test_models_of_scikit_learn_are_data(name: str) -> None:
    """What people train and skops saves is on the list."""
    assert judged("model.skops", fitted(name)).reason == ""


def test_text_models_are_data() -> None:
    """A vectorizer's vocabulary, with words that are keys of skops, is text."""
    words = TfidfVectorizer().fit(["one two", "class module loader"])
    assert judged("model.skops", bytes(skops.io.dumps(words))).loading == "safe"


def test_every_estimator_of_the_installed_scikit_learn_is_on_the_list() -> None:
    """A new one is to be read, and added."""
    for name, kind in all_estimators():
        assert is_sklearn(kind.__module__, name, ESTIMATORS), f"{kind.__module__}.{name}"


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (FunctionTransformer(os.system), "posix.system"),
        (FunctionTransformer(np.load), "numpy.load"),
        (FunctionTransformer(np.testing.measure), "numpy.testing"),
        (FunctionTransformer(functools.partial(np.log1p)), "PartialNode functools.partial"),
        (FunctionTransformer(operator.methodcaller("tofile", "x")), "OperatorFuncNode operator.methodcaller"),
        (FunctionTransformer(LogisticRegression().fit), "MethodNode"),
        (LogisticRegression(C=type(pickled)), "builtins.function"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_model_names_beyond_the_list_is_code(value: object, named: str) -> None:
    """Functions, methods and partial functions of anybody, as skops itself writes them."""
    found = judged("model.skops", bytes(skops.io.dumps(value)))
    assert (found.loading, named in found.reason) == ("code", True)


@pytest.mark.parametrize(
    "node",
    [
        {"__loader__": "ObjectNode", "__module__": "sklearn.utils.parallel", "__class__": "Parallel"},
        {"__loader__": "ObjectNode", "__module__": "sklearn.datasets._base", "__class__": "urlretrieve"},
        {"__loader__": "ObjectNode", "__module__": "sklearn.linear_model.tests.x", "__class__": "LinearRegression"},
        {"__loader__": "ObjectNode", "__module__": "sklearnx.linear_model", "__class__": "LinearRegression"},
        {"__loader__": "ConstructorFromReduceNode", "__module__": "sklearn.svm", "__class__": "SVC"},
        {"__loader__": "NdArrayNode", "__module__": "numpy", "__class__": "save"},
        {"__loader__": "NdArrayNode", "__module__": "os", "__class__": "system"},
        {"__loader__": "TypeNode", "__module__": "builtins", "__class__": "eval"},
        {"__loader__": "LossNode", "__module__": "os", "__class__": "system"},
        {"__loader__": "DictNode", "__module__": "os", "__class__": "_Environ"},
        {"__loader__": "TupleNode", "__module__": "collections", "__class__": "namedtuple"},
        {"__loader__": "FunctionNode", "__module__": "numpy", "__class__": "log", "content": {"function": "system"}},
        {"__loader__": "NewNode", "__module__": "numpy", "__class__": "ndarray"},
        {"__loader__": "JsonNode", "__module__": None, "__class__": "str"},
        {"__loader__": ["ObjectNode"], "__module__": {}, "__class__": "str"},
        {"__module__": "os", "__class__": "system"},
        {"bit_generator": {"__loader__": "JsonNode", "__module__": "a", "__class__": "b", "content": '"seed"'}},
        {"bit_generator": "seed"},
    ],
    ids=str,
)
def test_a_forged_object_is_code(node: dict[str, Any]) -> None:
    """Wherever it stands in the schema, also where skops would not look."""
    assert (
        judged("model.skops", changed(lambda schema: schema["content"].update(more=[{"deep": node}]))).loading == "code"
    )
    assert judged("model.skops", changed(lambda schema: schema["content"]["content"].update(x=node))).loading == "code"


def test_many_foreign_names_are_counted() -> None:
    """A reason stays short."""
    nodes = [{"__loader__": "ObjectNode", "__module__": "own", "__class__": f"C{i}"} for i in range(20)]
    found = judged("model.skops", changed(lambda schema: schema["content"].update(more=nodes)))
    assert found.reason == "names what is not on mlgate's list: own.C0, own.C1, own.C10 and 17 more"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"junk" + fitted("logistic"), "other bytes around it"),
        (fitted("logistic") + b"junk", "other bytes around it"),
        (fitted("logistic")[:-30], "other bytes around it"),
        (zipped({"schema.json": b"{}"}), "describes no object"),
        (zipped({"schema.json": b"[]"}), "describes no object"),
        (zipped({"schema.json": b"no"}), "cannot be read"),
        (zipped({"a.npy": b""}), "not an array"),
        (zipped({"../schema.json": b"{}"}), "which skops does not write"),
        (zipped({"schema.json": b"{}", "x.py": b""}), "which skops does not write"),
        (zipped({"schema.json": b'{"a":' * 100_000}), "cannot be read"),
        (zipped({"schema.json": b" " * 40_000_000}, zipfile.ZIP_DEFLATED), "larger than 32 MiB"),
        (zipped({"schema.json": b"{}"}, zipfile.ZIP_LZMA), "uncommon way"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_skops_does_not_write_is_unknown(data: bytes, said: str) -> None:
    """Broken archives, archives inside other files, strange members, bombs."""
    found = judged("model.skops", data)
    assert (found.loading, said in found.reason) == ("unknown", True), found


def test_a_name_that_stands_twice_is_unknown() -> None:
    """Two readers may take two different schemas."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in ("{}", "[]"):
            archive.writestr("schema.json", text)
    assert "holds a name twice" in judged("model.skops", buffer.getvalue()).reason


def test_an_index_of_millions_is_not_read() -> None:
    """Only the end of the archive is, which tells how long its index is."""
    end = b"PK\x05\x06" + bytes(8) + (1 << 24).to_bytes(4, "little") + (4).to_bytes(4, "little") + bytes(2)
    data = b"PK\x03\x04" + bytes(1 << 24) + end
    assert "too many members" in judged("model.skops", data).reason


def test_arrays_of_objects_inside_are_code() -> None:
    """They are named, although skops refuses them when it loads."""
    buffer = io.BytesIO()
    np.save(buffer, np.array([os.system], dtype=object), allow_pickle=True)
    found = judged("model.skops", zipped({"schema.json": b"{}", "1.npy": buffer.getvalue()}))
    assert found.loading == "code"


def test_a_large_model_is_judged_by_its_schema_and_heads() -> None:
    """Of an array only the header is read, however large it is."""
    array = io.BytesIO()
    np.save(array, np.zeros(1_000_000))
    data = zipped({"schema.json": b'{"__loader__": "CachedNode"}', "1.npy": array.getvalue()})
    read = []

    class Counting(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            read.append(len(found))
            return found

    assert judge(ModelFile(path="model.skops", size=len(data), open=lambda: Counting(data))).loading == "safe"
    assert sum(read) < 200_000 < len(data)
