"""An MLmodel is safe when it names loaders, keys and files that are known, and nothing else."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
import yaml

from mlgate.promotion.formats import judge_files
from tests.unit.promotion.formats.samples import calling, judged, stored

SKLEARN: dict[str, Any] = {
    "artifact_path": "model",
    "flavors": {
        "python_function": {
            "env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"},
            "loader_module": "mlflow.sklearn",
            "model_path": "model.skops",
            "predict_fn": "predict",
            "python_version": "3.11.7",
        },
        "sklearn": {
            "code": None,
            "pickled_model": "model.skops",
            "serialization_format": "skops",
            "sklearn_version": "1.9.1",
            "skops_trusted_types": ["own.Type"],
        },
    },
    "is_signature_from_type_hint": False,
    "metadata": {"anything": ["goes"]},
    "mlflow_version": "3.17.2",
    "saved_input_example_info": {"artifact_path": "input_example.json", "type": "dataframe"},
    "signature": {"inputs": "[]", "outputs": "[]", "params": None},
    "utc_time_created": "2026-11-26 04:42:14.159004",
}


def booster(name: str, data: str, **settings: object) -> dict[str, Any]:
    """Describe a model of a library with a format of its own, as MLflow does."""
    pyfunc = {"loader_module": f"mlflow.{name}", "data": data, "python_version": "3.12", "env": "conda.yaml"}
    return {"flavors": {"python_function": pyfunc, name: {"data": data, **settings}}}


OTHERS = [
    booster("xgboost", "model.ubj", model_class="xgboost.sklearn.XGBClassifier", model_format="ubj", xgb_version="3"),
    booster("lightgbm", "model.lgb", model_class="lightgbm.basic.Booster", lgb_version="4", code=None),
    booster("catboost", "model.cb", model_type="CatBoostClassifier", save_format="cbm", catboost_version="1"),
    booster("onnx", "model.onnx", providers=["CUDAExecutionProvider", "CPUExecutionProvider"], onnx_version="1"),
]


def judge_content(content: dict[str, Any]) -> tuple[str, str]:
    """Judge an MLmodel among the files that it may name."""
    beside = ("model.skops", "model.pkl", "notes.txt", "model.ubj", "model.lgb", "model.cb", "model.onnx")
    found = judged("MLmodel", yaml.safe_dump(content).encode(), *beside)
    return found.loading, found.reason


def edited(path: str, value: object, content: dict[str, Any] = SKLEARN) -> dict[str, Any]:
    """Return a description with another value at `a.b.c`."""
    content = copy.deepcopy(content)
    *parents, last = path.split("/")
    place = content
    for parent in parents:
        place = place[parent]
    place[last] = value
    return content


@pytest.mark.parametrize("content", [SKLEARN, *OTHERS], ids=lambda content: list(content["flavors"])[-1])
def test_what_mlflow_writes_is_data(content: dict[str, Any]) -> None:
    """For scikit-learn with skops, and for libraries that have a format of their own."""
    assert judge_content(content) == ("safe", "")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("flavors/python_function/loader_module", "evil", "loader_module: evil"),
        ("flavors/python_function/loader_module", "mlflow.pyfunc.model", "loader_module: mlflow.pyfunc.model"),
        ("flavors/python_function/loader_module", ["mlflow.sklearn"], "loader_module: ['mlflow.sklearn']"),
        ("flavors/python_function/loader_module", "mlflow.xgboost", "the flavor xgboost is missing"),
        ("flavors/python_function/code", "code", "python_function.code: code is Python of the model's own"),
        ("flavors/sklearn/code", "lib", "sklearn.code: lib"),
        ("flavors/python_function/model_code_path", "x.py", "model_code_path"),
        ("flavors/sklearn/serialization_format", "cloudpickle", "serialization_format: cloudpickle runs code"),
        ("flavors/sklearn/serialization_format", None, "serialization_format: pickle runs code"),
        ("flavors/sklearn/serialization_format", ["skops"], "serialization_format"),
        ("flavors/sklearn/pickled_model", "model.pkl", "sklearn reads model.pkl, which is not a format of data only"),
        ("flavors/sklearn/pickled_model", "notes.txt", "sklearn reads notes.txt"),
    ],
)
def test_what_would_run_code_is_named(path: str, value: object, said: str) -> None:
    """Loaders, folders of code and pickles, by the key that asks for them."""
    loading, reason = judge_content(edited(path, value))
    assert (loading, said in reason) == ("code", True), reason


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("flavors/pytorch", {"model_data": "data"}),
        ("flavors/sklearn", "skops"),
        ("flavors/python_function/loader_module", "mlflow.keras"),
        ("flavors/python_function/model_path", "../model.skops"),
        ("flavors/python_function/model_path", "/etc/model.skops"),
        ("flavors/sklearn/pickled_model", "missing.skops"),
        ("flavors/sklearn/pickled_model", {"a": 1}),
        ("flavors/sklearn/pickled_model", ["model.skops"]),
        ("flavors/python_function/predict_fn", "__reduce__"),
        ("flavors/python_function/env", {"conda": "../conda.yaml"}),
        ("flavors/python_function/hook", "os.system"),
        ("loader", "x"),
        ("is_signature_from_type_hint", True),
        ("flavors", []),
        ("flavors", None),
    ],
    ids=str,
)
def test_what_is_not_known_is_not_safe(path: str, value: object) -> None:
    """Other flavors, keys, values and files."""
    assert judge_content(edited(path, value))[0] == "unknown"


@pytest.mark.parametrize(
    ("content", "path", "value"),
    [
        (OTHERS[0], "flavors/xgboost/model_class", "os.abort"),
        (OTHERS[0], "flavors/xgboost/data", "model.pkl"),
        (OTHERS[1], "flavors/lightgbm/model_class", "lightgbm.sklearn.LGBMClassifier"),
        (OTHERS[1], "flavors/lightgbm/model_class", None),
        (OTHERS[2], "flavors/catboost/model_type", "eval"),
        (OTHERS[2], "flavors/catboost/save_format", "python"),
        (OTHERS[3], "flavors/onnx/providers", [["QNNExecutionProvider", {"backend_path": "./evil.so"}]]),
        (OTHERS[3], "flavors/onnx/onnx_session_options", {"extra_session_config": {"a": "b"}}),
    ],
    ids=str,
)
def test_other_libraries_are_held_to_what_they_read(content: dict[str, Any], path: str, value: object) -> None:
    """A class to call, a pickle instead of a booster, a library that a provider loads."""
    assert judge_content(edited(path, value, content))[0] != "safe"


def test_many_problems_are_told_in_short() -> None:
    """The first three, what runs code before the rest."""
    content = edited("flavors/python_function/loader_module", "evil")
    content |= {f"key{number}": 1 for number in range(9)}
    loading, reason = judge_content(content)
    assert loading == "code"
    assert reason.startswith("loader_module: evil")
    assert reason.endswith("; and 7 more")


def test_a_text_that_is_read_as_a_pickle_is_caught_twice() -> None:
    """By the description that says so, and by its bytes."""
    description = edited("flavors/sklearn/pickled_model", "notes.txt")
    attack = [
        stored("MLmodel", yaml.safe_dump(description).encode()),
        stored("notes.txt", calling("os", "system")),
        stored("code/os.csv", b"a,b\n"),
        stored("model.skops", b""),
    ]
    assert {path: found.loading for path, found in judge_files(attack).items()} == {
        "MLmodel": "code",
        "notes.txt": "code",
        "code/os.csv": "code",
        "model.skops": "unknown",
    }


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("name", ["MLmodel", "conda.yaml"])
@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "flavors: " + "[" * 5000,
        "- " + ("[" * 900 + "]" * 900 + "\n- ") * 500,
        "flavors: {a: 1, a: 2}",
        "flavors: !!python/object/apply:os.system [x]",
        "flavors: [\n",
        "a: b\n" * 300_000,
        "\x00",
        "flavors: &a [*a]",
    ],
    ids=lambda text: text[:12],
)
def test_hostile_yaml_is_unknown_soon(name: str, text: str) -> None:
    """Aliases that multiply or hold themselves, depth, keys that stand twice, tags, size."""
    started = time.process_time()
    found = judged(name, text.encode())
    assert found.loading == ("safe" if name == "conda.yaml" and "python" in text else "unknown")
    assert time.process_time() - started < 60  # of this process alone: what multiplies would take hours
